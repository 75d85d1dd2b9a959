// Two stations with one IP address (RFC 5227): an address goes to another MAC while its owner is still there, or
// goes back and forth.

import { formatAddress, type Packet } from '../../../../core/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { macText } from '../mac.ts';
import { learned, neighboursOf } from '../neighbours.ts';

const FIRST_SEC = 0;
const FLIPS = 1;
const RAISED = 2;
const ALERTS = 3;
const FIRST_PACKET = 0;
/** Alerts of one address, each for two stations; what comes later is one for all. */
const alertLimit = 8;

export const ipConflict = defineDetector({
  name: 'l2.ip-conflict',
  title: 'Address used twice',
  version: 1,
  severity: 'medium',
  mitre: 'T1557.002',
  meaning:
    'Two stations say that an address is theirs: connections break, or one of them takes what is meant for the other.',
  benign:
    'A replaced device, an address given to another host, or redundant servers that share an address without a MAC of its own.',
  next: 'Find the ports of both MAC addresses; see which of them should have the address and where the other got it.',
  options: {
    aliveSec: seconds(1800, 'The former owner was heard within this time and has announced no other address'),
    flips: count(2, 'Changes of owner within `windowSec` that make a conflict whoever was heard'),
    windowSec: seconds(300, 'Window in which changes are counted'),
  },
  open: (around) => {
    const { options, now, table, raise } = around;
    const known = neighboursOf(around);
    const { arp } = known;
    // 512 addresses of 60 bytes.
    const addresses = table({ capacity: 512, keyWords: 2, words: 4, doubles: 1, idleSec: 3600 });
    return {
      frame(p: Packet): void {
        if (arp.operation === 0 || known.isRepeat || !known.isTaken) return;
        if ((known.beforeSource & learned.claim) === 0) return;
        // An answer that nobody asked for, to one host, is a matter for l2.arp-spoof.
        if (arp.operation === 2 && arp.isUnicast && !known.isAnswer) return;
        const row = addresses.claim(now.sec, arp.senderIp, arp.vlan);
        if (row < 0) return;
        const w = addresses.words;
        const at = addresses.at(row);
        if (now.sec - w[at + FIRST_SEC] > options.windowSec) {
          w[at + FIRST_SEC] = now.sec;
          w[at + FLIPS] = 0;
          w[at + RAISED] = 0;
          addresses.doubles[row] = p.number;
        }
        const flips = ++w[at + FLIPS];
        const isThere = known.wasOwner && known.silence(known.before0, known.before1) <= options.aliveSec;
        if (!isThere && flips < options.flips) return;
        if (flips < w[at + RAISED] * 2) return;
        w[at + RAISED] = flips;
        w[at + ALERTS]++;
        addresses.setWorth(row, 2);
        tell(row, flips, w[at + ALERTS] > alertLimit);
      },
    };

    function tell(row: number, flips: number, isOneOfMany: boolean): void {
      const ip = formatAddress(4, arp.senderIp, 0, 0, 0);
      const before = macText(known.before0, known.before1);
      const after = macText(arp.sender0, arp.sender1);
      const [a, b] = [before, after].sort();
      const silence = known.silence(known.before0, known.before1);
      const changes = flips > 1 ? `, ${flips} changes in ${options.windowSec} s` : '';
      raise({
        key: isOneOfMany ? ip : `${ip}: ${a} ↔ ${b}`,
        sources: [],
        targets: [ip],
        observed: flips,
        threshold: 1,
        unit: 'changes of owner',
        firstPacket: addresses.doubles[row + FIRST_PACKET],
        count: flips,
        explain: `${after} says that ${ip} is its address; it belongs to ${before}, heard ${silence} s ago${changes}.`,
        against: known.wasOwner ? '' : `${before} has announced another address since.`,
        filter: `arp.src.proto_ipv4 == ${ip}`,
      });
    }
  },
});
