// Distributed scan: many sources, each of which does too little to be seen, try the same port of one host in vain, or go
// through its ports together.

import { type FlowSignal, ipProto } from '../../../../core/index.ts';
import { hashWords } from '../../../sketches/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { counted, responder, span, toHost } from '../../wording.ts';
import { scanBook } from './book/scan-book.ts';

const SINCE = 0;
const RAISED = 1;
const ANSWERED = 2;

export const distributedScan = defineDetector({
  name: 'scan.distributed',
  title: 'Scan from many sources',
  version: 1,
  severity: 'low',
  mitre: 'T1595.001',
  meaning: 'A botnet shares a scan among its hosts so that none of them shows.',
  benign: 'A server that is down and whose clients still call; peers of a host that had this address before.',
  next: 'See whether the host ever offered the service, and whether the sources did anything else.',
  options: {
    sources: count(20, 'Sources whose tries of one port of a host failed within `windowSec`'),
    ports: count(20, 'Ports of a host that as many sources tried in vain: medium'),
    windowSec: seconds(300, 'Window in which they are counted'),
  },
  open: (around) => {
    const { options, now, table, distinct, raise } = around;
    const book = scanBook(around);
    // By host and port, and by host alone (port 0): 1.2 MiB with their pools.
    const targets = table({ capacity: 2048, keyWords: 6, words: 3, doubles: 2, idleSec: options.windowSec });
    const from = distinct(targets);
    const ports = distinct(targets);

    function rowOf(s: FlowSignal, port: number): number {
      const row = targets.claim(now.sec, s.ipVersion, port, s.r0, s.r1, s.r2, s.r3);
      if (row < 0) return -1;
      const w = targets.words;
      const o = targets.at(row);
      if (w[o + SINCE] !== 0 && now.sec - w[o + SINCE] <= options.windowSec) return row;
      w.fill(0, o, o + 3);
      w[o + SINCE] = now.sec;
      targets.doubles[row * 2] = s.firstUs;
      targets.doubles[row * 2 + 1] = s.firstPacket;
      from.clear(row);
      ports.clear(row);
      return row;
    }

    function answered(s: FlowSignal): void {
      const row = targets.find(s.ipVersion, s.rPort, s.r0, s.r1, s.r2, s.r3);
      if (row >= 0) targets.words[targets.at(row) + ANSWERED]++;
    }

    function failed(s: FlowSignal, port: number): void {
      const row = rowOf(s, port);
      if (row < 0 || book.isNamed(s)) return;
      ports.add(row, hashWords(s.rPort));
      if (!from.add(row, hashWords(s.o0, s.o1, s.o2, s.o3))) return;
      const sources = from.count(row);
      targets.setWorth(row, sources - 1);
      const w = targets.words;
      const o = targets.at(row);
      if (sources < options.sources || sources < w[o + RAISED] * 2 || w[o + ANSWERED] > 0) return;
      const tried = ports.count(row);
      if (port === 0 && tried < options.ports) return;
      w[o + RAISED] = sources;
      tell(s, row, port, sources, tried);
    }

    function tell(s: FlowSignal, row: number, port: number, sources: number, tried: number): void {
      const target = responder(s);
      const what = port === 0 ? `${counted(tried, 'port')} of ${target}` : `port ${port} of ${target}`;
      const firstUs = targets.doubles[row * 2];
      raise({
        key: port === 0 ? target : `${target} port ${port}`,
        sources: [],
        targets: [target],
        severity: port === 0 ? 'medium' : 'low',
        observed: sources,
        threshold: options.sources,
        unit: 'sources',
        firstUs,
        firstPacket: targets.doubles[row * 2 + 1],
        count: sources,
        packets: [s.firstPacket],
        explain: `${counted(sources, 'source')} tried ${what} in vain in ${span(now.timeUs - firstUs)}, limit ${options.sources}.`,
        against: 'None of them was answered.',
        filter: `${toHost(target)} && ${port === 0 ? '' : `tcp.dstport == ${port} && `}tcp.flags.syn == 1 && tcp.flags.ack == 0`,
      });
    }

    return book.open({
      outcome(s, isAnswered) {
        if (s.proto !== ipProto.tcp) return;
        if (isAnswered) {
          answered(s);
          return;
        }
        failed(s, s.rPort);
        failed(s, 0);
      },
    });
  },
});
