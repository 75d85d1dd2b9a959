// SQL Slammer (CVE-2002-0649, MS02-039): one UDP datagram of 376 bytes to port 1434 is the whole worm. No request of the
// SQL Server Resolution Protocol is that long ([MC-SQLR] §2.2).

import { type FlowSignal, formatAddress, ipProto, moment } from '../../../../core/index.ts';
import { hashWords } from '../../../sketches/index.ts';
import { count, defineDetector } from '../../detector.ts';
import { communityOf, counted, responder } from '../../wording.ts';

const resolutionPort = 1434;
const wormBytes = 376;
const listed = 20;

export const slammer = defineDetector({
  name: 'scan.worm',
  title: 'SQL Slammer',
  version: 1,
  severity: 'high',
  mitre: 'T1210',
  meaning: 'A worm of 2003 that takes over unpatched SQL Server 2000 with one datagram and floods the network.',
  benign: 'Tests of intrusion detection; nothing else sends such a datagram.',
  next: 'Clean the hosts that send it; see that UDP 1434 is closed to the outside.',
  options: { datagrams: count(1, 'Datagrams of the worm’s size to UDP 1434') },
  open: ({ options, raise, distinct }) => {
    // One counter of sources and one of targets; lists of the first 20 of each.
    const seen = distinct(2);
    const sources: string[] = [];
    const targets: string[] = [];
    const packets: number[] = [];
    const flows: string[] = [];
    let datagrams = 0;
    let told = 0;
    let firstUs = 0;

    function tell(): void {
      told = datagrams;
      const from = seen.count(0);
      const to = seen.count(1);
      raise({
        key: 'SQL Slammer',
        sources: [...sources],
        targets: [...targets],
        observed: datagrams,
        threshold: options.datagrams,
        unit: 'datagrams',
        firstUs,
        firstPacket: packets[0],
        packets: [...packets],
        flows: [...flows],
        count: datagrams,
        explain: `${counted(from, 'host')} sent the SQL Slammer worm to ${counted(to, 'host')}: ${counted(datagrams, 'datagram')} of 376 bytes to UDP port 1434.`,
        filter: 'udp.dstport == 1434 && udp.length == 384',
      });
    }

    return {
      moments: moment.opened,
      flow(s: FlowSignal) {
        if (s.rPort !== resolutionPort || s.payloadLen !== wormBytes || s.proto !== ipProto.udp) return;
        if (datagrams === 0) firstUs = s.timeUs;
        datagrams++;
        if (seen.add(0, hashWords(s.o0, s.o1, s.o2, s.o3)) && sources.length < listed)
          sources.push(formatAddress(s.ipVersion, s.o0, s.o1, s.o2, s.o3));
        if (seen.add(1, hashWords(s.r0, s.r1, s.r2, s.r3)) && targets.length < listed) targets.push(responder(s));
        if (packets.length < listed) packets.push(s.packet);
        if (flows.length < listed) flows.push(communityOf(s));
        if (datagrams >= options.datagrams && datagrams >= told * 2) tell();
      },
      end() {
        if (told > 0 && datagrams > told) tell();
      },
    };
  },
});
