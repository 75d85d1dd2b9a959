// Threshold random walk (Jung, Paxson, Berger, Balakrishnan 2004): a benign host's first contacts succeed four times in
// five, a scanner's fail four times in five; each outcome makes the one or the other four times more likely.

import { type FlowSignal, formatAddress, ipProto } from '../../../../core/index.ts';
import { hashWords } from '../../../sketches/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { counted, fromHost, grouped, span } from '../../wording.ts';
import { arePeers } from './book/failures.ts';
import { scanBook } from './book/scan-book.ts';

/** Words: steps towards a scanner, failed first contacts, those told, second it was crossed, last second. */
const SCORE = 0;
const FAILED = 1;
const RAISED = 2;
const CROSSED = 3;
const FIRST_US = 0;
const FIRST_PACKET = 1;
/** Successes count for no more than this ahead, or a host could hide behind its past; failures for a million times. */
const floor = -4;
const ceiling = 10;
const checkSec = 10;

export const randomWalk = defineDetector({
  name: 'scan.trw',
  title: 'First contacts that keep failing',
  version: 1,
  severity: 'low',
  mitre: 'T1046',
  meaning: 'Who knows a network reaches whom he calls; who searches it mostly fails.',
  benign: 'File sharing with peers that are gone; a network or a firewall that is down.',
  next: 'See which ports the source tries, and whether the hosts it tries exist.',
  options: {
    likelihood: count(9801, 'How many times more likely a scanner than a benign host'),
    failures: count(8, 'Hosts whose first contact failed, at least'),
    waitSec: seconds(60, 'Time left to detectors that can say more'),
  },
  open: (around) => {
    const { options, now, table, distinct, raise } = around;
    const book = scanBook(around);
    // 2048 rows: 0.7 MiB with their pool.
    const sources = table({ capacity: 2048, keyWords: 5, words: 4, doubles: 2, idleSec: 3600 });
    const met = distinct(sources);
    const steps = Math.min(ceiling, Math.ceil(Math.log(Math.max(1, options.likelihood)) / Math.log(4)));
    let checkedSec = 0;

    function outcome(s: FlowSignal, isAnswered: boolean): void {
      if (s.proto !== ipProto.tcp) return;
      const row = isAnswered
        ? sources.find(s.ipVersion, s.o0, s.o1, s.o2, s.o3)
        : sources.claim(now.sec, s.ipVersion, s.o0, s.o1, s.o2, s.o3);
      if (row < 0) return;
      const w = sources.words;
      const o = sources.at(row);
      if (w[o + FAILED] === 0) begin(row, s);
      if (!met.add(row, hashWords(s.r0, s.r1, s.r2, s.r3))) return;
      w[o + SCORE] = Math.min(ceiling, Math.max(floor, w[o + SCORE] + (isAnswered ? -1 : 1)));
      if (isAnswered) return;
      w[o + FAILED]++;
      sources.setWorth(row, w[o + FAILED] - 1);
      if (w[o + SCORE] >= steps && w[o + FAILED] >= options.failures && w[o + CROSSED] === 0) w[o + CROSSED] = now.sec;
    }

    function begin(row: number, s: FlowSignal): void {
      met.clear(row);
      const d = row * sources.doublesPerRow;
      sources.doubles[d + FIRST_US] = s.firstUs;
      sources.doubles[d + FIRST_PACKET] = s.firstPacket;
    }

    /** Tells those who crossed the line long enough ago and whom nobody else named. */
    function settle(isOver: boolean): void {
      const w = sources.words;
      for (let row = 0; row < sources.capacity; row++) {
        if (!sources.isUsed(row)) continue;
        const o = sources.at(row);
        if (w[o + CROSSED] === 0 || (!isOver && now.sec - w[o + CROSSED] < options.waitSec)) continue;
        const isNews = isOver ? w[o + FAILED] > w[o + RAISED] : w[o + FAILED] >= w[o + RAISED] * 2;
        if (isNews) tell(row, o);
      }
    }

    function tell(row: number, o: number): void {
      const [version, w0, w1, w2, w3] = [0, 1, 2, 3, 4].map((i) => sources.key(row, i));
      const known = book.rowOf(ipProto.tcp, version, w0, w1, w2, w3);
      if (known >= 0 && (book.isRowNamed(known) || arePeers(book.failures.counts(known)))) return;
      const failed = sources.words[o + FAILED];
      sources.words[o + RAISED] = failed;
      const source = formatAddress(version, w0, w1, w2, w3);
      const d = row * sources.doublesPerRow;
      const firstUs = sources.doubles[d + FIRST_US];
      raise({
        key: source,
        sources: [source],
        targets: [],
        confidence: 0.7,
        observed: failed,
        threshold: options.failures,
        unit: 'hosts',
        firstUs,
        firstPacket: sources.doubles[d + FIRST_PACKET],
        count: failed,
        explain: `${source} failed to reach ${counted(failed, 'host')} at the first contact within ${span(sources.lastSec(row) * 1e6 - firstUs)}, limit ${options.failures}; ${grouped(4 ** sources.words[o + SCORE])} times more likely a scanner than not.`,
        filter: `${fromHost(source)} && tcp.flags.syn == 1 && tcp.flags.ack == 0`,
      });
    }

    function tick(sec: number): void {
      if (sec - checkedSec < checkSec) return;
      checkedSec = sec;
      settle(false);
    }

    return book.open({ outcome }, { tick, end: () => settle(true) });
  },
});
