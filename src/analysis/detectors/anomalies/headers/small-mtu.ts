// ICMP errors that ask for packets smaller than any link may (RFC 8201 §4, RFC 8021; RFC 1191 §7): a forger's way to make a
// host cut everything into fragments, or to slow it down.

import { ipProto, type Packet } from '../../../../core/index.ts';
import { bytes, count, defineDetector } from '../../detector.ts';
import { counted, fromHost, grouped } from '../../wording.ts';
import { sourceOf, Tally, targetOf } from '../tally.ts';

const unreachable = 3;
const needsFragments = 4;
const tooBig = 2;

/** The size asked for, -1 when the packet asks for none. */
function sizeAsked(p: Packet): number {
  const b = p.bytes;
  const at = p.l4At;
  if (p.proto === ipProto.icmpv6 && p.icmpType === tooBig)
    return ((b[at + 4] << 24) | (b[at + 5] << 16) | (b[at + 6] << 8) | b[at + 7]) >>> 0;
  if (p.proto !== ipProto.icmp || p.icmpType !== unreachable || p.icmpCode !== needsFragments) return -1;
  // Routers from before RFC 1191 leave the field at 0.
  return (b[at + 6] << 8) | b[at + 7] || -1;
}

export const smallMtu = defineDetector({
  name: 'proto.small-mtu',
  title: 'ICMP error with an impossible packet size',
  version: 1,
  severity: 'medium',
  mitre: 'T1499.004',
  meaning: 'Who is told that only tiny packets pass sends fragments, which are easily tampered with, or becomes slow.',
  benign: 'Translators between IPv4 and IPv6, and links from long ago.',
  next: 'Is the sender of the error a router on the way to the destination? If not, it is forged.',
  options: {
    least4: bytes(296, 'Size below which one of IPv4 is impossible (the smallest link of RFC 1191)'),
    least6: bytes(1280, 'Size below which one of IPv6 is impossible (RFC 8200 §5)'),
    messages: count(1, 'Such messages of one source'),
  },
  open: (around) => {
    const { options, now, raise } = around;
    const tally = new Tally(around, 256, 600);
    return {
      frame(p: Packet): void {
        if (p.l4Ok !== 1 || p.level !== 0 || (p.proto !== ipProto.icmp && p.proto !== ipProto.icmpv6)) return;
        const size = sizeAsked(p);
        const least = p.ipVersion === 4 ? options.least4 : options.least6;
        if (size < 0 || size >= least) return;
        const n = tally.add(now, p.ipVersion, p.src0, p.src1, p.src2, p.src3);
        if (n === 0 || !tally.isNews(options.messages)) return;
        const source = sourceOf(p);
        const target = targetOf(p);
        raise({
          key: source,
          sources: [source],
          targets: [target],
          observed: size,
          threshold: least,
          unit: 'bytes',
          ...tally.when(),
          explain: `${source} told ${target} ${counted(n, 'time')} that only packets of ${grouped(size)} bytes pass, less than the ${grouped(least)} every link carries.`,
          filter: `${fromHost(source)} && ${p.ipVersion === 4 ? 'icmp.type == 3 && icmp.code == 4' : 'icmpv6.type == 2'}`,
        });
      },
    };
  },
});
