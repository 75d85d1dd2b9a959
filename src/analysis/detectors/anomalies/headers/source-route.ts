// Source routes (RFC 791 §3.1 LSRR and SSRR; IPv6 routing header type 0, forbidden by RFC 5095): the sender says over which
// hosts a packet goes, past filters and back to where it should not come.

import type { Packet } from '../../../../core/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { counted, fromHost } from '../../wording.ts';
import { sourceOf, Tally, targetOf } from '../tally.ts';
import { readChain } from './ipv6-chain.ts';

const loose = 131;
const strict = 137;

function isRouted4(p: Packet): boolean {
  const b = p.bytes;
  const end = Math.min(p.l3At + ((b[p.l3At] & 15) << 2), p.l3End);
  for (let at = p.l3At + 20; at + 1 < end && b[at] !== 0; ) {
    if (b[at] === loose || b[at] === strict) return true;
    if (b[at] === 1) at++;
    else if (b[at + 1] < 2) return false;
    else at += b[at + 1];
  }
  return false;
}

function isRouted(p: Packet): boolean {
  if (p.ipVersion === 4) return (p.bytes[p.l3At] & 15) > 5 && isRouted4(p);
  const next = p.bytes[p.l3At + 6];
  return (next === 0 || next === 43 || next === 44 || next === 60) && readChain(p).routingType === 0;
}

export const sourceRoute = defineDetector({
  name: 'proto.source-route',
  title: 'Source-routed packets',
  version: 1,
  severity: 'low',
  mitre: 'T1599',
  meaning: 'A source route carries packets around filters, and in a circle between two hosts until the link is full.',
  benign: 'Old diagnostic tools (traceroute -g); nobody else uses source routes today.',
  next: 'See whether a router passed the packets on, and drop such packets at the border.',
  options: {
    packets: count(1, 'Such packets of one source within `windowSec`'),
    some: count(4, 'Packets from which on it is more than a test of a stack'),
    many: count(10, 'Packets from which on it is no single try'),
    windowSec: seconds(600, 'Window in which they are counted'),
  },
  open: (around) => {
    const { options, now, raise } = around;
    const tally = new Tally(around, 256, options.windowSec);
    return {
      frame(p: Packet): void {
        if (p.ipVersion === 0 || p.level !== 0 || !isRouted(p)) return;
        const n = tally.add(now, p.ipVersion, p.src0, p.src1, p.src2, p.src3);
        if (n === 0 || !tally.isNews(options.packets)) return;
        const source = sourceOf(p);
        const target = targetOf(p);
        raise({
          key: source,
          sources: [source],
          targets: [target],
          severity: n >= options.many ? 'medium' : n >= options.some ? 'low' : 'info',
          observed: n,
          threshold: options.packets,
          unit: 'packets',
          ...tally.when(),
          explain: `${source} sent ${target} ${counted(n, 'packet')} with a source route.`,
          filter: `${fromHost(source)} && ${p.ipVersion === 4 ? 'ip.opt.type.copy == 1' : 'ipv6.routing.type == 0'}`,
        });
      },
    };
  },
});
