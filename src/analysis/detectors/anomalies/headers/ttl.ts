// A TTL that changes inside a flow (RFC 791 §3.2): somebody else speaks in the name of a host, or a monitor is shown what
// never arrives.

import { type FlowSignal, formatAddress, ipProto, moment } from '../../../../core/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { communityOf, counted, fromHost, span } from '../../wording.ts';
import { Tally } from '../tally.ts';

export const ttl = defineDetector({
  name: 'proto.ttl',
  title: 'TTL changes inside connections',
  version: 1,
  severity: 'low',
  mitre: 'T1557',
  meaning: 'Packets of one host that travelled very different ways may come from somebody who forges them.',
  benign: 'Load balancers and protection services that answer for a server; routes that change.',
  next: 'Compare the packets with the odd TTL: what do they say, and do they fit the rest?',
  options: {
    hops: count(5, 'Difference between the lowest and highest TTL of one side'),
    flows: count(3, 'Such connections of one host within `windowSec`'),
    packets: count(5, 'Packets a side must have sent'),
    windowSec: seconds(600, 'Window in which they are counted'),
  },
  open: (around) => {
    const { options, now, raise } = around;
    const tally = new Tally(around, 1024, options.windowSec);

    const tell = (s: FlowSignal, spread: number, w: readonly [number, number, number, number]): void => {
      const n = tally.add(now, s.ipVersion, w[0], w[1], w[2], w[3]);
      if (n === 0 || !tally.isNews(options.flows)) return;
      const host = formatAddress(s.ipVersion, w[0], w[1], w[2], w[3]);
      const { firstUs, ...when } = tally.when();
      raise({
        key: host,
        sources: [host],
        targets: [],
        observed: n,
        threshold: options.flows,
        unit: 'connections',
        ...when,
        firstUs,
        explain: `In ${counted(n, 'connection')} within ${span(now.timeUs - firstUs)} the TTL of ${host} changed by ${options.hops} or more, by ${spread} in the latest.`,
        flows: [communityOf(s)],
        filter: `${fromHost(host)} && tcp`,
      });
    };

    return {
      moments: moment.ended,
      flow(s: FlowSignal): void {
        if (s.proto !== ipProto.tcp || !s.isEstablished) return;
        const least = options.packets;
        if (s.oTtlSpread >= options.hops && s.oPackets >= least) tell(s, s.oTtlSpread, [s.o0, s.o1, s.o2, s.o3]);
        if (s.rTtlSpread >= options.hops && s.rPackets >= least) tell(s, s.rTtlSpread, [s.r0, s.r1, s.r2, s.r3]);
      },
    };
  },
});
