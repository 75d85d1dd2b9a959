// Damages conversations, for tests: cut anywhere, bytes changed at random; nothing may throw on them or keep memory.

import { converse, type Heard, type Setting, type Step } from '../golden/converse.ts';
import type { Protocol } from '../protocol.ts';

/** Pseudo-random numbers below 2^32 (xorshift): the same ones in every run. */
function randomly(seed: number): () => number {
  let x = seed | 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return x >>> 0;
  };
}

/** What went wrong in any of the damaged conversations; empty when nothing did. */
export function faultsOfDamage(
  protocols: readonly Protocol[],
  steps: readonly Step[],
  setting: Setting,
  rounds = 300,
): string[] {
  const faults = new Set<string>();
  const hear = (damaged: readonly Step[], what: string): void => {
    const heard: Heard = converse(protocols, damaged, { ...setting, open: true });
    for (const error of heard.threw) faults.add(`${what}: ${error instanceof Error ? error.stack : String(error)}`);
    if (heard.kept !== 0) faults.add(`${what}: ${heard.kept} bytes kept`);
    if (heard.told.length > 4096) faults.add(`${what}: ${heard.told.length} events`);
  };
  for (const [index, step] of steps.entries()) {
    const { bytes } = step;
    for (let end = 0; bytes !== undefined && end < bytes.length; end += 1 + (bytes.length >> 6)) {
      const cut = { ...step, bytes: bytes.slice(0, end) };
      hear([...steps.slice(0, index), cut, ...steps.slice(index + 1)], `cut of ${index} at ${end}`);
    }
  }
  const random = randomly(0x5eed);
  for (let round = 0; round < rounds; round++) {
    const damaged = steps.map((step) => {
      if (step.bytes === undefined) return step;
      const bytes = step.bytes.slice();
      for (let i = 0; i < 1 + (round & 7) && bytes.length > 0; i++) bytes[random() % bytes.length] = random() & 255;
      return { ...step, bytes };
    });
    hear(damaged, `round ${round}`);
  }
  return [...faults];
}

/** A number in so many bytes, low ones first. */
export function little(value: number, bytes: number): Uint8Array {
  const out = new Uint8Array(bytes);
  for (let i = 0, rest = value; i < bytes; i++, rest = Math.floor(rest / 256)) out[i] = rest % 256;
  return out;
}

/** A number in so many bytes, high ones first. */
export const big = (value: number, bytes: number): Uint8Array => little(value, bytes).reverse();

/** Text in UTF-16, little endian. */
export function utf16(text: string): Uint8Array {
  const out = new Uint8Array(2 * text.length);
  for (let i = 0; i < text.length; i++) out.set(little(text.charCodeAt(i), 2), 2 * i);
  return out;
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** A BER element; text is taken as it is. */
export function der(tag: number, ...parts: readonly (Uint8Array | string)[]): Uint8Array {
  const contents = joined(...parts.map((part) => (typeof part === 'string' ? new TextEncoder().encode(part) : part)));
  const length = contents.length < 128 ? big(contents.length, 1) : joined(Uint8Array.of(0x82), big(contents.length, 2));
  return joined(Uint8Array.of(tag), length, contents);
}

/** Messages of NTLM: 2 the server's challenge, 3 the client's answer. */
export function ntlmMessage(type: 2 | 3): Uint8Array {
  const head = joined(new TextEncoder().encode('NTLMSSP\0'), little(type, 4));
  if (type === 2) {
    const pair = (kind: number, text: string): Uint8Array =>
      joined(little(kind, 2), little(2 * text.length, 2), utf16(text));
    const pairs = joined(pair(1, 'FILES'), pair(3, 'files.example.org'), pair(5, 'example.org'), little(0, 4));
    const rest = joined(
      little(0, 8),
      little(0x0201, 4),
      new Uint8Array(16),
      little(pairs.length, 2),
      little(pairs.length, 2),
    );
    return joined(head, rest, little(48, 4), pairs);
  }
  const names = ['EXAMPLE', 'anna', 'DESK1'].map(utf16);
  let at = 72;
  const fields = names.map((name) => {
    const field = joined(little(name.length, 2), little(name.length, 2), little(at, 4));
    at += name.length;
    return field;
  });
  const hash = joined(little(24, 2), little(24, 2), little(at, 4));
  const version = Uint8Array.of(10, 0, 0x5a, 0x29, 0, 0, 0, 15);
  const rest = joined(little(0, 8), little(0x0200_0201, 4), version);
  return joined(head, hash, hash, ...fields, rest, ...names, new Uint8Array(24).fill(0x5a));
}
