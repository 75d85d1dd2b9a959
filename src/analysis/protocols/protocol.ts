// What a protocol is: names, fields, a probe that looks, and a talk that reads.

import type { AnyEvent, Crypto, EventOf, FactKind, Fields, KeyLog } from '../../core/index.ts';

/** Who speaks: 0 the client (originator), 1 the server (responder). */
export type Side = 0 | 1;

export const otherSide = (side: Side): Side => (side === 0 ? 1 : 0);

/** Returned by `data`: these bytes are not of this protocol after all. Identification goes on without it. */
export const notMine = -1;

/** How certain a probe is. `maybe` asks to be shown again when there are more bytes. */
export const probed = { no: 0, maybe: 1, yes: 2 } as const;

/** What a probe may know besides the bytes. Reused: do not keep it. */
export interface ProbeHint {
  /** 6 or 17. */
  readonly proto: number;
  /** Who sent the bytes. */
  readonly side: Side;
  /** Ports of originator and responder. */
  readonly oPort: number;
  readonly rPort: number;
  /** Whether one of both ports is listed under `ports` of the protocol that is probed. */
  readonly isPort: boolean;
  /** Payload length of the datagram on the wire; of a stream, bytes there so far. */
  readonly length: number;
}

export interface Probe {
  (bytes: Uint8Array, at: number, end: number, hint: ProbeHint): number;
  /** By first byte: 0 where the probe says no whatever follows, so that it need not be asked. Left out: any. */
  readonly firsts?: Uint8Array;
  /** It says no wherever `isPort` does not hold, so that it is only asked there. */
  readonly onlyOnPort?: boolean;
}

/** A probe that is only asked where the first byte is one for which `isFirst` holds. */
export function startingWith(isFirst: (first: number) => boolean, probe: Probe): Probe {
  const firsts = Uint8Array.from({ length: 256 }, (_, byte) => (isFirst(byte) ? 1 : 0));
  // A function of its own, since one probe may serve with and without the condition.
  return Object.assign(
    ((bytes, at, end, hint) => (firsts[bytes[at]] === 1 ? probe(bytes, at, end, hint) : probed.no)) satisfies Probe,
    { firsts },
  );
}

/** A probe that is only asked on the usual ports; goes around {@link startingWith}. */
export function onPort(probe: Probe): Probe {
  const guarded: Probe = (bytes, at, end, hint) => (hint.isPort ? probe(bytes, at, end, hint) : probed.no);
  return Object.assign(guarded, { onlyOnPort: true, ...(probe.firsts !== undefined && { firsts: probe.firsts }) });
}

/** For {@link startingWith}: one of some bytes. */
export function oneOf(...bytes: readonly number[]): (first: number) => boolean {
  return (first) => bytes.includes(first);
}

/** For {@link startingWith}: a range with both its ends. */
export function between(least: number, most: number): (first: number) => boolean {
  return (first) => first >= least && first <= most;
}

export const isAsciiLetter = (first: number): boolean => (first | 0x20) >= 0x61 && (first | 0x20) <= 0x7a;
export const isAsciiDigit = between(0x30, 0x39);

/** Logins that other protocols carry: a flow's word has a bit for each. */
export const carriedLogins = ['gssapi', 'ntlm', 'krb'] as const;
export type CarriedLogin = (typeof carriedLogins)[number];

/** How a flow's name was found, from strongest to weakest; the confidence in per cent is in `confidenceOf`. */
export const hows = ['handshake', 'server name', 'pattern', 'port'] as const;
export type How = (typeof hows)[number];
export const confidenceOf: Readonly<Record<How, number>> = { handshake: 100, 'server name': 95, pattern: 85, port: 30 };

export interface EmitOptions {
  /** When it happened, microseconds since the epoch; now when left out. */
  readonly timeUs?: number;
  /** Whose message it is: EVE's `src_ip` is that side. The client's when left out. */
  readonly side?: Side;
  /**
   * Only in EVE (one of several lines of a transaction), only in logs and store (the whole transaction), or a step on the
   * way there that nobody but detectors wants to hear of.
   */
  readonly only?: 'eve' | 'log' | 'step';
}

/** A flow another one announces: FTP's data channel, SIP's media, TFTP's answers. */
export interface Expectation {
  /** 6 or 17. */
  readonly proto: 6 | 17;
  /** Address as four words like in Packet (IPv4 in the first) and version; null: either end of this flow. */
  readonly address: { readonly ipVersion: number; readonly words: readonly number[] } | null;
  readonly port: number;
  /** Name of the protocol to open it with. */
  readonly protocol: string;
  /** Handed to that protocol's talk as `conversation.given`. */
  readonly given?: unknown;
}

/** What a talk may ask and tell. One per flow and protocol; valid as long as the talk. */
export interface Conversation<F extends Fields = Fields> {
  /** Identification of its flow, for what belongs to several. */
  readonly flowId: number;
  /** 6 or 17. */
  readonly proto: number;
  readonly ipVersion: number;
  readonly oPort: number;
  readonly rPort: number;
  /** Text of a side's address. */
  address(side: Side): string;
  /** Four words of a side's address, as in Packet. */
  addressWords(side: Side): readonly [number, number, number, number];
  /** Time of the packet that completed the bytes at hand, microseconds since the epoch. */
  readonly timeUs: number;
  /** Time of the packet that brought the first of them. */
  readonly firstUs: number;
  /** Number of the packet at hand. */
  readonly packet: number;
  /** Wire length of the payload at hand beyond what was captured (snap length), bytes; 0 when whole. */
  readonly missing: number;
  /** Packets of this flow before the first that this talk was shown. */
  readonly earlier: number;
  /** What the flow that announced this one gave; undefined when nobody did. */
  readonly given: unknown;
  /** Name of the protocol that this flow spoke before, or that carries this talk; null when it is the first. */
  readonly after: string | null;
  readonly crypto: Crypto;
  readonly keys: KeyLog;

