// Slow scan: tries that fail so seldom that no window of minutes holds enough of them, but of ever new hosts and ports.

import { type FlowSignal, ipProto } from '../../../../core/index.ts';
import { hashWords } from '../../../sketches/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { communityOf, counted, fromHost, originator, span } from '../../wording.ts';
import { scanBook } from './book/scan-book.ts';

const ANSWERED = 0;
const RAISED = 1;
const SINCE = 2;
const RAISED_SEC = 3;
const FIRST_PACKET = 0;
const hourSec = 3600;
/** What goes on is told again at least so often, or it would count as over. */
const againSec = 1800;

export const slowScan = defineDetector({
  name: 'scan.slow',
  title: 'Slow scan',
  version: 1,
  severity: 'medium',
  mitre: 'T1595.001',
  meaning: 'A patient intruder tries a port every few minutes so as not to be seen.',
  benign: 'A phone or laptop that looks for printers and servers of another network; dead servers in a list.',
  next: 'List what the source tried over the hours: different ports or hosts in a row are a scan.',
  options: {
    tries: count(20, 'Different host and port pairs that failed within 6 h'),
    dayTries: count(40, 'The same within 24 h'),
    gapSec: seconds(30, 'Mean time between them, at least'),
    answeredPerTry: count(1, 'Answered connections for each of them, at the most'),
  },
  open: (around) => {
    const { options, now, table, distinct, raise } = around;
    const book = scanBook(around);
    // 2048 rows: 0.7 MiB with their pool. Kept for a day.
    const sources = table({ capacity: 2048, keyWords: 5, words: 4, doubles: 1, idleSec: 24 * hourSec });
    const failed = distinct(sources);

    function outcome(s: FlowSignal, isAnswered: boolean): void {
      if (s.proto !== ipProto.tcp) return;
      if (isAnswered) {
        const row = sources.find(s.ipVersion, s.o0, s.o1, s.o2, s.o3);
        if (row >= 0) sources.words[sources.at(row) + ANSWERED]++;
        return;
      }
      const row = sources.claim(now.sec, s.ipVersion, s.o0, s.o1, s.o2, s.o3);
      if (row < 0) return;
      const w = sources.words;
      const o = sources.at(row);
      if (w[o + SINCE] === 0 || now.sec - w[o + SINCE] > 24 * hourSec) {
        w.fill(0, o, o + 4);
        w[o + SINCE] = now.sec;
        sources.doubles[row] = s.firstPacket;
        failed.clear(row);
      }
      if (failed.add(row, hashWords(s.r0, s.r1, s.r2, s.r3, s.rPort))) judge(s, row, o);
    }

    function judge(s: FlowSignal, row: number, o: number): void {
      const w = sources.words;
      const pairs = failed.count(row);
      sources.setWorth(row, pairs - 1);
      const tookSec = now.sec - w[o + SINCE];
      const limit = tookSec <= 6 * hourSec ? options.tries : options.dayTries;
      const isNews = pairs >= w[o + RAISED] * 2 || now.sec - w[o + RAISED_SEC] >= againSec;
      if (pairs < limit || !isNews || tookSec < pairs * options.gapSec) return;
      if (w[o + ANSWERED] > pairs * options.answeredPerTry || book.isNamed(s)) return;
      w[o + RAISED] = pairs;
      w[o + RAISED_SEC] = now.sec;
      const source = originator(s);
      raise({
        key: source,
        sources: [source],
        targets: [],
        observed: pairs,
        threshold: limit,
        unit: 'tries',
        firstUs: w[o + SINCE] * 1e6,
        firstPacket: sources.doubles[row + FIRST_PACKET],
        count: pairs,
        packets: [s.firstPacket],
        flows: [communityOf(s)],
        explain: `${source} failed to reach ${counted(pairs, 'different pair')} of host and port in ${span(tookSec * 1e6)}, one in ${span((tookSec * 1e6) / pairs)}; limit ${limit}.`,
        against: `${w[o + ANSWERED]} connections of it were answered meanwhile.`,
        filter: `${fromHost(source)} && tcp.flags.syn == 1 && tcp.flags.ack == 0`,
      });
    }

    return book.open({ outcome });
  },
});
