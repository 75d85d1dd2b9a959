// A MAC address in two places: the same station with the same IP address speaks now here, now there (another
// interface of the sensor or another VLAN).

import { type FlowSignal, formatAddress, isLocalAddress, moment } from '../../../../core/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { isGroupMac, isSharedMac, macText } from '../mac.ts';
import { neighboursOf } from '../neighbours.ts';

const PLACE = 0;
const MOVES = 1;
const FIRST_SEC = 2;
const RAISED = 3;
const EARLIER = 4;
const SEEN = 5;

export const macFlap = defineDetector({
  name: 'l2.mac-flap',
  title: 'MAC address moves to and fro',
  version: 1,
  severity: 'low',
  mitre: 'T1557',
  meaning: 'A loop makes a station appear in two places, and so does someone who takes its MAC address.',
  benign: 'A device that roams between access points, or a bond of two links without the switch knowing.',
  next: 'Look where the switches see this address, and for a loop between the two places.',
  options: {
    moves: count(3, 'Returns to a former place within `windowSec`'),
    windowSec: seconds(60, 'Window in which they are counted'),
  },
  open: (around) => {
    const { options, now, table, raise } = around;
    const known = neighboursOf(around);
    // 2,048 stations of 48 bytes, resident where used. The IP address is part of the key: a router has one in each
    // VLAN.
    const stations = table({ capacity: 2048, keyWords: 3, words: 6, idleSec: 300 });
    return {
      moments: moment.opened,
      flow(s: FlowSignal): void {
        // Who was not heard of before cannot have moved: forged sources end here.
        if (s.attempts < 2 || (s.srcMac0 | s.srcMac1) === 0 || isGroupMac(s.srcMac0) || s.isInner) return;
        const ip = s.ipVersion === 4 ? s.o0 : s.o3;
        if (ip === 0 || !isLocalAddress(s.ipVersion, s.o0, s.o1, s.o2, s.o3)) return;
        const row = stations.claim(now.sec, s.srcMac0, s.srcMac1, ip);
        if (row < 0) return;
        const w = stations.words;
        const at = stations.at(row);
        const place = ((s.iface & 0xffff) << 13) | (s.vlan + 1);
        const isFirst = w[at + SEEN] === 0;
        w[at + SEEN] = 1;
        const before = w[at + PLACE];
        if (isFirst) w[at + PLACE] = place;
        if (isFirst || before === place) return;
        const earlier = w[at + EARLIER];
        w[at + EARLIER] = before;
        w[at + PLACE] = place;
        // Who moves on is elsewhere now; who comes back is in two places.
        if (earlier !== place) return;
        if (known.isRouter(s.srcMac0, s.srcMac1) || isSharedMac(s.srcMac0, s.srcMac1)) return;
        if (now.sec - w[at + FIRST_SEC] > options.windowSec) {
          w[at + FIRST_SEC] = now.sec;
          w[at + MOVES] = 0;
          w[at + RAISED] = 0;
        }
        const moves = ++w[at + MOVES];
        if (moves < options.moves || moves < 2 * w[at + RAISED]) return;
        w[at + RAISED] = moves;
        stations.setWorth(row, moves);
        tell(s, moves, before, place);
      },
    };

    function tell(s: FlowSignal, moves: number, before: number, place: number): void {
      const mac = macText(s.srcMac0, s.srcMac1);
      const ip = formatAddress(s.ipVersion, s.o0, s.o1, s.o2, s.o3);
      raise({
        key: mac,
        sources: [ip],
        targets: [],
        observed: moves,
        threshold: options.moves,
        unit: 'moves',
        count: moves,
        explain: `${mac} (${ip}) came back ${moves} times within ${options.windowSec} s, between ${placeText(before)} and ${placeText(place)}.`,
        filter: `eth.src == ${mac}`,
      });
    }
  },
});

const placeText = (place: number): string => {
  const vlan = (place & 0x1fff) - 1;
  return `interface ${place >>> 13}${vlan < 0 ? '' : `, VLAN ${vlan}`}`;
};
