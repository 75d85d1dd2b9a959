// Proves that Community IDs are those of the reference implementation: its published baselines with both seeds and both
// forms, read from lists and computed from its captures.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { communityId, communityIdBytes, icmpCounterpart, writeCommunityId } from './community-id.ts';

const corpus = resolve(process.env.TAPLIGHT_CORPUS ?? '../shared/corpus');
const folder = join(corpus, 'communityid');
const hasCorpus = existsSync(folder);
if (!hasCorpus) console.warn(`skipped: no Community ID baselines at ${folder} (set TAPLIGHT_CORPUS)`);

type Words = readonly [number, number, number, number];

/** Address words of text as the baselines write it. */
function words(text: string): Words {
  if (!text.includes(':')) {
    const [a, b, c, d] = text.split('.').map(Number);
    return [(a << 24) | (b << 16) | (c << 8) | d, 0, 0, 0];
  }
  const [head, tail] = text.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const all = [...left, ...Array(8 - left.length - right.length).fill('0'), ...right].map((g) =>
    Number.parseInt(g, 16),
  );
  return [0, 2, 4, 6].map((i) => (all[i] << 16) | all[i + 1]) as unknown as Words;
}

interface Baseline {
  readonly proto: number;
  readonly saddr: string;
  readonly daddr: string;
  readonly sport: number | null;
  readonly dport: number | null;
  readonly communityid: string;
}

const load = (name: string): Baseline[] => JSON.parse(readFileSync(join(folder, 'expected', name), 'utf8'));

describe.skipIf(!hasCorpus)('the reference baselines', () => {
  test.each([
    ['baseline_deflt.json', 0, 'base64'],
    ['baseline_seed1.json', 1, 'base64'],
    ['baseline_nob64.json', 0, 'hex'],
  ] as const)('%s', (name, seed, form) => {
    const rows = load(name);
    expect(rows.length).toBeGreaterThan(20);
    for (const row of rows) {
      const version = row.saddr.includes(':') ? 6 : 4;
      const id = communityId(
        version,
        ...words(row.saddr),
        ...words(row.daddr),
        row.proto,
        row.sport ?? 0,
        row.dport ?? 0,
        seed,
        form,
      );
      expect(id, JSON.stringify(row)).toBe(row.communityid);
    }
  });

  test('the captures give exactly the identifiers of the baseline', () => {
    const expected = new Set(load('baseline_deflt.json').map((row) => row.communityid));
    const found = new Set<string>();
    for (const name of readdirSync(folder).filter((n) => /\.pcap(\.gz)?$/.test(n))) {
      const raw = readFileSync(join(folder, name));
      for (const frame of frames(name.endsWith('.gz') ? gunzipSync(raw) : raw)) {
        const id = idOfFrame(frame);
        if (id !== null) found.add(id);
      }
    }
    expect([...found].sort()).toEqual([...expected].sort());
  });
});

/** Frames of a little-endian classic pcap file. */
function* frames(file: Uint8Array): Generator<DataView> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = 24; at + 16 <= file.length; ) {
    const length = view.getUint32(at + 8, true);
    yield new DataView(file.buffer, file.byteOffset + at + 16, length);
    at += 16 + length;
  }
}

/** Community ID of an Ethernet frame with IP inside; null without IP. */
function idOfFrame(frame: DataView): string | null {
  const type = frame.getUint16(12);
  const word = (at: number): number => frame.getInt32(14 + at);
  if (type === 0x0800) {
    const l4 = 14 + (frame.getUint8(14) & 15) * 4;
    const proto = frame.getUint8(23);
    return communityId(4, word(12), 0, 0, 0, word(16), 0, 0, 0, proto, ...portsOf(frame, l4, proto));
  }
  if (type !== 0x86dd) return null;
  let proto = frame.getUint8(20);
  let l4 = 54;
  for (; proto === 0; l4 += 8 + frame.getUint8(l4 + 1) * 8) proto = frame.getUint8(l4);
  const at = (i: number): Words => [word(i), word(i + 4), word(i + 8), word(i + 12)];
  return communityId(6, ...at(8), ...at(24), proto, ...portsOf(frame, l4, proto));
}

