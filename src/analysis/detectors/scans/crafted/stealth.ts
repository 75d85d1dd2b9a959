// Stealth scan: segments whose answer tells an open port from a closed one without a handshake (RFC 9293 §3.10.7.1):
// NULL, FIN, Xmas, SYN+FIN, and ACK or FIN+ACK (window and Maimon scans) where there is no connection.

import { type FlowSignal, formatAddress, ipProto, moment, type Packet, tcpFlag } from '../../../../core/index.ts';
import { hashWords } from '../../../sketches/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { counted, fromHost, span } from '../../wording.ts';
import { crafters } from './crafters.ts';
import { odd, oddKind, oddNames } from './odd-flags.ts';

const KINDS = 0;
const SINCE = 1;
const PACKETS = 2;
const RAISED = 3;
const FIRST_US = 0;
const FIRST_PACKET = 1;
const { fin, syn, rst, psh, ack, urg } = tcpFlag;
const all = fin | syn | rst | psh | ack | urg;
/** A fingerprint goes with odd segments to a port or two; so many more are a scan besides. */
const besidesFingerprint = 10;

export const stealthScan = defineDetector({
  name: 'scan.stealth',
  title: 'Stealth port scan',
  version: 1,
  severity: 'medium',
  mitre: 'T1046',
  meaning: 'Such segments are made to find open ports past firewalls and logs that look at handshakes only.',
  benign: 'Damaged packets and broken devices; connections that a firewall has forgotten.',
  next: 'See which ports were reset and which stayed silent, and what the source did next.',
  options: {
    packets: count(3, 'Segments with flags that no TCP sends, within `windowSec`'),
    ports: count(2, 'Different ports of hosts they went to, at least'),
    strayPorts: count(5, 'Ports to which a lone ACK or FIN+ACK was sent and reset: enough by themselves'),
    windowSec: seconds(60, 'Window in which they are counted'),
  },
  open: (around) => {
    const { options, now, table, distinct, raise } = around;
    const named = crafters(around);
    // 1024 sources: 0.4 MiB with their pool.
    const sources = table({ capacity: 1024, keyWords: 6, words: 4, doubles: 2, idleSec: options.windowSec });
    const tried = distinct(sources);

    /** The row of a source after one more odd segment, -1 when it is not worth a look. `target` is host and port. */
    function add(row: number, kind: number, target: number, timeUs: number, packet: number): number {
      if (row < 0) return -1;
      const w = sources.words;
      const o = sources.at(row);
      if (w[o + SINCE] === 0 || now.sec - w[o + SINCE] > options.windowSec) {
        w.fill(0, o, o + 4);
        w[o + SINCE] = now.sec;
        tried.clear(row);
        sources.doubles[row * 2 + FIRST_US] = timeUs;
        sources.doubles[row * 2 + FIRST_PACKET] = packet;
      }
      w[o + KINDS] |= kind;
      w[o + PACKETS]++;
      tried.add(row, target);
      sources.setWorth(row, tried.count(row) - 1);
      return row;
    }

    function judge(row: number, source: string, isStray: boolean, timeUs: number): void {
      const w = sources.words;
      const o = sources.at(row);
      const ports = tried.count(row);
      const isEnough = isStray
        ? ports >= options.strayPorts
        : w[o + PACKETS] >= options.packets && ports >= options.ports;
      if (!isEnough || ports < w[o + RAISED] * 2) return;
      if (ports < besidesFingerprint && named.isNamed(source, timeUs)) return;
      w[o + RAISED] = ports;
      const firstUs = sources.doubles[row * 2 + FIRST_US];
      const firstPacket = sources.doubles[row * 2 + FIRST_PACKET];
      raise({
        key: source,
        sources: [source],
        targets: [],
        observed: ports,
        threshold: isStray ? options.strayPorts : options.ports,
        unit: 'ports',
        firstUs,
        firstPacket,
        packets: [firstPacket],
        count: w[o + PACKETS],
        explain: `${source} sent ${counted(w[o + PACKETS], 'segment')} that belong to no connection to ${counted(ports, 'port')} in ${span(timeUs - firstUs)}: ${oddNames(w[o + KINDS])}.`,
        filter: `${fromHost(source)} && tcp && !(tcp.flags.syn == 1 && tcp.flags.fin == 0)`,
      });
    }

    return {
      moments: moment.rejected,
      frame(p: Packet) {
        const kind = oddKind(p);
        if (kind === odd.none) return;
        const claimed = sources.claim(now.sec, p.ipVersion, 0, p.src0, p.src1, p.src2, p.src3);
        const target = hashWords(p.dst0, p.dst1, p.dst2, p.dst3, p.dstPort);
        const row = add(claimed, kind, target, p.timeUs, p.number);
        if (row >= 0) judge(row, formatAddress(p.ipVersion, p.src0, p.src1, p.src2, p.src3), false, p.timeUs);
      },
      flow(s: FlowSignal) {
        if (s.proto !== ipProto.tcp || s.oPackets > 2 || s.oPayload > 0) return;
        const flags = s.oFlags & all;
        if (flags !== ack && flags !== (ack | fin)) return;
        const claimed = sources.claim(now.sec, s.ipVersion, 1, s.o0, s.o1, s.o2, s.o3);
        const target = hashWords(s.r0, s.r1, s.r2, s.r3, s.rPort);
        const row = add(claimed, odd.stray, target, s.firstUs, s.firstPacket);
        if (row >= 0) judge(row, formatAddress(s.ipVersion, s.o0, s.o1, s.o2, s.o3), true, s.timeUs);
      },
    };
  },
});