  /** What the talks of all flows of one analysis share under a key; made by who asks first. Bounded by whom it belongs to. */
  shared<T>(key: string, make: () => T): T;
  emit(event: EventOf<F>, options?: EmitOptions): void;
  /** Emits an event of another kind, such as a certificate or a file. */
  emitAs<G extends Fields>(kind: Protocol<G>, event: EventOf<G>, options?: EmitOptions): void;
  /**
   * Shows detectors what no output may have, such as the beginning of a body: an event of a kind of that name, which is
   * written nowhere. Values are only looked at inside the call.
   */
  show(kind: string, event: AnyEvent): void;
  /** Something contradicts the protocol: an `anomaly` in EVE and a line in weird.log; `name` in snake case, Zeek's where it has one. */
  weird(name: string, detail?: string): void;
  /** The handshake proved the protocol: the flow's name is certain. */
  confirm(): void;
  /** A more exact name for the flow than the protocol's own, one of its `variants` (`doh`, `grpc`). */
  rename(name: string): void;
  /** A login of this kind is carried inside: one more name of the flow, in Zeek's word. */
  carries(login: CarriedLogin): void;
  /** The name of the server that was asked for (SNI, Host): names the flow's service where it is known. */
  serverName(name: string): void;
  /** The one taken for the client is the server. From the next call of `data` on the sides are the other way round. */
  swap(): void;
  /** Nothing more is wanted from this flow. `end` is not called any more. */
  done(): void;
  /**
   * Streams, called inside `data` when a message is not whole: not to be shown again before so many bytes of this side,
   * from the first not consumed on, are there. For messages that tell their length in a head that is dear to read.
   */
  need(bytes: number): void;
  /**
   * Datagrams only: nothing is open. The talk may be forgotten, without `end`; when more comes, a new one is opened. For
   * flows that mostly say one thing and are silent then, so that they take no memory while they are waited for.
   */
  rest(): void;
  /**
   * From the first byte not consumed on, both ways, another protocol speaks (STARTTLS, CONNECT, Upgrade). `end` is called.
   * null: find out which.
   * @param given handed to that protocol's talk as `conversation.given`
   */
  become(protocol: string | null, given?: unknown): void;
  /** Announces a flow. */
  expect(expectation: Expectation): void;
  /** A conversation inside this one, of decrypted bytes: gives what to feed. Its events belong to the same flow. */
  inner(protocol: string | null, given?: unknown): InnerTalk;
}

/** Feeds what was carried inside a talk. */
export interface InnerTalk {
  data(side: Side, bytes: Uint8Array, at: number, end: number): void;
  gap(side: Side, missing: number): void;
  end(): void;
}

/**
 * Reads one flow's bytes. It keeps what it needs between calls, within bounds of its own; it never throws.
 *
 * Streams: `data` is called with all bytes not yet consumed, in order, whenever there are more. It reads as many whole
 * messages as there are and returns how many bytes are done with. The rest is kept and shown again with what follows it,
 * up to 64 KiB; a talk that consumes nothing of so much is ended. More than there are may be returned: so many bytes of
 * what follows are skipped unseen. Bytes are only valid inside the call.
 *
 * Datagrams: one call each; what is returned counts only when it is `notMine`.
 */
export interface Talk {
  data(side: Side, bytes: Uint8Array, at: number, end: number): number;
  /**
   * `missing` bytes of the stream were never captured (unconsumed ones before them are counted in). Without this
   * method a gap ends the talk. Skipped bytes that were missing are not told.
   */
  gap?(side: Side, missing: number): void;
  /** The flow is over, or the talk: tells what is still open. */
  end?(): void;
}

export interface Protocol<F extends Fields = Fields> extends FactKind {
  /** Picks the colour and the page: `web`, `names`, `mail`, `files`, `login`, `media`, `data`, `industry`, `machine`, `tunnel`, `chat`, `game`, `other`. */
  readonly family: string;
  /** Usual ports of the server. A hint for probes, and the last resort for a name. */
  readonly ports?: { readonly tcp?: readonly number[]; readonly udp?: readonly number[] };
  /** More exact names that a talk may give the flow. */
  readonly variants?: readonly string[];
  readonly fields: F;
  /** Looks at the first bytes of a side. Pure. Left out: opened only by announcement, `become` or `emitAs`. */
  readonly probe?: Probe;
  /** Left out: the name is all that is told, and the flow's bytes are not looked at any more. */
  readonly open?: (conversation: Conversation<F>) => Talk;
}

/** Gives a protocol its type; the list in index.ts is the registry. */
export function defineProtocol<const F extends Fields>(protocol: Protocol<F>): Protocol<F> {
  return protocol;
}

/** A protocol of which only the name is told. */
export function nameOnly(
  name: string,
  title: string,
  family: string,
  ports: { readonly tcp?: readonly number[]; readonly udp?: readonly number[] },
  probe: Probe,
): Protocol {
  return { name, title, family, ports, fields: {}, probe };
}

export type { AnyEvent };
