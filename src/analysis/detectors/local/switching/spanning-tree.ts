// Spanning tree under attack: another bridge makes itself the root, or the topology does not come to rest
// (IEEE 802.1D §17).

import type { Packet } from '../../../../core/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { macText } from '../mac.ts';
import { neighboursOf } from '../neighbours.ts';
import { Bpdu } from './bpdu.ts';

const PRIORITY = 0;
const ROOT0 = 1;
const ROOT1 = 2;
const SEEN = 3;
const SINCE_SEC = 4;
const CHANGES = 5;
const WINDOW_SEC = 6;
const RAISED = 7;
const HAD_CHANGE = 8;
const WORDS = 9;

export const spanningTree = defineDetector({
  name: 'l2.stp',
  title: 'Spanning tree changed',
  version: 1,
  severity: 'medium',
  mitre: 'T1557',
  meaning:
    'The root bridge decides which way frames go; who becomes the root can see them, and each change stops the network for seconds.',
  benign: 'A switch that was added or replaced, or a link that goes up and down.',
  next: 'Find the port of the new root; protect ports of hosts with BPDU guard and root guard.',
  options: {
    settled: count(10, 'Units that name the same root before another one is strange'),
    settledSec: seconds(20, 'Time over which they come'),
    changes: count(5, 'Topology changes within `windowSec`'),
    windowSec: seconds(60, 'Window in which changes are counted'),
  },
  open: (around) => {
    const { options, now, table, raise } = around;
    const known = neighboursOf(around);
    const unit = new Bpdu();
    // 256 trees of 56 bytes.
    const trees = table({ capacity: 256, keyWords: 1, words: WORDS, idleSec: 3600 });
    return {
      frame(p: Packet): void {
        if (p.ipVersion !== 0 || !unit.read(p)) return;
        const row = trees.claim(now.sec, unit.isNotification ? -1 : unit.tree);
        if (row < 0) return;
        const at = trees.at(row);
        if (!unit.isNotification) judgeRoot(at);
        countChange(row, at);
      },
    };

    function judgeRoot(at: number): void {
      const w = trees.words;
      const isSame = w[at + ROOT0] === unit.root0 && w[at + ROOT1] === unit.root1;
      if (isSame && w[at + PRIORITY] === unit.rootPriority) {
        if (w[at + SEEN] < 1e9) w[at + SEEN]++;
        return;
      }
      const isSettled = w[at + SEEN] >= options.settled && now.sec - w[at + SINCE_SEC] >= options.settledSec;
      if (isSettled && !isSame && isSuperior(at)) tellRoot(at);
      w[at + PRIORITY] = unit.rootPriority;
      w[at + ROOT0] = unit.root0;
      w[at + ROOT1] = unit.root1;
      w[at + SEEN] = 1;
      w[at + SINCE_SEC] = now.sec;
    }

    /** The lower identifier wins: priority first, then the address. */
    function isSuperior(at: number): boolean {
      const w = trees.words;
      if (unit.rootPriority !== w[at + PRIORITY]) return unit.rootPriority < w[at + PRIORITY];
      if (unit.root0 !== w[at + ROOT0]) return unit.root0 >>> 0 < w[at + ROOT0] >>> 0;
      return unit.root1 < w[at + ROOT1];
    }

    /** Flags stay set for a while: what counts is that they are set anew. */
    function countChange(row: number, at: number): void {
      const w = trees.words;
      const isNew = unit.isNotification || (unit.hasChange && w[at + HAD_CHANGE] === 0);
      w[at + HAD_CHANGE] = unit.hasChange ? 1 : 0;
      if (!isNew) return;
      if (now.sec - w[at + WINDOW_SEC] > options.windowSec) {
        w[at + WINDOW_SEC] = now.sec;
        w[at + CHANGES] = 0;
        w[at + RAISED] = 0;
      }
      const changes = ++w[at + CHANGES];
      if (changes < options.changes || changes < 2 * w[at + RAISED]) return;
      w[at + RAISED] = changes;
      trees.setWorth(row, changes);
      raise({
        key: 'topology changes',
        sources: [],
        targets: [],
        observed: changes,
        threshold: options.changes,
        unit: 'changes',
        count: changes,
        explain: `The spanning tree changed ${changes} times in ${now.sec - w[at + WINDOW_SEC]} s, the latest told by ${macText(unit.from0, unit.from1)}.`,
        filter: 'stp.type == 0x80 || stp.flags.tc == 1',
      });
    }

    function tellRoot(at: number): void {
      const w = trees.words;
      const root = macText(unit.root0, unit.root1);
      const from = macText(unit.from0, unit.from1);
      const isHost = known.claimed(unit.from0, unit.from1) > 0;
      const host = isHost ? ', which is the MAC address of a host' : '';
      raise({
        key: root,
        sources: [],
        targets: [],
        severity: isHost ? 'high' : 'medium',
        observed: 1,
        threshold: 1,
        unit: 'root bridges',
        explain: `${root} (priority ${unit.rootPriority}) became the root bridge instead of ${macText(w[at + ROOT0], w[at + ROOT1])} (priority ${w[at + PRIORITY]}), told by ${from}${host}.`,
        filter: `stp.root.hw == ${root}`,
      });
    }
  },
});
