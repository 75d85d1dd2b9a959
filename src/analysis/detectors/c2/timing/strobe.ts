// A strobe: a connection or more each second, minute after minute, to one server outside.

import { type FlowSignal, ipProto, moment } from '../../../../core/index.ts';
import { count, defineDetector } from '../../detector.ts';
import { betweenHosts, communityOf, grouped, originator, responder, span } from '../../wording.ts';
import { isOfInterest, isToLocal, partiesOf } from '../parties.ts';

const MINUTE = 0;
const IN_MINUTE = 1;
const STREAK = 2;
const TOTAL = 3;
const RAISED = 4;
const FIRST_US = 0;
const FIRST_PACKET = 1;

export const strobe = defineDetector({
  name: 'c2.strobe',
  title: 'Strobe of connections',
  version: 1,
  severity: 'medium',
  mitre: 'T1071',
  meaning:
    'So many connections to one server are made by a program that nobody told to wait: a tunnel, a bot, or a fault.',
  benign: 'Health checks of load balancers, and programs that do not keep connections open.',
  next: 'See which program of the source connects there and what it gets.',
  options: {
    perMinute: count(60, 'Connections in each minute'),
    minutes: count(10, 'Minutes in a row'),
  },
  open: ({ options, network, now, table, raise }) => {
    /** By both hosts and port: 1,024 rows of 72 bytes. */
    const rows = table({ capacity: 1024, keyWords: 6, words: 5, doubles: 2, idleSec: 120 });
    return {
      moments: moment.established,
      flow(s: FlowSignal): void {
        if (s.proto !== ipProto.tcp || !isOfInterest(s) || isToLocal(network, s)) return;
        const row = rows.claim(now.sec, ...partiesOf(s));
        if (row < 0) return;
        const w = rows.words;
        const at = rows.at(row);
        const d = row * rows.doublesPerRow;
        const minute = Math.floor(s.timeUs / 60e6) | 0;
        if (w[at + MINUTE] !== minute) {
          const goesOn = w[at + MINUTE] === minute - 1 && w[at + IN_MINUTE] >= options.perMinute;
          w[at + STREAK] = goesOn ? w[at + STREAK] + 1 : 0;
          if (w[at + STREAK] === 0) {
            rows.doubles[d + FIRST_US] = s.timeUs;
            rows.doubles[d + FIRST_PACKET] = s.packet;
            w[at + TOTAL] = 0;
          }
          w[at + MINUTE] = minute;
          w[at + IN_MINUTE] = 0;
          rows.setWorth(row, w[at + STREAK]);
        }
        w[at + IN_MINUTE]++;
        const total = ++w[at + TOTAL];
        if (w[at + STREAK] < options.minutes || total < w[at + RAISED] * 2) return;
        w[at + RAISED] = total;
        const client = originator(s);
        const server = responder(s);
        const firstUs = rows.doubles[d + FIRST_US];
        raise({
          key: `${client} → ${server}:${s.rPort}`,
          sources: [client],
          targets: [server],
          observed: total,
          threshold: options.perMinute * options.minutes,
          unit: 'connections',
          firstUs,
          firstPacket: rows.doubles[d + FIRST_PACKET],
          count: total,
          flows: [communityOf(s)],
          explain: `${client} connected ${grouped(total)} times to ${server} port ${s.rPort} in ${span(
            s.timeUs - firstUs,
          )}, at least ${options.perMinute} times each minute.`,
          filter: `${betweenHosts(client, server)} && tcp.port == ${s.rPort}`,
        });
      },
    };
  },
});