function portsOf(frame: DataView, l4: number, proto: number): [number, number] {
  if (proto === 1 || proto === 58) return [frame.getUint8(l4), frame.getUint8(l4 + 1)];
  return [frame.getUint16(l4), frame.getUint16(l4 + 2)];
}

const ip = (text: string): Words => words(text);
const local = ip('192.168.0.254');

test('the same address on both sides is ordered by port', () => {
  expect(communityId(4, ...local, ...local, 6, 56162, 3306, 1)).toBe('1:IJQHtzXv/tXud3FtXIufkDsfEd4=');
  expect(communityId(4, ...local, ...local, 6, 3306, 56162, 1)).toBe('1:IJQHtzXv/tXud3FtXIufkDsfEd4=');
});

test('addresses are compared as unsigned numbers', () => {
  const low = ip('66.35.250.204');
  const high = ip('128.232.110.120');
  expect(communityId(4, ...high, ...low, 6, 34855, 80)).toBe('1:LQU9qZlK+B5F3KDmev6m5PMibrg=');
  expect(communityId(4, ...low, ...high, 6, 80, 34855)).toBe('1:LQU9qZlK+B5F3KDmev6m5PMibrg=');
});

test('ICMP: a request and its reply are one conversation, an error has a direction', () => {
  const a = ip('10.0.0.1');
  const b = ip('10.0.0.2');
  expect(communityId(4, ...a, ...b, 1, 8, 0)).toBe(communityId(4, ...b, ...a, 1, 0, 0));
  // The code of a type with a counterpart does not matter: the flow table keeps the counterpart in its place.
  expect(communityId(4, ...a, ...b, 1, 8, 7)).toBe(communityId(4, ...a, ...b, 1, 8, 0));
  expect(communityId(4, ...a, ...b, 1, 3, 1)).not.toBe(communityId(4, ...b, ...a, 1, 3, 1));
  expect(communityId(4, ...a, ...b, 1, 3, 1)).not.toBe(communityId(4, ...a, ...b, 1, 3, 3));
  expect(communityId(4, ...a, ...b, 1, 3, 3)).not.toBe(communityId(4, ...b, ...a, 1, 3, 3));
  expect(communityId(4, ...b, ...a, 1, 3, 1)).not.toBe(communityId(4, ...a, ...b, 1, 1, 3));
});

test('counterparts go both ways', () => {
  expect(icmpCounterpart(4, 8)).toBe(0);
  expect(icmpCounterpart(4, 0)).toBe(8);
  expect(icmpCounterpart(4, 3)).toBe(-1);
  expect(icmpCounterpart(6, 135)).toBe(136);
  expect(icmpCounterpart(6, 8)).toBe(-1);
  for (const version of [4, 6]) {
    for (let type = 0; type < 256; type++) {
      const other = icmpCounterpart(version, type);
      if (other >= 0) expect(icmpCounterpart(version, other)).toBe(type);
    }
  }
});

const anyWord = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const anyPort = fc.integer({ min: 0, max: 65535 });

test('both directions give one identifier, as text and as bytes', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(4, 6),
      fc.tuple(anyWord, anyWord, anyWord, anyWord),
      fc.tuple(anyWord, anyWord, anyWord, anyWord),
      fc.constantFrom(6, 17, 132, 47, 50),
      anyPort,
      anyPort,
      (version, s, d, proto, sport, dport) => {
        const src: Words = version === 4 ? [s[0], 0, 0, 0] : s;
        const dst: Words = version === 4 ? [d[0], 0, 0, 0] : d;
        const id = communityId(version, ...src, ...dst, proto, sport, dport);
        expect(id).toBe(communityId(version, ...dst, ...src, proto, dport, sport));
        const out = new Uint8Array(communityIdBytes + 2);
        expect(writeCommunityId(out, 1, version, ...src, ...dst, proto, sport, dport)).toBe(1 + communityIdBytes);
        expect(String.fromCharCode(...out)).toBe(`\0${id}\0`);
      },
    ),
    { numRuns: 500 },
  );
});
