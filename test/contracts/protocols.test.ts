// Proves for every protocol of the registry, before its own tests: declared soundly, probes are pure and total, and its talk
// survives whatever comes, in pieces or whole, from either side, giving all its memory back and telling only what it
// declared.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { converse, type Step } from '../../src/analysis/protocols/golden/converse.ts';
import { type Protocol, probed, protocols } from '../../src/analysis/protocols/index.ts';
import { Hint, Probing, weird } from '../../src/analysis/talks/index.ts';
import { zeekColumns } from '../../src/output/sinks/zeek/zeek-logs.ts';
import { collectSeeds } from '../fuzz/seeds.ts';

const all: readonly Protocol[] = [...protocols, weird];
const families = /^(web|names|mail|files|login|media|data|industry|machine|tunnel|chat|game|other)$/;

/** Zeek's types that a field of a kind can fill. */
const zeekTypes: Readonly<Record<string, RegExp>> = {
  text: /^(string|enum|addr|port)$/,
  number: /^(count|int|interval|time|port|double|string)$/,
  flag: /^bool$/,
  texts: /^(set|vector)\[(string|enum|addr)\]$/,
  // Ids of flows become Zeek's uids, which are text.
  numbers: /^((set|vector)\[(count|interval)\]|set\[string\])$/,
};

