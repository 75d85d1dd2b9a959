// Rogue router advertisement: someone else says that he is the way out (RFC 6104).

import { formatIpv6, type Packet } from '../../../../core/index.ts';
import { hashWords } from '../../../sketches/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { isSharedMac, macText } from '../mac.ts';
import { neighboursOf } from '../neighbours.ts';
import { ndRouterAdvertisement } from './nd-message.ts';

const MAC0 = 0;
const MAC1 = 1;
const SEEN = 2;
const RAISED = 3;
const highPreference = 1;

export const raRogue = defineDetector({
  name: 'l2.ra-rogue',
  title: 'Rogue router',
  version: 1,
  severity: 'high',
  mitre: 'T1557',
  meaning:
    'All hosts of the link take their way out, addresses and often name servers from any router that announces itself.',
  benign: 'A second router set up on purpose, shared internet of a laptop or phone, a redundant pair.',
  next: 'Find the MAC address of the router; switch on RA guard for ports that have no router.',
  options: {
    learnSec: seconds(300, 'Time after the first router in which others are learned'),
    routers: count(8, 'Routers told of at the most: more of them are a flood'),
  },
  open: (around) => {
    const { options, now, table, raise } = around;
    const known = neighboursOf(around);
    const { nd } = known;
    // 256 routers of 60 bytes.
    const routers = table({ capacity: 256, keyWords: 5, words: 4, idleSec: 86_400 });
    const prefixes = new Set<number>();
    let firstSec = Number.NEGATIVE_INFINITY;
    let told = 0;
    return {
      frame(p: Packet): void {
        if (nd.type !== ndRouterAdvertisement || known.isRepeat || nd.lifetimeSec === 0) return;
        if (firstSec === Number.NEGATIVE_INFINITY) firstSec = now.sec;
        const isFirst = routers.used === 0;
        const row = routers.claim(now.sec, p.vlanOuter, p.src0, p.src1, p.src2, p.src3);
        if (row < 0) return;
        const w = routers.words;
        const at = routers.at(row);
        const isNew = w[at + SEEN] === 0;
        const hasNewPrefix = learnPrefixes();
        if (isNew && !isFirst) judgeNew(p, hasNewPrefix);
        else if (!isNew && isForged(at)) tellForged(p, at);
        if (isNew) {
          w[at + MAC0] = nd.from0;
          w[at + MAC1] = nd.from1;
        }
        if (w[at + SEEN] < 1e9) w[at + SEEN]++;
        routers.setWorth(row, w[at + SEEN]);
      },
    };

    /** Remembers up to 256 prefixes of the link; whether one of this message was not among them. */
    function learnPrefixes(): boolean {
      let isNew = false;
      for (let i = 0; i < nd.prefixes; i++) {
        const hash = hashWords(nd.prefixWords[4 * i], nd.prefixWords[4 * i + 1]);
        if (prefixes.has(hash)) continue;
        isNew = true;
        if (prefixes.size < 256) prefixes.add(hash);
      }
      return isNew;
    }

    function judgeNew(p: Packet, hasNewPrefix: boolean): void {
      const isLearning = now.sec - firstSec <= options.learnSec;
      const isEager = nd.preference === highPreference;
      if ((isLearning && !isEager) || told >= options.routers) return;
      told++;
      const isHigh = !isLearning && (hasNewPrefix || isEager);
      const signs = [hasNewPrefix ? 'with a prefix of its own' : '', isEager ? 'with high preference' : ''];
      const how = signs.filter((sign) => sign !== '').join(' and ');
      tell(p, isHigh ? 'high' : isEager ? 'medium' : 'low', `announces itself as a router ${how}`.trim());
    }

    function isForged(at: number): boolean {
      const w = routers.words;
      if (w[at + RAISED] !== 0 || (nd.from0 | nd.from1) === 0) return false;
      if (isSharedMac(nd.from0, nd.from1) || isSharedMac(w[at + MAC0], w[at + MAC1])) return false;
      return w[at + MAC0] !== nd.from0 || w[at + MAC1] !== nd.from1;
    }

    function tellForged(p: Packet, at: number): void {
      const w = routers.words;
      w[at + RAISED] = 1;
      tell(p, 'high', `announces itself in the name of a router that is ${macText(w[at + MAC0], w[at + MAC1])}`);
    }

    function tell(p: Packet, severity: 'low' | 'medium' | 'high', what: string): void {
      const router = formatIpv6(p.src0, p.src1, p.src2, p.src3);
      const mac = macText(nd.from0, nd.from1);
      const more = nd.prefixes > 0 ? ` (prefix ${prefixText()})` : '';
      raise({
        key: router,
        sources: [router],
        targets: [],
        severity,
        observed: 1,
        threshold: 1,
        unit: 'routers',
        explain: `${router} (${mac}) ${what}${more}; ${routers.used - 1} other router(s) were known.`,
        filter: `icmpv6.type == 134 && eth.src == ${mac}`,
      });
    }

    function prefixText(): string {
      const w = nd.prefixWords;
      return formatIpv6(w[0], w[1], w[2], w[3]);
    }
  },
});
