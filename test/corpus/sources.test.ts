// Proves that every capture of the corpus gives the packets, bytes and times that its published or peer truth says.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { sources } from '../../src/capture/sources/index.ts';
import { endOfInput, FrameBatch } from '../../src/core/index.ts';
import type { Reference } from './captures.ts';

const corpus = process.env.TAPLIGHT_CORPUS ?? join(process.cwd(), '../shared/corpus');
const isThere = existsSync(join(corpus, 'manifest.json'));

interface Listed {
  readonly path: string;
  readonly format: string | null;
}

/** What one capture gave: sums, and the lowest and highest time in nanoseconds. */
interface Sums {
  packets: number;
  bytes: number;
  captured: number;
  lowestNs: bigint | null;
  highestNs: bigint | null;
  damage: string | null;
}

async function sum(path: string): Promise<Sums> {
  const source = await sources.files([join(corpus, path)], { follow: false });
  const batch = new FrameBatch();
  const sums: Sums = { packets: 0, bytes: 0, captured: 0, lowestNs: null, highestNs: null, damage: null };
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (;;) {
    const count = await source.read(batch, 1000);
    if (count === endOfInput) break;
    sums.packets += count;
    for (let i = 0; i < count; i++) {
      sums.bytes += batch.wireLen[i];
      sums.captured += batch.capLen[i];
      const us = batch.timeUs[i];
      if (us > lowest && us < highest) continue;
      const ns = BigInt(us) * 1000n + BigInt(batch.timeNs[i]);
      if (sums.lowestNs === null || ns < sums.lowestNs) sums.lowestNs = ns;
      if (sums.highestNs === null || ns > sums.highestNs) sums.highestNs = ns;
      lowest = Math.min(lowest, us);
      highest = Math.max(highest, us);
    }
  }
  sums.damage = source.damage?.name ?? null;
  source.close();
  return sums;
}

/** Nanoseconds of `123.456000000`. */
function nanoseconds(text: string | null): bigint | null {
  if (text === null) return null;
  const [seconds, fraction = ''] = text.split('.');
  const ns = BigInt(seconds.replace('-', '')) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0').slice(0, 9));
  return seconds.startsWith('-') ? -ns : ns;
}

const pseudoHeader =
  'TShark does not count the pseudo header of this link type as part of the frame; it stands in the file';
const wrappedFraction = 'TShark wraps a fraction of a second of 2³¹ ns and more; here it is carried into the seconds';
const customBlocks = 'TShark counts custom blocks as records; the published block sequence has fewer packet blocks';

/** Where the truth does not hold, what is left out of the comparison, and why. */
const exceptions: Record<
  string,
  { readonly but: readonly ('packets' | 'bytes' | 'times')[]; readonly because: string }
> = {
  'malformed/tcpdump/atm-heapoverflow.pcap': { but: ['bytes'], because: pseudoHeader },
  'malformed/tcpdump/atm-oam-heapoverflow.pcap': { but: ['bytes'], because: pseudoHeader },
  'tcpdump/atm-oam-loopback-print-overrun.pcap': {
    but: ['bytes', 'times'],
    because: `${pseudoHeader}; ${wrappedFraction}`,
  },
  'wireshark/SITA-Protocols.cap': { but: ['bytes'], because: pseudoHeader },
  'wireshark/abis-accept-network.pcap': { but: ['bytes'], because: pseudoHeader },
  'malformed/tcpdump/rx_serviceid_oobr.pcap': { but: ['times'], because: wrappedFraction },
  'ndpi/fuzz-2021-10-13.pcap': { but: ['times'], because: wrappedFraction },
  'tcpdump/timestamp_invalid_micro.pcap': { but: ['times'], because: wrappedFraction },
  'tcpdump/timestamp_invalid_nano.pcap': { but: ['times'], because: wrappedFraction },
  'wireshark/ejemplo.pcap': { but: ['times'], because: wrappedFraction },
  'wireshark/ggg.pcap': { but: ['times'], because: wrappedFraction },
  'pcapng/be/basic-test018.pcapng': { but: ['packets', 'bytes'], because: customBlocks },
  'pcapng/le/basic-test018.pcapng': { but: ['packets', 'bytes'], because: customBlocks },
  'pcapng/be/difficult-test202.pcapng': { but: ['packets', 'bytes'], because: customBlocks },
  'pcapng/le/difficult-test202.pcapng': { but: ['packets', 'bytes'], because: customBlocks },
  'pcapplusplus/pcapng-example.pcapng': {
    but: ['times'],
    because: 'ticks of almost 2⁶⁴ µs: beyond what whole microseconds in a double can tell',
  },
  'malformed/pcapplusplus/pcapng-example.pcapng.zst': { but: ['times'], because: 'the same file, compressed' },
  'zeek/ldap/issue-32.pcapng': {
    but: ['times'],
    because: 'the list compared times as doubles; capinfos says 1695728003.823355668, as here',
  },
};

