// Gratuitous ARP storm: one station announces itself again and again (RFC 5227 §2.3 allows two, then one a minute).

import { formatIpv4, type Packet } from '../../../../core/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { span } from '../../wording.ts';
import { macText } from '../mac.ts';
import { neighboursOf } from '../neighbours.ts';

const FIRST_SEC = 0;
const SEEN = 1;
const RAISED = 2;
const FIRST_US = 0;
const FIRST_PACKET = 1;

export const announceStorm = defineDetector({
  name: 'l2.garp-storm',
  title: 'Storm of gratuitous ARP',
  version: 1,
  severity: 'low',
  mitre: 'T1498',
  meaning:
    'Each announcement is a broadcast that every host has to handle; a storm of them is a loop, a fault or an attack.',
  benign: 'A cluster that moves many addresses from one node to another announces each of them a few times.',
  next: 'Find the port of this MAC address; look for a loop, a fight for one address, or a broken failover.',
  options: {
    announcements: count(20, 'Announcements of one MAC address within `windowSec`'),
    windowSec: seconds(10, 'Window in which they are counted'),
  },
  open: (around) => {
    const { options, now, table, raise } = around;
    const known = neighboursOf(around);
    const { arp } = known;
    // 512 stations of 56 bytes.
    const senders = table({ capacity: 512, keyWords: 2, words: 3, doubles: 2, idleSec: options.windowSec });
    return {
      frame(p: Packet): void {
        if (arp.operation === 0 || !arp.isAnnouncement || known.isRepeat) return;
        const row = senders.claim(now.sec, arp.sender0, arp.sender1);
        if (row < 0) return;
        const w = senders.words;
        const at = senders.at(row);
        if (now.sec - w[at + FIRST_SEC] > options.windowSec) {
          w[at + FIRST_SEC] = now.sec;
          w[at + SEEN] = 0;
          w[at + RAISED] = 0;
          senders.doubles[2 * row + FIRST_US] = p.timeUs;
          senders.doubles[2 * row + FIRST_PACKET] = p.number;
        }
        const seen = ++w[at + SEEN];
        if (seen < options.announcements || seen < w[at + RAISED] * 2) return;
        w[at + RAISED] = seen;
        senders.setWorth(row, seen);
        const mac = macText(arp.sender0, arp.sender1);
        const firstUs = senders.doubles[2 * row + FIRST_US];
        const took = span(p.timeUs - firstUs);
        raise({
          key: mac,
          sources: [formatIpv4(arp.senderIp)],
          targets: [],
          observed: seen,
          threshold: options.announcements,
          unit: 'announcements',
          firstUs,
          firstPacket: senders.doubles[2 * row + FIRST_PACKET],
          count: seen,
          explain: `${mac} announced itself by ARP ${seen} times in ${took}, limit ${options.announcements}.`,
          filter: `arp.isgratuitous == 1 && arp.src.hw_mac == ${mac}`,
        });
      },
    };
  },
});
