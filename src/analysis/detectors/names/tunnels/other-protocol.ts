// Something else at the port of DNS: shells and tunnels hide where every firewall is open.

import { type FlowSignal, moment } from '../../../../core/index.ts';
import { bytes, count, defineDetector } from '../../detector.ts';
import { betweenHosts, communityOf, counted, grouped, originator, responder } from '../../wording.ts';

const port = 53;
const tcp = 6;

const TIMES = 0;
const RAISED = 1;

export const otherProtocol = defineDetector({
  name: 'dns.other-protocol',
  title: 'No DNS at the port of DNS',
  version: 1,
  severity: 'medium',
  mitre: 'T1071.004',
  meaning: 'Port 53 is let through nearly everywhere, so remote shells, tunnels and VPNs use it for something else.',
  benign: 'VPNs that offer this port to get out of hotel networks; port scanners that try a service.',
  next: 'Follow the stream and see what is spoken; ask what runs at the server.',
  options: {
    payload: bytes(64, 'Payload of both sides together'),
    conversations: count(1, 'Such conversations of two hosts'),
  },
  open: ({ options: at, now, table, raise }) => {
    const pairs = table({ capacity: 256, keyWords: 6, words: 2, idleSec: 3600 });
    return {
      moments: moment.alive | moment.ended,
      flow(s: FlowSignal): void {
        // Only what was seen from its beginning, and was answered: the rest may be DNS that was cut.
        if (s.rPort !== port || s.proto !== tcp || !s.isEstablished || (s.oFlags & 2) === 0) return;
        if (
          (s.app === 'dns' && s.appHow !== 'port') ||
          s.oPayload === 0 ||
          s.rPayload === 0 ||
          s.oPayload + s.rPayload < at.payload
        )
          return;
        const key = s.r0 ^ (s.r1 << 1) ^ (s.r2 << 2) ^ (s.r3 << 3);
        const row = pairs.claim(now.sec, s.ipVersion, s.o0, s.o1, s.o2, s.o3, key);
        if (row < 0) return;
        const w = pairs.words;
        const o = pairs.at(row);
        const times = ++w[o + TIMES];
        if (times < at.conversations || times < 2 * w[o + RAISED]) return;
        w[o + RAISED] = times;
        const client = originator(s);
        const server = responder(s);
        const spoken = s.app === '' || s.appHow === 'port' ? 'something unknown' : s.app;
        raise({
          key: `${client} → ${server}`,
          sources: [client],
          targets: [server],
          observed: times,
          threshold: at.conversations,
          unit: 'conversations',
          count: times,
          firstUs: s.firstUs,
          firstPacket: s.firstPacket,
          packets: [s.firstPacket],
          explain: `${client} and ${server} speak ${spoken} at TCP port 53 (${counted(times, 'conversation')}, ${grouped(s.oPayload + s.rPayload)} bytes), which is no DNS.`,
          flows: [communityOf(s)],
          filter: `${betweenHosts(client, server)} && tcp.port == 53`,
        });
      },
    };
  },
});
