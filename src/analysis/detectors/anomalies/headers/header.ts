// Headers that cannot be read (length fields that contradict each other, bad options, wrong versions): what Suricata calls
// decoder events. Not what the capture cut off.

import { type Packet, problemName } from '../../../../core/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { counted, fromHost, span } from '../../wording.ts';
import { sourceOf, Tally } from '../tally.ts';

/** Problems that say something of the capture, or of a checksum, but not of the sender. */
const ownReasons = new Set(['truncated', 'unknown', 'checksum', 'depth']);
const isOwn = new Map<number, boolean>();

function isSenders(p: Packet): boolean {
  let own = isOwn.get(p.problem);
  if (own === undefined) {
    own = ownReasons.has(problemName(p.problem).split('.')[1] ?? '');
    isOwn.set(p.problem, own);
  }
  return !own;
}

export const header = defineDetector({
  name: 'proto.header',
  title: 'Headers that contradict themselves',
  version: 1,
  severity: 'info',
  mitre: 'T1562',
  meaning: 'Malformed headers crash careless receivers, or are read differently by a filter and by the host behind it.',
  benign: 'A broken network card or driver, and protocols of a vendor that only look like IP.',
  next: 'See whether the packets come from one machine, and whether what it sends is otherwise sound.',
  options: {
    packets: count(5, 'Such packets of one source within `windowSec`'),
    windowSec: seconds(60, 'Window in which they are counted'),
  },
  open: (around) => {
    const { options, now, raise } = around;
    const tally = new Tally(around, 512, options.windowSec);
    return {
      frame(p: Packet): void {
        if (p.problem === 0 || !isSenders(p)) return;
        const n = tally.add(now, p.ipVersion, p.src0, p.src1, p.src2, p.src3);
        if (n === 0 || !tally.isNews(options.packets)) return;
        const source = p.ipVersion === 0 ? 'a sender without an address' : sourceOf(p);
        const { firstUs, ...when } = tally.when();
        raise({
          key: source,
          sources: p.ipVersion === 0 ? [] : [source],
          targets: [],
          observed: n,
          threshold: options.packets,
          unit: 'packets',
          ...when,
          firstUs,
          explain: `${counted(n, 'packet')} of ${source} within ${span(now.timeUs - firstUs)} had headers that contradict themselves, the latest: ${problemName(p.problem)}.`,
          filter: p.ipVersion === 0 ? '_ws.malformed' : `${fromHost(source)} && _ws.expert`,
        });
      },
    };
  },
});
