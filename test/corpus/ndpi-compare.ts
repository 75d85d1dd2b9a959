// Compares the names that flows of a capture get with those that nDPI published.

import { join } from 'node:path';
import { protocols } from '../../src/analysis/protocols/index.ts';
import { Probing } from '../../src/analysis/talks/probing.ts';
import { corpusFolder } from './captures.ts';
import { type NamedFlow, storyOf } from './events.ts';
import { oursOfNdpi } from './ndpi-names.ts';
import { type NdpiFlow, readNdpi } from './ndpi-reader.ts';

/** `same`, `unknown` (we have no name), `other` (another name), `missing` (no such flow), `foreign` (not in our list). */
export type Verdict = 'same' | 'unknown' | 'other' | 'missing' | 'foreign' | 'unnamed';

export interface Compared {
  readonly capture: string;
  readonly flow: NdpiFlow;
  readonly ours: readonly NamedFlow[];
  readonly said: string;
  readonly how: string;
  readonly verdict: Verdict;
}

/** Names that we can give: of protocols and of IP protocols. */
const ourNames = new Set([...new Probing(protocols).names]);

/** IPv6 with all its groups: nDPI also shortens a single one, which RFC 5952 does not. */
function spelled(address: string): string {
  const gap = address.indexOf('::');
  if (gap < 0) return address;
  const before = address
    .slice(0, gap)
    .split(':')
    .filter((group) => group !== '');
  const after = address
    .slice(gap + 2)
    .split(':')
    .filter((group) => group !== '');
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].join(':');
}

const keyOf = (proto: string, aIp: string, aPort: number, bIp: string, bPort: number): string =>
  `${proto} ${[`${spelled(aIp)} ${aPort}`, `${spelled(bIp)} ${bPort}`].sort().join(' ')}`;

const transports: Readonly<Record<number, string>> = {
  1: 'ICMP',
  2: 'IGMP',
  6: 'TCP',
  17: 'UDP',
  58: 'ICMPV6',
  132: 'SCTP',
  89: 'OSPF',
  112: 'VRRP',
  50: 'ESP',
  103: 'PIM',
  113: 'PGM',
  47: 'GRE',
};

/** @param name of the capture in the folder `ndpi` */
export async function compareNdpi(name: string): Promise<Compared[]> {
  const expected = readNdpi(join(corpusFolder, 'ndpi/expected', `${name}.out`));
  const { flows } = await storyOf(`ndpi/${name}`);
  const byKey = new Map<string, NamedFlow[]>();
  for (const flow of flows) {
    const transport = transports[flow.proto] ?? String(flow.proto);
    const hasPorts = flow.proto === 6 || flow.proto === 17;
    const key = keyOf(transport, flow.oIp, hasPorts ? flow.oPort : 0, flow.rIp, hasPorts ? flow.rPort : 0);
    const there = byKey.get(key);
    if (there === undefined) byKey.set(key, [flow]);
    else there.push(flow);
  }
  return expected.map((flow) =>
    judge(name, flow, byKey.get(keyOf(flow.transport, flow.aIp, flow.aPort, flow.bIp, flow.bPort)) ?? []),
  );
}

function judge(capture: string, flow: NdpiFlow, ours: readonly NamedFlow[]): Compared {
  const one =
    ours.find((ours) => ours.app !== '' && ours.how !== 'port') ?? ours.find((ours) => ours.app !== '') ?? ours[0];
  const said = one?.app ?? '';
  const how = one?.how ?? '';
  const common = { capture, flow, ours, said, how };
  // Only what nDPI found in the bytes counts.
  if (!flow.confidence.startsWith('DPI')) return { ...common, verdict: 'unnamed' };
  const accepted = oursOfNdpi(flow.master).filter((name) => ourNames.has(name));
  if (accepted.length === 0) return { ...common, verdict: 'foreign' };
  if (one === undefined) return { ...common, verdict: 'missing' };
  if (said === '' || said === 'unknown') return { ...common, verdict: 'unknown' };
  return { ...common, verdict: one.apps.some((name) => accepted.includes(name)) ? 'same' : 'other' };
}
