// LAND (CERT CA-1997-28): a packet that a host seems to have sent to itself, port and all.

import { ipProto, type Packet, tcpFlag } from '../../../../core/index.ts';
import { count, defineDetector } from '../../detector.ts';
import { counted, withHost } from '../../wording.ts';
import { sourceOf, Tally } from '../tally.ts';

/** From a host to itself over a network: neither 127/8, ::1 nor the unspecified address, and no loopback's empty MAC. */
function isForged(p: Packet): boolean {
  if (p.ipVersion === 4) {
    const first = p.src0 >>> 24;
    if (first === 127 || first === 0 || first >= 224) return false;
  } else if ((p.src0 | p.src1 | p.src2) === 0 || p.src0 >>> 24 === 0xff) return false;
  const b = p.bytes;
  const m = p.srcMacAt;
  return m >= 0 && (b[m] | b[m + 1] | b[m + 2] | b[m + 3] | b[m + 4] | b[m + 5]) !== 0;
}

export const land = defineDetector({
  name: 'proto.land',
  title: 'Packet from a host to itself (LAND)',
  version: 1,
  severity: 'high',
  mitre: 'T1499.004',
  meaning: 'A forged packet from a host to itself makes old stacks answer themselves without end.',
  benign: 'A switch or a capture on one machine that shows its own internal traffic.',
  next: 'Find the switch port that the frame came from: its Ethernet source may tell who forged it.',
  options: { packets: count(1, 'Such packets of one address') },
  open: (around) => {
    const { options, now, raise } = around;
    const tally = new Tally(around, 256, 600);
    return {
      frame(p: Packet): void {
        if (p.src0 !== p.dst0 || p.src3 !== p.dst3 || p.srcPort !== p.dstPort || p.srcPort === 0) return;
        if (p.src1 !== p.dst1 || p.src2 !== p.dst2 || p.level !== 0 || p.l4Ok === 0 || !isForged(p)) return;
        const n = tally.add(now, p.ipVersion, p.src0, p.src1, p.src2, p.src3);
        if (n === 0 || !tally.isNews(options.packets)) return;
        const host = sourceOf(p);
        const isSyn = p.proto === ipProto.tcp && (p.tcpFlags & tcpFlag.syn) !== 0;
        raise({
          key: host,
          sources: [],
          targets: [host],
          severity: isSyn ? 'high' : 'medium',
          observed: n,
          threshold: options.packets,
          unit: 'packets',
          ...tally.when(),
          explain: `${counted(n, isSyn ? 'SYN packet' : 'packet')} from ${host} port ${p.srcPort} to itself.`,
          filter: `${withHost(host)} && ${p.ipVersion === 4 ? 'ip.src == ip.dst' : 'ipv6.src == ipv6.dst'}`,
        });
      },
    };
  },
});
