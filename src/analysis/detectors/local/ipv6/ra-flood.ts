// Flood of router advertisements: every one makes each host configure another address and route (RFC 4861 §6.3.4).

import type { Packet } from '../../../../core/index.ts';
import { hashWords } from '../../../sketches/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { counted, span } from '../../wording.ts';
import { neighboursOf } from '../neighbours.ts';
import { ndRouterAdvertisement } from './nd-message.ts';

export const raFlood = defineDetector({
  name: 'l2.ra-flood',
  title: 'Flood of router advertisements',
  version: 1,
  severity: 'high',
  mitre: 'T1499',
  meaning: 'Hosts that believe thousands of routers and prefixes hang or crash.',
  benign: 'None in an ordinary network; a test of equipment.',
  next: 'Find the port by the Ethernet source and shut it; switch on RA guard.',
  options: {
    announced: count(50, 'Different routers and prefixes within `windowSec`'),
    windowSec: seconds(10, 'Window in which they are counted'),
  },
  open: (around) => {
    const { options, now, distinct, raise } = around;
    const known = neighboursOf(around);
    const { nd } = known;
    const seen = distinct(1);
    let firstSec = Number.NEGATIVE_INFINITY;
    let firstUs = 0;
    let firstPacket = 0;
    let raised = 0;
    return {
      frame(p: Packet): void {
        if (nd.type !== ndRouterAdvertisement || known.isRepeat) return;
        if (now.sec - firstSec > options.windowSec) {
          firstSec = now.sec;
          firstUs = p.timeUs;
          firstPacket = p.number;
          raised = 0;
          seen.clear(0);
        }
        seen.add(0, hashWords(p.src0, p.src1, p.src2, p.src3));
        for (let i = 0; i < nd.prefixes; i++)
          seen.add(0, hashWords(nd.prefixWords[4 * i], nd.prefixWords[4 * i + 1], 1));
        const announced = seen.count(0);
        if (announced < options.announced || announced < 2 * raised) return;
        raised = announced;
        const took = span(p.timeUs - firstUs);
        raise({
          key: 'router advertisements',
          sources: [],
          targets: [],
          observed: announced,
          threshold: options.announced,
          unit: 'routers and prefixes',
          firstUs,
          firstPacket,
          count: announced,
          explain: `${counted(announced, 'different router and prefix').replace('prefixs', 'prefixes')} announced in ${took}, limit ${options.announced}.`,
          filter: 'icmpv6.type == 134',
        });
      },
    };
  },
});
