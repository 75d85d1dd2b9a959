// Signatures: the fixed first bytes of a protocol, written as text and compared without allocation.

import { hasAscii } from '../../../core/index.ts';
import { onPort, type Probe, type ProbeHint, type Protocol, probed, startingWith } from '../protocol.ts';

/** What a signature allows at a place where any byte will do. */
const anyByte = -1;

/** A fixed beginning, told from bytes. */
export type Signature = (bytes: Uint8Array, at: number, end: number) => boolean;

/**
 * A beginning made of parts: hexadecimal digits (spaces are passed over, `..` stands for any byte) or, after a `'`,
 * text.
 */
export function signature(...parts: readonly string[]): Signature {
  const expected = Int16Array.from(parts.flatMap(bytesOfPart));
  return (bytes, at, end) => matched(expected, bytes, at, end) === probed.yes;
}

/** `maybe` when the bytes there are begin like it and end before it does. */
function matched(expected: Int16Array, bytes: Uint8Array, at: number, end: number): number {
  const { length } = expected;
  const there = end - at < length ? end - at : length;
  for (let i = 0; i < there; i++) {
    const want = expected[i];
    if (want !== anyByte && bytes[at + i] !== want) return probed.no;
  }
  return there === length ? probed.yes : probed.maybe;
}

function bytesOfPart(part: string): number[] {
  if (part.startsWith("'")) return Array.from(part.slice(1), (c) => c.charCodeAt(0) & 255);
  const pairs = part.replace(/\s+/g, '').match(/../g) ?? [];
  return pairs.map((pair) => (pair === '..' ? anyByte : Number.parseInt(pair, 16)));
}

/** A probe that says yes to any of some fixed beginnings; the first bytes of one in a stream may become it. */
export function begins(...texts: readonly string[]): Probe {
  const all = texts.map((text) => Int16Array.from(bytesOfPart(text)));
  return startingWith(
    (first) => all.some((one) => one[0] === first || one[0] === anyByte),
    (bytes, at, end, hint) => {
      let verdict: number = probed.no;
      for (let i = 0; i < all.length; i++) {
        const one = matched(all[i], bytes, at, end);
        if (one === probed.yes) return one;
        if (one === probed.maybe && hint.proto === 6) verdict = one;
      }
      return verdict;
    },
  );
}

/** A probe of streams that needs so many bytes; with fewer it asks for more, where the first byte allows. */
export function needs(bytesNeeded: number, isFirst: (first: number) => boolean, probe: Probe): Probe {
  return startingWith(isFirst, (bytes, at, end, hint) => {
    if (end - at >= bytesNeeded) return probe(bytes, at, end, hint);
    return hint.proto === 6 ? probed.maybe : probed.no;
  });
}

/** Like {@link begins}, only where a usual port says so as well: for beginnings that others may have by chance. */
export function beginsOnPort(...texts: readonly string[]): Probe {
  return onPort(begins(...texts));
}

/** Any of several probes. */
export function anyOf(...probes: readonly Probe[]): Probe {
  return startingWith(
    (first) => probes.some(({ firsts }) => firsts?.[first] !== 0),
    (bytes, at, end, hint) => {
      let verdict: number = probed.no;
      for (let i = 0; i < probes.length && verdict !== probed.yes; i++) {
        verdict = Math.max(verdict, probes[i](bytes, at, end, hint));
      }
      return verdict;
    },
  );
}

/** The verdict of a condition. */
export const yesIf = (holds: boolean): number => (holds ? probed.yes : probed.no);

/** Whether `text` (ASCII) stands anywhere in the first `limit` bytes. */
export function contains(bytes: Uint8Array, at: number, end: number, text: string, limit = 512): boolean {
  const first = text.charCodeAt(0);
  const last = Math.min(end, at + limit) - text.length;
  for (let i = at; i <= last; i++) {
    if (bytes[i] !== first) continue;
    let n = 1;
    while (n < text.length && bytes[i + n] === text.charCodeAt(n)) n++;
    if (n === text.length) return true;
  }
  return false;
}

/** Whether all bytes of a range have one value. */
export function allAre(bytes: Uint8Array, from: number, to: number, value: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] !== value) return false;
  return true;
}

/** Whether all bytes of a range are printable ASCII. */
export function isPrintable(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] < 0x20 || bytes[i] > 0x7e) return false;
  return true;
}

/** Ports `first` to `last`. */
export function portRange(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** A protocol that only its port tells. */
export function portOnly(name: string, title: string, family: string, ports: NonNullable<Protocol['ports']>): Protocol {
  return { name, title, family, ports, fields: {} };
}

/** Whether the bytes begin with `text` (ASCII). */
export const hasStart = hasAscii;

/** Whether one side has that port, where it is too much in use by others to be listed as the protocol's own. */
export const isOn = (hint: ProbeHint, port: number): boolean => hint.rPort === port || hint.oPort === port;
