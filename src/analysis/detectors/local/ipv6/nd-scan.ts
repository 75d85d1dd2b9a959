// Neighbour solicitation scan: one station asks for many IPv6 addresses of its own link (RFC 4861 §4.3).

import { formatIpv6, type Packet } from '../../../../core/index.ts';
import { hashWords } from '../../../sketches/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { grouped, span } from '../../wording.ts';
import { macText } from '../mac.ts';
import { neighboursOf } from '../neighbours.ts';
import { ndSolicitation } from './nd-message.ts';

const FIRST_SEC = 0;
const RAISED = 1;
const FIRST_US = 0;
const FIRST_PACKET = 1;

export const ndScan = defineDetector({
  name: 'l2.nd-scan',
  title: 'Neighbour solicitation scan',
  version: 1,
  severity: 'medium',
  mitre: 'T1018',
  meaning: 'Whoever looks for IPv6 hosts on a link has to ask for each address.',
  benign: 'A router whose network is being scanned from elsewhere asks for each address as well.',
  next: 'Find the station by its MAC address and see what it does with the hosts that answered.',
  options: {
    targets: count(25, 'Different addresses asked for within `windowSec`'),
    windowSec: seconds(30, 'Window in which they are counted'),
  },
  open: (around) => {
    const { options, now, table, distinct, raise } = around;
    const known = neighboursOf(around);
    const { nd } = known;
    // 512 stations, 52 bytes each and a distinct counter of 260.
    const senders = table({ capacity: 512, keyWords: 3, words: 2, doubles: 2, idleSec: options.windowSec });
    const asked = distinct(senders);
    return {
      frame(p: Packet): void {
        // From `::` a host asks whether its own new address is free.
        if (nd.type !== ndSolicitation || known.isRepeat || (p.src0 | p.src3) === 0) return;
        const row = senders.claim(now.sec, nd.from0, nd.from1, nd.from0 === 0 ? p.src3 : 0);
        if (row < 0) return;
        const w = senders.words;
        const at = senders.at(row);
        if (now.sec - w[at + FIRST_SEC] > options.windowSec) {
          w[at + FIRST_SEC] = now.sec;
          w[at + RAISED] = 0;
          senders.doubles[2 * row + FIRST_US] = p.timeUs;
          senders.doubles[2 * row + FIRST_PACKET] = p.number;
          asked.clear(row);
        }
        if (!asked.add(row, hashWords(nd.target0, nd.target1, nd.target2, nd.target3))) return;
        const targets = asked.count(row);
        if (targets < options.targets || targets < 2 * w[at + RAISED] || known.carries(nd.from0, nd.from1)) return;
        w[at + RAISED] = targets;
        senders.setWorth(row, targets);
        tell(row, targets, p);
      },
    };

    function tell(row: number, targets: number, p: Packet): void {
      const ip = formatIpv6(p.src0, p.src1, p.src2, p.src3);
      const mac = macText(nd.from0, nd.from1);
      const firstUs = senders.doubles[2 * row + FIRST_US];
      const took = span(p.timeUs - firstUs);
      raise({
        key: mac,
        sources: [ip],
        targets: [],
        observed: targets,
        threshold: options.targets,
        unit: 'addresses',
        firstUs,
        firstPacket: senders.doubles[2 * row + FIRST_PACKET],
        count: targets,
        explain: `${ip} (${mac}) solicited ${grouped(targets)} addresses in ${took}, limit ${options.targets}.`,
        filter: `icmpv6.type == 135 && eth.src == ${mac}`,
      });
    }
  },
});
