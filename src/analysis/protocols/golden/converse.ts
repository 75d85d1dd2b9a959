// Puts words into a protocol's mouth, for tests: a conversation of bytes in, what the talk told out.

import { nodeCrypto } from '../../../app/machine/node-crypto.ts';
import { type AnyEvent, type KeyLog, noKeys } from '../../../core/index.ts';
import { FlowTalk } from '../../talks/flow-talk.ts';
import { Probing } from '../../talks/probing.ts';
import type { TalkHost } from '../../talks/talk-host.ts';
import type { EmitOptions, Expectation, Protocol, Side } from '../protocol.ts';

/** `side` 0 is the client. `gap` instead of bytes: so many bytes were not captured. */
export interface Step {
  readonly side: Side;
  readonly bytes?: Uint8Array;
  readonly gap?: number;
  /** 1 ms after the step before when left out; the first at 1 s. */
  readonly timeUs?: number;
}

export interface Setting {
  /** 6 unless told. */
  readonly proto?: 6 | 17;
  readonly oPort?: number;
  readonly rPort?: number;
  /** Opens the protocol without probing. */
  readonly open?: boolean;
  /** Streams are cut into pieces of so many bytes. */
  readonly pieces?: number;
  readonly keys?: KeyLog;
  readonly given?: unknown;
}

export interface Told {
  readonly kind: string;
  readonly event: AnyEvent;
  readonly options: EmitOptions;
  /** As given in the options, or when it was told. */
  readonly timeUs: number;
}

export interface Heard {
  readonly told: readonly Told[];
  /** What only detectors see, by kind. */
  readonly shown: readonly { readonly kind: string; readonly event: AnyEvent }[];
  /** Events of one kind, of the first protocol's when not said. */
  events(kind?: string): AnyEvent[];
  readonly weird: readonly string[];
  /** Details of those that have one. */
  readonly weirdDetails: readonly string[];
  readonly names: readonly string[];
  readonly how: string | null;
  readonly server: string | null;
  readonly expected: readonly Expectation[];
  readonly threw: readonly unknown[];
  readonly bounded: readonly string[];
  readonly isOver: boolean;
  /** Memory still taken at the end, bytes. */
  readonly kept: number;
}

/** Prepared registries by list: a list is used for many conversations. */
const probings = new WeakMap<readonly Protocol[], Probing>();

function probingOf(protocols: readonly Protocol[]): Probing {
  const known = probings.get(protocols);
  if (known !== undefined) return known;
  const made = new Probing(protocols);
  probings.set(protocols, made);
  return made;
}

/** @param protocols the first is the one that is tested; others it may change to */
export function converse(protocols: readonly Protocol[], steps: readonly Step[], setting: Setting = {}): Heard {
  const told: Told[] = [];
  const shown: { kind: string; event: AnyEvent }[] = [];
  const weird: string[] = [];
  const weirdDetails: string[] = [];
  const expected: Expectation[] = [];
  const threw: unknown[] = [];
  const bounded: string[] = [];
  let kept = 0;
  const probing = probingOf(protocols);
  const host: TalkHost = {
    probing,
    crypto: nodeCrypto,
    keys: setting.keys ?? noKeys,
    store: new Map(),
    budget: {
      take: (bytes) => {
        kept += bytes;
        return true;
      },
      give: (bytes) => {
        kept -= bytes;
      },
    },
    emitted: (talk, protocol, event, options = {}) => {
      told.push({ kind: protocol.name, event, options, timeUs: options.timeUs ?? talk.timeUs });
      const stray = options.only === undefined || options.only === 'log' ? (protocol.perMessage ?? []) : [];
      for (const field of stray) {
        if (Object.hasOwn(event, field)) threw.push(new Error(`${protocol.name}.${field} is told of a transaction`));
      }
    },
    shown: (_talk, kind, event) => shown.push({ kind, event }),
    weird: (_talk, name, detail) => {
      weird.push(name);
      if (detail !== undefined) weirdDetails.push(detail);
    },
    expected: (_talk, expectation) => expected.push(expectation),
    threw: (_protocol, error) => threw.push(error),
    bounded: (bound) => bounded.push(bound),
  };
  const proto = setting.proto ?? 6;
  const talk = new FlowTalk(host, {
    flowId: 1,
    proto,
    ipVersion: 4,
    oWords: [0x7f000001, 0, 0, 0],
    rWords: [0x7f000002, 0, 0, 0],
    oPort: setting.oPort ?? 40_000,
    rPort: setting.rPort ?? 9999,
    iface: 0,
    vlanOuter: -1,
    vlanInner: -1,
  });
  if (setting.open === true) talk.open(protocols[0].name, 'pattern', setting.given);
  let clockUs = 1_000_000;
  for (const step of steps) {
    clockUs = step.timeUs ?? clockUs + 1000;
    talk.timeUs = clockUs;
    talk.packet++;
    if (step.gap !== undefined) talk.streamGap(step.side, step.gap);
    const bytes = step.bytes ?? new Uint8Array(0);
    if (proto === 17) {
      if (step.bytes !== undefined) talk.datagram(step.side, bytes, 0, bytes.length, bytes.length);
      continue;
    }
    const size = setting.pieces ?? Math.max(1, bytes.length);
    for (let at = 0; at < bytes.length; at += size) {
      talk.stream(step.side, bytes, at, Math.min(bytes.length, at + size));
    }
  }
  const isOver = talk.isOver;
  talk.finish();
  return {
    told,
    shown,
    events: (kind = protocols[0].name) => told.filter((one) => one.kind === kind).map((one) => one.event),
    weird,
    weirdDetails,
    names: talk.apps.map((number) => probing.names[number]),
    how: talk.how,
    server: talk.server,
    expected,
    threw,
    bounded,
    isOver,
    kept,
  };
}

/** Bytes of hexadecimal digits (spaces are passed over) or, after a `'`, of text; `\r\n` as written in a literal. */
export function bytesOf(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  const all: number[] = [];
  for (const part of parts) {
    if (typeof part !== 'string') all.push(...part);
    else if (part.startsWith("'")) for (let i = 1; i < part.length; i++) all.push(part.charCodeAt(i) & 255);
    else for (const pair of part.replace(/\s+/g, '').match(/../g) ?? []) all.push(Number.parseInt(pair, 16));
  }
  return Uint8Array.from(all);
}
