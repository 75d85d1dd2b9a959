// MTU trouble: black holes (RFC 2923 §2.1: full-size segments vanish while small ones pass), ICMP that says a packet is too
// big (RFC 1191, RFC 8201), and hosts whose traffic is fragmented.

import { formatAddress, type HealthSignal, ipProto, type Packet, type RateSignal } from '../../../../core/index.ts';
import { count, defineDetector, share } from '../../detector.ts';
import { counted, fromHost, percent, withHost } from '../../wording.ts';
import { aboutFlow } from '../flow-words.ts';

const TOO_BIG = 0;
const FRAGMENTS = 1;
const RAISED = 2;

export const mtu = defineDetector({
  name: 'perf.mtu',
  title: 'Packets too large for the path',
  version: 1,
  severity: 'info',
  mitre: null,
  meaning:
    'A link on the way takes smaller packets than the ends believe: large transfers hang though small ones work.',
  benign: 'Some “too big” messages are how a path’s size is found out; then transfers go on with smaller packets.',
  next: 'Let ICMP “fragmentation needed” pass through firewalls, or lower the segment size (MSS) at the tunnel.',
  options: {
    tooBig: count(3, 'ICMP messages “too big” of one router'),
    fragmentShare: share(0.01, 'Fragments among a host’s packets of a second'),
    fragments: count(200, 'Fragments at the least'),
  },
  open: ({ options, now, table, raise }) => {
    // 512 routers and hosts.
    const hosts = table({ capacity: 512, keyWords: 5, words: 3, idleSec: 600 });
    const isDue = (row: number, n: number): boolean => {
      const at = hosts.at(row) + RAISED;
      if (n < hosts.words[at] * 2) return false;
      hosts.words[at] = n;
      return true;
    };
    return {
      health(s: HealthSignal): void {
        if (!s.oBlackHole && !s.rBlackHole) return;
        const about = aboutFlow(s);
        const size = s.oBlackHole ? s.oMaxPayload : s.rMaxPayload;
        const from = s.oBlackHole ? about.sources[0] : about.targets[0];
        const repeated = s.oBlackHole ? s.oRepeated : s.rRepeated;
        raise({
          ...about,
          severity: 'low',
          observed: repeated,
          threshold: 3,
          unit: 'repetitions',
          explain: `${about.key}: segments of ${size} bytes from ${from} were sent again ${repeated} times and never arrived, while small ones did.`,
          against: 'a receiver that died at that moment looks alike',
          filter: `${about.filter} && tcp.analysis.retransmission`,
        });
      },
      frame(p: Packet): void {
        if (p.l4Ok === 0) return;
        const is4 = p.proto === ipProto.icmp && p.icmpType === 3 && p.icmpCode === 4;
        if (!is4 && !(p.proto === ipProto.icmpv6 && p.icmpType === 2)) return;
        const row = hosts.claim(now.sec, p.ipVersion, p.src0, p.src1, p.src2, p.src3);
        if (row < 0) return;
        const n = ++hosts.words[hosts.at(row) + TOO_BIG];
        if (n < options.tooBig || !isDue(row, n)) return;
        const router = formatAddress(p.ipVersion, p.src0, p.src1, p.src2, p.src3);
        const told = formatAddress(p.ipVersion, p.dst0, p.dst1, p.dst2, p.dst3);
        raise({
          key: `too big ${router}`,
          sources: [router],
          targets: [told],
          observed: n,
          threshold: options.tooBig,
          unit: 'messages',
          count: n,
          explain: `${router} said ${counted(n, 'time')} that packets are too big for the way on, last to ${told}.`,
          filter: `${fromHost(router)} && ${is4 ? 'icmp.type == 3 && icmp.code == 4' : 'icmpv6.type == 2'}`,
        });
      },
      rate(r: RateSignal): void {
        if (r.isTo || r.fragments === 0 || r.fragments < options.fragmentShare * r.packets) return;
        const row = hosts.claim(now.sec, r.ipVersion, r.w0, r.w1, r.w2, r.w3);
        if (row < 0) return;
        hosts.words[hosts.at(row) + FRAGMENTS] += r.fragments;
        const n = hosts.words[hosts.at(row) + FRAGMENTS];
        if (n < options.fragments || !isDue(row, n)) return;
        const host = formatAddress(r.ipVersion, r.w0, r.w1, r.w2, r.w3);
        raise({
          key: `fragments ${host}`,
          sources: [host],
          targets: [],
          observed: n,
          threshold: options.fragments,
          unit: 'fragments',
          count: n,
          explain: `${host} sent ${counted(n, 'fragment')}, ${percent(r.fragments / Math.max(1, r.packets))} of its packets in the last second.`,
          filter: `${withHost(host)} && ${r.ipVersion === 6 ? 'ipv6.fraghdr' : '(ip.flags.mf == 1 || ip.frag_offset > 0)'}`,
        });
      },
    };
  },
});