function readReference(): Map<string, Reference> {
  const truth = new Map<string, Reference>();
  for (const folder of readdirSync(corpus)) {
    for (const name of ['reference.jsonl', 'reference.jsonl.gz']) {
      const path = join(corpus, folder, 'expected/tshark', name);
      if (!existsSync(path)) continue;
      const bytes = readFileSync(path);
      const lines = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').split('\n');
      for (const line of lines.filter((each) => each !== '')) {
        const one = JSON.parse(line) as Reference;
        truth.set(one.path, one);
      }
    }
  }
  return truth;
}

describe.skipIf(!isThere)('corpus (set TAPLIGHT_CORPUS; skipped when absent)', () => {
  const listed = isThere ? (JSON.parse(readFileSync(join(corpus, 'manifest.json'), 'utf8')) as Listed[]) : [];
  const truth = isThere ? readReference() : new Map<string, Reference>();
  const readable = listed.filter(
    (one) => one.format?.startsWith('pcap') || one.format === 'snoop' || one.path.endsWith('.zst'),
  );

  it('packets, bytes, times and damage of every capture', { timeout: 60_000 }, async () => {
    const differences: string[] = [];
    for (const { path } of readable) {
      const expected = truth.get(path);
      if (expected === undefined) continue;
      const but = exceptions[path]?.but ?? [];
      const got = await sum(path);
      // Link types that the peer refuses were counted by the second reader only.
      const isRefused = /network type \d+ unknown/.test(expected.stderr ?? '');
      const packets = isRefused ? expected.own_parser_packets : expected.packets;
      const tell = (what: string, want: unknown, have: unknown) => {
        if (want !== have) differences.push(`${path}: ${what} ${have}, expected ${want}`);
      };
      if (!but.includes('packets')) tell('packets', packets, got.packets);
      if (!but.includes('bytes') && !isRefused) {
        tell('bytes', expected.bytes, got.bytes);
        tell('captured bytes', expected.captured_bytes, got.captured);
      }
      if (!but.includes('times') && !isRefused) {
        tell('first time', nanoseconds(expected.first_ts), got.lowestNs);
        tell('last time', nanoseconds(expected.last_ts), got.highestNs);
      }
      if (!isRefused) tell('is damaged', expected.exit_code === 2, got.damage !== null);
    }
    expect(differences).toEqual([]);
    expect(readable.length).toBeGreaterThan(2900);
  });

  it('has every exception', () => {
    for (const path of Object.keys(exceptions)) expect(existsSync(join(corpus, path)), path).toBe(true);
  });

  it('pcapng: packet blocks, interfaces, sections and comments of the published block sequences', async () => {
    for (const order of ['be', 'le']) {
      const folder = join(corpus, 'pcapng/expected', order);
      for (const name of readdirSync(folder).filter((each) => each.endsWith('.txt'))) {
        const sequence = /Block sequence: (.*)/.exec(readFileSync(join(folder, name), 'utf8'))?.[1].split(', ') ?? [];
        const countOf = (...kinds: string[]) => sequence.filter((kind) => kinds.includes(kind)).length;
        const source = await sources.files([join(corpus, 'pcapng', order, name.replace('.txt', '.pcapng'))], {
          follow: false,
        });
        const batch = new FrameBatch();
        let packets = 0;
        for (let count = 0; count !== endOfInput; packets += Math.max(0, count)) count = await source.read(batch, 100);
        expect([name, packets]).toEqual([name, countOf('EPB', 'SPB', 'PB', 'OPB')]);
        expect([name, source.interfaces.length]).toEqual([name, countOf('IDB')]);
        expect([name, source.annotations[0].sections.length]).toEqual([name, countOf('SHB')]);
        expect([name, source.damage]).toEqual([name, null]);
        source.close();
      }
    }
  });

  it('refuses what is no capture with a name for it', async () => {
    const refused = listed.filter((one) => one.path.startsWith('malformed/foreign-format/') && one.format === null);
    expect(refused.length).toBeGreaterThan(3);
    for (const { path } of refused) {
      await expect(sources.files([join(corpus, path)], { follow: false })).rejects.toMatchObject({
        code: 'UNKNOWN_FILE_FORMAT',
      });
    }
  });
});
