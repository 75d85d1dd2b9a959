// ICMP errors: routers and hosts that say again and again that something does not arrive (RFC 792, RFC 4443 §3).

import { formatAddress, ipProto, type Packet } from '../../../../core/index.ts';
import { hashWords } from '../../../sketches/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { counted, fromHost, span } from '../../wording.ts';

const FIRST_SEC = 0;
const SEEN = 1;
const RAISED = 2;
const LOOP = 3;
const LOOP_SEEN = 4;

/** What an error says; empty for what is no error. */
function kindOf(p: Packet): string {
  if (p.proto === ipProto.icmp) {
    // “Too big” is perf.mtu's.
    if (p.icmpType === 3) return p.icmpCode === 4 ? '' : 'unreachable';
    return p.icmpType === 11 ? 'time exceeded' : p.icmpType === 5 ? 'redirect' : '';
  }
  return p.icmpType === 1 ? 'unreachable' : p.icmpType === 3 ? 'time exceeded' : '';
}

export const icmpErrors = defineDetector({
  name: 'perf.icmp-errors',
  title: 'Many ICMP errors',
  version: 1,
  severity: 'info',
  mitre: null,
  meaning:
    'Something is sent to where it cannot arrive; time exceeded again and again for the same target is a routing loop.',
  benign: 'Traceroute makes “time exceeded” on purpose; closed UDP ports of DNS clients make “port unreachable”.',
  next: 'The packet inside the error says who sent what to where.',
  options: {
    errors: count(5, 'Errors of one kind from one host within `windowSec`'),
    windowSec: seconds(60, 'Window in which they are counted'),
    loops: count(5, 'Times exceeded for one flow, from one router, within 10 s'),
  },
  open: ({ options, now, table, raise }) => {
    // 512 senders by kind of error.
    const senders = table({ capacity: 512, keyWords: 6, words: 5, idleSec: options.windowSec });
    return {
      frame(p: Packet): void {
        if (p.l4Ok === 0 || (p.proto !== ipProto.icmp && p.proto !== ipProto.icmpv6)) return;
        const kind = kindOf(p);
        if (kind === '') return;
        const row = senders.claim(now.sec, p.proto * 256 + p.icmpType, p.src0, p.src1, p.src2, p.src3, p.ipVersion);
        if (row < 0) return;
        const w = senders.words;
        const at = senders.at(row);
        if (now.sec - w[at + FIRST_SEC] > options.windowSec) {
          w[at + FIRST_SEC] = now.sec;
          w[at + SEEN] = w[at + RAISED] = w[at + LOOP_SEEN] = 0;
        }
        const n = ++w[at + SEEN];
        const inner = innerHash(p);
        w[at + LOOP_SEEN] = inner === w[at + LOOP] && inner !== 0 ? w[at + LOOP_SEEN] + 1 : 1;
        w[at + LOOP] = inner;
        const isLoop = kind === 'time exceeded' && w[at + LOOP_SEEN] >= options.loops;
        if (n < options.errors || n < 2 * w[at + RAISED]) return;
        w[at + RAISED] = n;
        const from = formatAddress(p.ipVersion, p.src0, p.src1, p.src2, p.src3);
        const to = formatAddress(p.ipVersion, p.dst0, p.dst1, p.dst2, p.dst3);
        raise({
          key: `${from} ${kind}`,
          sources: [from],
          targets: [to],
          observed: n,
          threshold: options.errors,
          unit: 'errors',
          count: n,
          explain: `${from} said “${kind}” ${counted(n, 'time')} in ${span((now.sec - w[at + FIRST_SEC] + 1) * 1e6)}, last to ${to}${isLoop ? ', always for the same flow: a routing loop' : ''}.`,
          filter: `${fromHost(from)} && ${p.ipVersion === 4 ? 'icmp' : 'icmpv6'}.type == ${p.icmpType}`,
        });
      },
    };
  },
});

/** Target and ports of the packet inside an error; 0 when it was cut off. */
function innerHash(p: Packet): number {
  const at = p.l4At + 8;
  const b = p.bytes;
  const length = p.ipVersion === 4 ? 24 : 44;
  if (at + length > p.end) return 0;
  let h = 1;
  for (let i = p.ipVersion === 4 ? 12 : 8; i < length; i += 4)
    h = hashWords(h, (b[at + i] << 24) | (b[at + i + 1] << 16) | (b[at + i + 2] << 8) | b[at + i + 3]);
  return h;
}
