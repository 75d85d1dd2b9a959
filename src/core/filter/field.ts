// What a filter may ask about: fields, and where their values stand in rows of tables.

/** Kinds of values, as in the columns of a store. Whole numbers are `u8` to `u64`. */
export type FilterKind =
  | 'time'
  | 'address'
  | 'u8'
  | 'u16'
  | 'u32'
  | 'u64'
  | 'hash'
  | 'real'
  | 'flag'
  | 'text'
  | 'word'
  | 'json'
  | 'texts'
  | 'reals';

/**
 * A value of a row. Given by its column, or by several whose numbers are added up; no column: there is nothing but the
 * guard to ask.
 */
export interface FilterPlace {
  readonly table: string;
  readonly columns: readonly string[];
  readonly kind: FilterKind;
  /** The value may be null. */
  readonly isNullable?: boolean;
  /** Text is always in lower case. */
  readonly isLowerCase?: boolean;
  readonly unit?: string;
  /** Only of rows where this column has this value. */
  readonly guard?: { readonly column: string; readonly kind: FilterKind; readonly equals: number | string };
}

/** How values are written where the kind alone does not tell. */
export type FilterForm = 'plain' | 'mac' | 'address or name' | 'addresses in text' | 'protocol';

/** Something that can be asked about, under one or several names. */
export interface FilterField {
  readonly name: string;
  readonly title: string;
  /** Several: a test is true when it is for one of them. */
  readonly places: readonly FilterPlace[];
  readonly form?: FilterForm;
  /** Of numbers: words for some of them, lower case, in order. */
  readonly words?: Readonly<Record<string, number>>;
  /** Of text: words that stand for any of several, lower case. */
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  /** A chip asks for the whole word, not for a part of it. */
  readonly isWhole?: boolean;
  /** Filter that the name alone stands for; left out: a place has a value that says something. */
  readonly alone?: string;
}

/** All that can be asked of rows of one table. */
export interface FilterFields {
  readonly table: string;
  /** By name in lower case. */
  find(name: string): FilterField | undefined;
  /** Names to propose, the better known first. */
  readonly names: readonly string[];
  /** Whether a name that `find` does not know is a field of other tables. */
  isElsewhere(name: string): boolean;
  /** Where a word without a field is looked for. */
  readonly search: {
    readonly text: readonly FilterPlace[];
    readonly addresses: FilterField | undefined;
    readonly ports: FilterField | undefined;
  };
}
