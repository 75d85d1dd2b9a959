// Words that evidence about a flow's health is made of.

import type { Evidence, HealthSignal } from '../../../core/index.ts';
import { hashWords, type KeyTable } from '../../sketches/index.ts';
import { betweenHosts, communityOf, originator, responder } from '../wording.ts';

/** `10.0.0.1 → 10.0.0.2:80`. */
export const pathName = (s: HealthSignal): string =>
  `${originator(s.flow)} → ${bracketed(responder(s.flow))}:${s.flow.rPort}`;

const bracketed = (ip: string): string => (ip.includes(':') ? `[${ip}]` : ip);

/** What all evidence about a flow has in common: key, ends, first packet, Community ID, filter. */
export function aboutFlow(
  s: HealthSignal,
): Pick<Evidence, 'key' | 'sources' | 'targets' | 'firstUs' | 'firstPacket' | 'flows' | 'filter'> {
  const client = originator(s.flow);
  const server = responder(s.flow);
  return {
    key: pathName(s),
    sources: [client],
    targets: [server],
    firstUs: s.flow.firstUs,
    firstPacket: s.flow.firstPacket,
    flows: [communityOf(s.flow)],
    filter: `${betweenHosts(client, server)} && tcp.port == ${s.flow.rPort}`,
  };
}

/** Row of a client, server and server's port; -1 when there is no room. */
export function pairRow(pairs: KeyTable, sec: number, s: HealthSignal): number {
  const f = s.flow;
  const client = hashWords(f.o0, f.o1, f.o2, f.o3);
  const server = hashWords(f.r0, f.r1, f.r2, f.r3);
  return pairs.claim(sec, f.ipVersion, client, server, f.rPort);
}

/** Row of a server and its port. */
export function serverRow(servers: KeyTable, sec: number, s: HealthSignal): number {
  const f = s.flow;
  return servers.claim(sec, f.ipVersion, f.r0, f.r1, f.r2, f.r3, f.rPort);
}

/** `35 ms`, `1.2 s`. */
export function millis(us: number): string {
  const ms = us / 1000;
  if (ms >= 1000) return `${Number((ms / 1000).toFixed(2))} s`;
  return `${Number(ms.toFixed(ms < 10 ? 1 : 0))} ms`;
}
