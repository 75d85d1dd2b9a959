// Words that evidence is made of: addresses, Community IDs, display filters, numbers.

import { communityId, type EventPlace, type FlowSignal, formatAddress } from '../../core/index.ts';

export const originator = (s: FlowSignal): string => formatAddress(s.ipVersion, s.o0, s.o1, s.o2, s.o3);
export const responder = (s: FlowSignal): string => formatAddress(s.ipVersion, s.r0, s.r1, s.r2, s.r3);
export const clientOf = (e: EventPlace): string => formatAddress(e.ipVersion, e.c0, e.c1, e.c2, e.c3);
export const serverOf = (e: EventPlace): string => formatAddress(e.ipVersion, e.s0, e.s1, e.s2, e.s3);

/** Community ID of a flow. */
export function communityOf(s: FlowSignal): string {
  return communityId(s.ipVersion, s.o0, s.o1, s.o2, s.o3, s.r0, s.r1, s.r2, s.r3, s.proto, s.oPort, s.rPort);
}

/** Community ID of the flow that an event belongs to. */
export function communityAt(e: EventPlace): string {
  return communityId(e.ipVersion, e.c0, e.c1, e.c2, e.c3, e.s0, e.s1, e.s2, e.s3, e.proto, e.cPort, e.sPort);
}

const field = (ip: string, name: 'addr' | 'src' | 'dst'): string =>
  `${ip.includes(':') ? 'ipv6' : 'ip'}.${name} == ${ip}`;

/** Display filters (Wireshark): a host either way, what it sends, what it receives, two hosts. */
export const withHost = (ip: string): string => field(ip, 'addr');
export const fromHost = (ip: string): string => field(ip, 'src');
export const toHost = (ip: string): string => field(ip, 'dst');
export const betweenHosts = (a: string, b: string): string => `${withHost(a)} && ${withHost(b)}`;

/** `1 port`, `1,234 ports`. */
export function counted(n: number, thing: string): string {
  return `${grouped(n)} ${thing}${n === 1 ? '' : 's'}`;
}

/** `1,234,567`; what is no whole number keeps up to two digits. */
export function grouped(n: number): string {
  const [whole, rest] = String(Number.isInteger(n) ? n : Number(n.toFixed(2))).split('.');
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return rest === undefined ? text : `${text}.${rest}`;
}

/** A time between two moments: `0.35 s`, `12 s`, `5 min`, `3.2 h`. */
export function span(us: number): string {
  const sec = Math.max(0, us) / 1e6;
  if (sec < 10) return `${Number(sec.toFixed(2))} s`;
  if (sec < 120) return `${Math.round(sec)} s`;
  if (sec < 7200) return `${Math.round(sec / 60)} min`;
  return `${Number((sec / 3600).toFixed(1))} h`;
}

/** `35 %`. */
export const percent = (part: number): string => `${Number((100 * part).toFixed(part < 0.1 ? 1 : 0))} %`;
