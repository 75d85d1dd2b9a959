// ARP scan: one station asks for many addresses of its own link (RFC 826), to learn which hosts are there.

import { formatIpv4, type Packet } from '../../../../core/index.ts';
import { hashWords } from '../../../sketches/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { counted, span } from '../../wording.ts';
import { macText } from '../mac.ts';
import { neighboursOf } from '../neighbours.ts';
import { arpRequest } from './arp-message.ts';

const FIRST_SEC = 0;
const RAISED = 1;
const LAST_TARGET = 2;
const IN_ORDER = 3;
const FIRST_US = 0;
const FIRST_PACKET = 1;
/** Part of the targets that follow one another, from which on fewer of them are enough. */
const orderly = 0.7;

export const arpScan = defineDetector({
  name: 'l2.arp-scan',
  title: 'ARP scan',
  version: 1,
  severity: 'medium',
  mitre: 'T1018',
  meaning: 'Whoever has come into a network asks first which hosts are there; on one link that is done with ARP.',
  benign: 'Network management and a router whose hosts are being scanned from elsewhere ask for many addresses too.',
  next: 'Find the station by its MAC address and see what it does with the hosts that answered.',
  options: {
    targets: count(25, 'Different addresses asked for within `windowSec`'),
    orderedTargets: count(10, 'The same, where the addresses follow one another'),
    windowSec: seconds(30, 'Window in which they are counted'),
  },
  open: (around) => {
    const { options, now, table, distinct, raise } = around;
    const known = neighboursOf(around);
    const { arp } = known;
    // 1,024 stations, 56 bytes each, and a distinct counter of 260: 0.3 MB, resident where used.
    const senders = table({ capacity: 1024, keyWords: 3, words: 4, doubles: 2, idleSec: options.windowSec });
    const asked = distinct(senders);
    const begin = (row: number, p: Packet): void => {
      const at = senders.at(row);
      senders.words.fill(0, at, at + 4);
      senders.words[at + FIRST_SEC] = now.sec;
      senders.doubles[2 * row + FIRST_US] = p.timeUs;
      senders.doubles[2 * row + FIRST_PACKET] = p.number;
      asked.clear(row);
    };
    const tell = (row: number, targets: number, limit: number, p: Packet): void => {
      const mac = macText(arp.sender0, arp.sender1);
      const ip = arp.isProbe ? mac : formatIpv4(arp.senderIp);
      const firstUs = senders.doubles[2 * row + FIRST_US];
      const took = span(p.timeUs - firstUs);
      raise({
        key: mac,
        sources: arp.isProbe ? [] : [ip],
        targets: [],
        observed: targets,
        threshold: limit,
        unit: 'addresses',
        firstUs,
        firstPacket: senders.doubles[2 * row + FIRST_PACKET],
        count: targets,
        explain: `${ip} (${mac}) asked by ARP for ${counted(targets, 'address')} in ${took}, limit ${limit}.`.replace(
          'addresss',
          'addresses',
        ),
        filter: `arp.opcode == 1 && arp.src.hw_mac == ${mac}`,
      });
    };
    return {
      frame(p: Packet): void {
        if (arp.operation !== arpRequest || known.isRepeat || arp.isAnnouncement || arp.isUnicast) return;
        const row = senders.claim(now.sec, arp.sender0, arp.sender1, arp.vlan);
        if (row < 0) return;
        const w = senders.words;
        const at = senders.at(row);
        if (now.sec - w[at + FIRST_SEC] > options.windowSec) begin(row, p);
        if (!asked.add(row, hashWords(arp.targetIp))) return;
        const step = arp.targetIp - w[at + LAST_TARGET];
        if (step > 0 && step <= 4) w[at + IN_ORDER]++;
        w[at + LAST_TARGET] = arp.targetIp;
        const targets = asked.count(row);
        const isOrdered = w[at + IN_ORDER] >= orderly * (targets - 1);
        const limit = isOrdered ? options.orderedTargets : options.targets;
        if (targets < limit || targets < w[at + RAISED] * 2 || isExempt()) return;
        w[at + RAISED] = targets;
        senders.setWorth(row, targets);
        tell(row, targets, limit, p);
      },
    };

    /** A router asks for whomever others want to reach: it passes on what others send, or owns several addresses. */
    function isExempt(): boolean {
      return known.isRouter(arp.sender0, arp.sender1) || known.claimed(arp.sender0, arp.sender1) >= 2;
    }
  },
});