describe('the registry', () => {
  it('has each name once, and numbers for all', () => {
    const names = all.map(({ name }) => name);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
    expect(new Probing(all).names.length).toBeLessThan(512);
    expect(names.filter((name) => !/^[a-z0-9][a-z0-9_-]*$/.test(name))).toEqual([]);
  });

  it.each(all.map((protocol) => [protocol.name, protocol] as const))('%s is declared soundly', (_name, protocol) => {
    expect(protocol.family).toMatch(families);
    expect(protocol.title).not.toBe('');
    for (const port of [...(protocol.ports?.tcp ?? []), ...(protocol.ports?.udp ?? [])]) {
      expect(port > 0 && port < 65_536, String(port)).toBe(true);
    }
    const paths: string[] = [];
    const columns = protocol.zeekLog === undefined ? undefined : zeekColumns(protocol.zeekLog);
    if (protocol.zeekLog !== undefined) expect(columns, protocol.zeekLog).toBeDefined();
    for (const [field, { kind, title, eve, zeek }] of Object.entries(protocol.fields)) {
      expect(field).toMatch(/^[a-z][A-Za-z0-9]*$/);
      expect(title, field).toMatch(/^[A-Z0-9`]/);
      if (eve !== false) paths.push(`${eve ?? `taplight.${protocol.name}.${field}`}.`);
      if (zeek === undefined) continue;
      const column = columns?.find((one) => one.name === zeek);
      expect(column, `${field}: no column ${zeek}`).toBeDefined();
      expect(column?.type, `${field} as ${zeek}`).toMatch(zeekTypes[kind] ?? /^$/);
    }
    for (const field of protocol.perMessage ?? []) {
      // What logs have a column for is told of whole transactions.
      expect(protocol.fields[field], field).toBeDefined();
      expect(protocol.fields[field]?.zeek, field).toBeUndefined();
    }
    // A value cannot stand where others stand inside.
    expect(paths.filter((path) => paths.some((other) => other !== path && other.startsWith(path)))).toEqual([]);
    expect(paths.filter((path, i) => paths.indexOf(path) !== i)).toEqual([]);
  });
});

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  // Small numbers are lengths and types: they lead further than random ones.
  fc
    .array(fc.oneof(fc.nat(8), fc.nat(255), fc.constantFrom(0, 1, 10, 13, 32, 48, 65, 255)), { maxLength: 300 })
    .map((list) => Uint8Array.from(list)),
  fc.string({ maxLength: 200 }).map((text) => new TextEncoder().encode(`${text}\r\n`)),
);

const steps = fc.array(
  fc.oneof(
    { weight: 9, arbitrary: fc.record({ side: fc.constantFrom(0, 1), bytes }) },
    { weight: 1, arbitrary: fc.record({ side: fc.constantFrom(0, 1), gap: fc.integer({ min: 1, max: 70_000 }) }) },
  ),
  { minLength: 1, maxLength: 8 },
) as fc.Arbitrary<Step[]>;

const probing = protocols.filter((protocol) => protocol.probe !== undefined);
const talking = protocols.filter((protocol) => protocol.open !== undefined);

describe('probes', () => {
  it('say no, maybe or yes to anything, twice the same, and change nothing', () => {
    const hint = new Hint();
    fc.assert(
      fc.property(bytes, fc.constantFrom(0, 1), fc.boolean(), fc.constantFrom(6, 17), (sample, side, isPort, proto) => {
        const before = [...sample];
        for (const protocol of probing) {
          const port = (proto === 6 ? protocol.ports?.tcp : protocol.ports?.udp)?.[0] ?? 5555;
          Object.assign(hint, { proto, side, oPort: 40_000, rPort: port, isPort, length: sample.length });
          const one = protocol.probe?.(sample, 0, sample.length, hint);
          const two = protocol.probe?.(sample, 0, sample.length, hint);
          if (sample.length > 0 && protocol.probe?.firsts?.[sample[0]] === 0)
            expect(one, protocol.name).toBe(probed.no);
          if (!isPort && protocol.probe?.onlyOnPort) expect(one, protocol.name).toBe(probed.no);
          if (one !== two || (one !== probed.no && one !== probed.maybe && one !== probed.yes))
            throw new Error(`${protocol.name}: ${one}, ${two}`);
        }
        expect([...sample]).toEqual(before);
      }),
      { numRuns: 300 },
    );
  });

  it('are found by first byte and port as when all are asked', { timeout: 60_000 }, async () => {
    const index = new Probing(protocols);
    const seeds = [...(await collectSeeds(150)).values()].flat();
    expect(seeds.length).toBeGreaterThan(talking.length);
    for (const { protocol, proto, rPort, steps } of seeds) {
      const first = steps.find((step) => step.bytes.length > 0);
      if (first === undefined) continue;
      const sample = first.bytes.slice();
      // Real beginnings, and such that only their first byte speaks against.
      for (const byte of [sample[0], 0, 0x16, 0x41, 0x80, 0xff]) {
        sample[0] = byte;
        const flow = { proto, side: first.side, oPort: 40_000, rPort, length: sample.length };
        const found = index.find(sample, 0, sample.length, Object.assign(new Hint(), flow), [], null);
        const expected = askAll(sample, Object.assign(new Hint(), flow));
        expect(found?.name, protocol.name).toBe(expected.found);
        const hopeful = index.hopeful.map((one) => one.protocol.name);
        expect(hopeful.sort(), protocol.name).toEqual(expected.hopeful.sort());
      }
    }
  });
});

/** What asking every probe says, those of the port first. */
function askAll(sample: Uint8Array, hint: Hint): { found: string | undefined; hopeful: string[] } {
  const transport = hint.proto === 6 ? 'tcp' : 'udp';
  const hopeful = new Set<string>();
  for (const isPort of [true, false]) {
    hint.isPort = isPort;
    for (const { name, ports, probe } of probing) {
      const usual = ports?.[transport];
      if (probe === undefined || usual === undefined || (isPort && !usual.includes(hint.rPort))) continue;
      const verdict = probe(sample, 0, sample.length, hint);
      if (verdict === probed.yes) return { found: name, hopeful: [...hopeful] };
      if (verdict === probed.maybe) hopeful.add(name);
      if (verdict !== probed.no && !isPort) expect(probe.onlyOnPort, name).not.toBe(true);
      if (verdict !== probed.no) expect(probe.firsts?.[sample[0]], name).not.toBe(0);
    }
  }
  return { found: undefined, hopeful: [...hopeful] };
}

describe.each(talking.map((protocol) => [protocol.name, protocol] as const))('%s', (_name, protocol) => {
  const transports = [...(protocol.ports?.tcp ? [6] : []), ...(protocol.ports?.udp ? [17] : [])] as (6 | 17)[];
  // One that is only opened by others speaks on streams.
  const protos = transports.length === 0 ? ([6] as const) : transports;
  const declared = new Map(all.map(({ name, fields }) => [name, new Set(Object.keys(fields))]));

  it.each(protos)('survives anything on IP protocol %i', (proto) => {
    const others = protocols.filter((other) => other !== protocol);
    const port = (proto === 6 ? protocol.ports?.tcp : protocol.ports?.udp)?.[0] ?? 5555;
    fc.assert(
      fc.property(steps, fc.constantFrom(1, 7, 400), (said, pieces) => {
        const heard = converse([protocol, ...others], said, { proto, rPort: port, pieces, open: true });
        if (heard.threw.length > 0) throw heard.threw[0];
        expect(heard.kept).toBe(0);
        for (const { kind, event } of heard.told) {
          for (const field of Object.keys(event)) expect(declared.get(kind)?.has(field), `${kind}.${field}`).toBe(true);
          JSON.stringify(event);
        }
      }),
      { numRuns: 60 },
    );
  });
});
