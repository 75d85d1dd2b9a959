// Router put out of service with a forged advertisement of lifetime 0 (RFC 4861 §6.2.5: hosts forget it at once).

import { formatIpv6, type Packet } from '../../../../core/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { isSharedMac, macText } from '../mac.ts';
import { neighboursOf } from '../neighbours.ts';
import { ndRouterAdvertisement } from './nd-message.ts';

const MAC0 = 0;
const MAC1 = 1;
const ALIVE_SEC = 2;
const KILL_SEC = 3;
const KILLS = 4;
const TURNS = 5;
const RAISED = 6;
const FIRST_PACKET = 0;

export const raKill = defineDetector({
  name: 'l2.ra-kill',
  title: 'Router put out of service',
  version: 1,
  severity: 'high',
  mitre: 'T1557',
  meaning: 'One forged router advertisement with lifetime 0 makes all hosts of the link drop their way out.',
  benign: 'A router that is shut down says so itself, once or a few times.',
  next: 'Compare the Ethernet source with the true router’s; switch on RA guard.',
  options: {
    turns: count(2, 'Times that a router is dropped and announces itself again within `windowSec`'),
    windowSec: seconds(60, 'Window in which they are counted'),
  },
  open: (around) => {
    const { options, now, table, raise } = around;
    const known = neighboursOf(around);
    const { nd } = known;
    // 256 routers of 72 bytes.
    const routers = table({ capacity: 256, keyWords: 5, words: 7, doubles: 1, idleSec: 3600 });
    return {
      frame(p: Packet): void {
        if (nd.type !== ndRouterAdvertisement || known.isRepeat) return;
        const row = routers.claim(now.sec, p.vlanOuter, p.src0, p.src1, p.src2, p.src3);
        if (row < 0) return;
        if (nd.lifetimeSec > 0) live(routers.at(row));
        else kill(row, p);
      },
    };

    function live(at: number): void {
      const w = routers.words;
      if (w[at + KILL_SEC] !== 0 && now.sec - w[at + KILL_SEC] <= options.windowSec) w[at + TURNS]++;
      else w[at + TURNS] = 0;
      w[at + ALIVE_SEC] = now.sec;
      w[at + MAC0] = nd.from0;
      w[at + MAC1] = nd.from1;
    }

    function kill(row: number, p: Packet): void {
      const w = routers.words;
      const at = routers.at(row);
      if (w[at + KILLS] === 0 || now.sec - w[at + KILL_SEC] > 10 * options.windowSec) {
        w[at + KILLS] = 0;
        w[at + RAISED] = 0;
        routers.doubles[row + FIRST_PACKET] = p.number;
      }
      w[at + KILL_SEC] = now.sec;
      const kills = ++w[at + KILLS];
      const why = forgery(at, p);
      if (why === '' || kills < 2 * w[at + RAISED]) return;
      w[at + RAISED] = kills;
      routers.setWorth(row, 5);
      const router = formatIpv6(p.src0, p.src1, p.src2, p.src3);
      const mac = macText(nd.from0, nd.from1);
      raise({
        key: router,
        sources: [],
        targets: [router],
        confidence: 0.9,
        observed: kills,
        threshold: 1,
        unit: 'advertisements',
        firstPacket: routers.doubles[row + FIRST_PACKET],
        count: kills,
        explain: `${mac} says in the name of the router ${router} that it is out of service; ${why}.`,
        filter: `icmpv6.type == 134 && icmpv6.nd.ra.router_lifetime == 0 && ipv6.src == ${router}`,
      });
    }

    /** What shows that the router did not say so itself; empty when nothing does. */
    function forgery(at: number, p: Packet): string {
      const w = routers.words;
      if ((nd.from0 | nd.from1) === 0 || isSharedMac(nd.from0, nd.from1)) return '';
      const isKnown = w[at + ALIVE_SEC] !== 0;
      if (isKnown && (w[at + MAC0] !== nd.from0 || w[at + MAC1] !== nd.from1))
        return `the router itself is ${macText(w[at + MAC0], w[at + MAC1])}`;
      if (isKnown && w[at + TURNS] >= options.turns) return `it announced itself again ${w[at + TURNS]} times`;
      // An interface identifier made of a MAC address (RFC 4291 appendix A) that is not the frame's.
      const isMadeOfMac = (p.src2 & 0xff) === 0xff && p.src3 >>> 24 === 0xfe;
      if (!isMadeOfMac) return '';
      const own0 = ((p.src2 & 0xffffff00) ^ 0x02000000) | ((p.src3 >>> 16) & 0xff);
      const own1 = p.src3 & 0xffff;
      if (own0 === nd.from0 && own1 === nd.from1) return '';
      return `its address belongs to ${macText(own0, own1)}`;
    }
  },
});
