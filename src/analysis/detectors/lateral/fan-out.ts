// One inner host that logs in to many others by the doors of administrators (MITRE ATT&CK T1021).

import { type FlowSignal, ipProto, moment } from '../../../core/index.ts';
import { hashWords } from '../../sketches/index.ts';
import { count, defineDetector, seconds } from '../detector.ts';
import { communityOf, counted, fromHost, originator, responder, span } from '../wording.ts';

/** SSH, RPC, SMB, RDP, WinRM. */
const adminPorts = new Set([22, 135, 445, 3389, 5985, 5986]);

const SINCE = 0;
const RAISED = 1;
const FIRST_US = 0;
const FIRST_PACKET = 1;

export const fanOut = defineDetector({
  name: 'lateral.fan-out',
  title: 'Connections to many machines by ports of administrators',
  version: 1,
  severity: 'medium',
  mitre: 'T1021',
  meaning: 'An intruder who has one password tries it on machine after machine.',
  benign: 'Machines of administrators, backup and monitoring do the same every day.',
  next: 'See whether the source is one of those; look at who logged in, and when it began.',
  options: {
    hosts: count(5, 'Different hosts within `windowSec`'),
    windowSec: seconds(3600, 'Window in which they are counted'),
  },
  open: ({ options, now, network, table, distinct, raise }) => {
    const sources = table({ capacity: 512, keyWords: 5, words: 2, doubles: 2, idleSec: options.windowSec });
    const reached = distinct(sources);
    return {
      moments: moment.established,
      flow(s: FlowSignal): void {
        if (s.proto !== ipProto.tcp || !adminPorts.has(s.rPort)) return;
        if (!network.isLocal(s.ipVersion, s.o0, s.o1, s.o2, s.o3)) return;
        if (!network.isLocal(s.ipVersion, s.r0, s.r1, s.r2, s.r3)) return;
        const row = sources.claim(now.sec, s.ipVersion, s.o0, s.o1, s.o2, s.o3);
        if (row < 0) return;
        const w = sources.words;
        const o = sources.at(row);
        const d = row * sources.doublesPerRow;
        if (w[o + SINCE] === 0 || now.sec - w[o + SINCE] > options.windowSec) {
          w[o + SINCE] = now.sec;
          w[o + RAISED] = 0;
          sources.doubles[d + FIRST_US] = s.timeUs;
          sources.doubles[d + FIRST_PACKET] = s.packet;
          reached.clear(row);
        }
        if (!reached.add(row, hashWords(s.r0, s.r1, s.r2, s.r3))) return;
        const hosts = reached.count(row);
        if (hosts < options.hosts || hosts < 2 * w[o + RAISED]) return;
        w[o + RAISED] = hosts;
        sources.setWorth(row, hosts);
        const source = originator(s);
        const firstUs = sources.doubles[d + FIRST_US];
        raise({
          key: source,
          sources: [source],
          targets: [responder(s)],
          observed: hosts,
          threshold: options.hosts,
          unit: 'hosts',
          firstUs,
          firstPacket: sources.doubles[d + FIRST_PACKET],
          count: hosts,
          explain: `${source} connected to ${counted(hosts, 'host')} by SSH, RPC, SMB, RDP or WinRM in ${span(s.timeUs - firstUs)}, limit ${options.hosts}.`,
          flows: [communityOf(s)],
          filter: `${fromHost(source)} && tcp.dstport in {22 135 445 3389 5985 5986}`,
        });
      },
    };
  },
});
