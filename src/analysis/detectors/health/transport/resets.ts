// Resets after data: conversations that were cut off instead of closed (RFC 9293 §3.10.7).

import { type FlowSignal, flowEnd, formatAddress, ipProto, moment } from '../../../../core/index.ts';
import { count, defineDetector, share } from '../../detector.ts';
import { communityOf, grouped, percent, withHost } from '../../wording.ts';

const FLOWS = 0;
const RESETS = 1;
const RAISED = 2;

export const resets = defineDetector({
  name: 'perf.resets',
  title: 'Conversations cut off',
  version: 1,
  severity: 'info',
  mitre: null,
  meaning: 'Many conversations end with a reset after data went over: an overloaded server, a middlebox, or a timeout.',
  benign: 'Browsers and load balancers close idle connections with a reset because it is cheaper.',
  next: 'See who sends the resets, and whether the answers before them are complete.',
  options: {
    flowShare: share(0.05, 'Conversations with data that ended with a reset'),
    flows: count(20, 'Conversations with data at the least'),
    resets: count(5, 'Resets at the least'),
  },
  open: ({ options, now, table, raise }) => {
    // 1,024 servers by port.
    const servers = table({ capacity: 1024, keyWords: 6, words: 3, idleSec: 1800 });
    return {
      moments: moment.ended,
      flow(s: FlowSignal): void {
        if (s.proto !== ipProto.tcp || s.oPayload === 0 || s.rPayload === 0) return;
        const row = servers.claim(now.sec, s.ipVersion, s.r0, s.r1, s.r2, s.r3, s.rPort);
        if (row < 0) return;
        const w = servers.words;
        const at = servers.at(row);
        const flows = ++w[at + FLOWS];
        if (s.end !== flowEnd.rst) return;
        const n = ++w[at + RESETS];
        if (flows < options.flows || n < options.resets || n < options.flowShare * flows || n < 2 * w[at + RAISED])
          return;
        w[at + RAISED] = n;
        servers.setWorth(row, n);
        const server = formatAddress(s.ipVersion, s.r0, s.r1, s.r2, s.r3);
        raise({
          key: `${server} ${s.rPort}`,
          sources: [server],
          targets: [],
          observed: n / flows,
          threshold: options.flowShare,
          unit: 'share of conversations',
          count: n,
          flows: [communityOf(s)],
          explain: `Of ${grouped(flows)} conversations with ${server} port ${s.rPort}, ${grouped(n)} (${percent(n / flows)}) ended with a reset after data.`,
          filter: `${withHost(server)} && tcp.port == ${s.rPort} && tcp.flags.reset == 1`,
        });
      },
    };
  },
});
