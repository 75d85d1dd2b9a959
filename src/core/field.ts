// Fields: what a protocol tells, declared once. Event types, EVE, Zeek logs, filter words and docs/51-fields.md come from here.

export type FieldKind = 'text' | 'number' | 'flag' | 'texts' | 'numbers' | 'object' | 'objects';

export interface FieldOptions {
  /**
   * Where the value stands in an EVE line, as a dotted path from its root (`dns.rrname`), in Suricata's words. Left out:
   * `taplight.<protocol>.<field>`. `false`: not in EVE, because something else there says it.
   */
  readonly eve?: string | false;
  /** Column of the protocol's Zeek log. */
  readonly zeek?: string;
  /** Wireshark's name, where the field is the same. */
  readonly filter?: string;
  /** Another name for it in filters of this kind, where people look for it: `rcode` for `rcodeName`. */
  readonly also?: string;
  /** Unit of a number: `us`, `bytes`, `sec`. Part of the field's name as well. */
  readonly unit?: string;
}

/** A declared field; `T` is the type of its value in an event. */
export interface Field<T> extends FieldOptions {
  readonly kind: FieldKind;
  readonly title: string;
  /** Never there: carries the type only. */
  readonly value?: T;
}

// biome-ignore lint/suspicious/noExplicitAny: a set of fields holds fields of every type.
export type Fields = Readonly<Record<string, Field<any>>>;

/** Values by field; what is not known is left out. */
export type EventOf<F extends Fields> = {
  -readonly [K in keyof F]?: (F[K] extends Field<infer T> ? T : never) | undefined;
};

/** An event whose fields are not known to the compiler. */
export type AnyEvent = Record<string, unknown>;

export const text = (title: string, options: FieldOptions = {}): Field<string> => ({ kind: 'text', title, ...options });

export const number = (title: string, options: FieldOptions = {}): Field<number> => ({
  kind: 'number',
  title,
  ...options,
});

export const flag = (title: string, options: FieldOptions = {}): Field<boolean> => ({
  kind: 'flag',
  title,
  ...options,
});

export const texts = (title: string, options: FieldOptions = {}): Field<string[]> => ({
  kind: 'texts',
  title,
  ...options,
});

export const numbers = (title: string, options: FieldOptions = {}): Field<number[]> => ({
  kind: 'numbers',
  title,
  ...options,
});

/** A value with parts of its own, as EVE nests them. */
export const object = <T extends object = AnyEvent>(title: string, options: FieldOptions = {}): Field<T> => ({
  kind: 'object',
  title,
  ...options,
});

export const objects = <T extends object = AnyEvent>(title: string, options: FieldOptions = {}): Field<T[]> => ({
  kind: 'objects',
  title,
  ...options,
});

/** What the outputs need to know of a protocol; analysis/protocols adds how it is read. */
export interface FactKind {
  /** Lower case, as in filters and `protocols.app`. */
  readonly name: string;
  readonly title: string;
  /** EVE's `event_type`, the name when left out. */
  readonly eveType?: string;
  /** EVE's `app_proto`, the name when left out. */
  readonly eveApp?: string;
  /** Zeek's log without `.log`; none when left out. */
  readonly zeekLog?: string;
  /** Zeek's word in conn.log's `service`; none when left out. */
  readonly zeekService?: string;
  readonly fields: Fields;
  /** Fields of single messages, told only to EVE: logs and stores keep whole transactions. */
  readonly perMessage?: readonly string[];
}
