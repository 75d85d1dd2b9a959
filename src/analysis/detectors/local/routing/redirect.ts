// ICMP redirect that does not come from the gateway (RFC 1122 §3.2.2.2, RFC 4861 §8.1): it bends the way of a host.

import { formatAddress, ipProto, type Packet } from '../../../../core/index.ts';
import { defineDetector, seconds } from '../../detector.ts';
import { ndRedirect } from '../ipv6/nd-message.ts';
import { isGroupMac, macHigh, macLow, macText } from '../mac.ts';
import { neighboursOf } from '../neighbours.ts';

const SEEN = 0;
const RAISED = 1;
const FIRST_PACKET = 0;
const redirect4 = 5;

export const icmpRedirect = defineDetector({
  name: 'l2.redirect',
  title: 'ICMP redirect from a stranger',
  version: 1,
  severity: 'medium',
  mitre: 'T1557',
  meaning: 'A redirect tells a host to send what is for another through someone else, who can then read and change it.',
  benign: 'A second gateway on the same link tells hosts of the better way.',
  next: 'See whether the sender is a gateway of yours; let hosts ignore redirects.',
  options: {
    idleSec: seconds(3600, 'Silence after which a sender begins anew'),
  },
  open: (around) => {
    const { options, now, table, raise } = around;
    const known = neighboursOf(around);
    const { nd } = known;
    // 256 senders of 60 bytes.
    const senders = table({ capacity: 256, keyWords: 5, words: 2, doubles: 1, idleSec: options.idleSec });
    return {
      frame(p: Packet): void {
        if (p.level !== 0 || p.l4Ok === 0 || p.isFragment === 1) return;
        const is4 = p.proto === ipProto.icmp && p.icmpType === redirect4 && p.payloadEnd - p.l4At >= 8;
        if (!is4 && (nd.type !== ndRedirect || known.isRepeat)) return;
        const from0 = p.srcMacAt < 0 ? 0 : macHigh(p.bytes, p.srcMacAt);
        const from1 = p.srcMacAt < 0 ? 0 : macLow(p.bytes, p.srcMacAt + 4);
        if (isGroupMac(from0)) return;
        const isSelf = is4 && isOwn(p, from0, from1);
        if (!isSelf && isRouter(p, from0, from1)) return;
        const row = senders.claim(now.sec, p.ipVersion, p.src0, p.src1, p.src2, p.src3);
        if (row < 0) return;
        const w = senders.words;
        const at = senders.at(row);
        if (w[at + SEEN] === 0) senders.doubles[row + FIRST_PACKET] = p.number;
        const seen = ++w[at + SEEN];
        if (seen < 2 * w[at + RAISED]) return;
        w[at + RAISED] = seen;
        senders.setWorth(row, seen);
        tell(row, seen, isSelf, macText(from0, from1), p);
      },
    };

    /** What has passed on what others sent is a gateway, and so is who redirects in its name and with its MAC. */
    function isRouter(p: Packet, from0: number, from1: number): boolean {
      if (known.isRouter(from0, from1)) return true;
      const row = known.find(p.ipVersion, p.vlanOuter, p.src0, p.src1, p.src2, p.src3);
      return row >= 0 && known.carries(known.mac0(row), known.mac1(row)) && known.mac0(row) === from0;
    }

    /** The way that is named leads to the station that sent the redirect itself: in whose name it did is a lie. */
    function isOwn(p: Packet, from0: number, from1: number): boolean {
      const gateway = macHigh(p.bytes, p.l4At + 4);
      if (gateway === p.src0 || (from0 | from1) === 0) return false;
      const row = known.find(4, p.vlanOuter, gateway);
      return row >= 0 && known.mac0(row) === from0 && known.mac1(row) === from1;
    }

    function tell(row: number, seen: number, isSelf: boolean, mac: string, p: Packet): void {
      const from = formatAddress(p.ipVersion, p.src0, p.src1, p.src2, p.src3);
      const victim = formatAddress(p.ipVersion, p.dst0, p.dst1, p.dst2, p.dst3);
      const way =
        p.ipVersion === 4
          ? formatAddress(4, macHigh(p.bytes, p.l4At + 4), 0, 0, 0)
          : formatAddress(6, nd.target0, nd.target1, nd.target2, nd.target3);
      const hasGateway = (known.router0 | known.router1) !== 0;
      const why = isSelf
        ? 'which is the sender itself'
        : hasGateway
          ? 'which is not the gateway'
          : 'an unknown station';
      raise({
        key: from,
        sources: [from],
        targets: [victim],
        severity: isSelf ? 'high' : hasGateway ? 'medium' : 'low',
        confidence: isSelf ? 0.9 : hasGateway ? 0.7 : 0.4,
        observed: seen,
        threshold: 1,
        unit: 'redirects',
        firstPacket: senders.doubles[row + FIRST_PACKET],
        count: seen,
        explain: `${from} (${mac}), ${why}, tells ${victim} to take the way through ${way}.`,
        against: hasGateway ? '' : 'No gateway was seen so far to compare with.',
        filter: p.ipVersion === 4 ? 'icmp.type == 5' : 'icmpv6.type == 137',
      });
    }
  },
});
