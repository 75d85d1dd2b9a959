// Neighbour discovery spoofing: forged advertisements draw traffic to another station, or deny every new address
// (RFC 3756 §4.1.1, §4.1.3).

import { formatIpv6, type Packet } from '../../../../core/index.ts';
import { hashWords } from '../../../sketches/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { macText } from '../mac.ts';
import { neighboursOf } from '../neighbours.ts';
import { ndAdvertisement, ndSolicitation } from './nd-message.ts';

const FIRST_SEC = 0;
const TAKEN = 1;
const DENIED = 2;
const RAISED = 3;
const FIRST_US = 0;
const FIRST_PACKET = 1;
/** Latest addresses that hosts would like to take. */
const wishLimit = 16;
const wishSec = 3;

export const ndSpoof = defineDetector({
  name: 'l2.nd-spoof',
  title: 'Neighbour spoofing',
  version: 1,
  severity: 'high',
  mitre: 'T1557',
  meaning:
    'With forged advertisements a station puts itself between others, or keeps every host from getting an address.',
  benign: 'Anycast addresses, failover of redundant servers, a replaced network card.',
  next: 'Compare the MAC address with the true one of the address named, and find its port.',
  options: {
    taken: count(2, 'Addresses of others taken within `windowSec`; a single one is told as medium'),
    denied: count(3, 'New addresses of others that it says are its own, within `windowSec`'),
    windowSec: seconds(300, 'Window in which signs are gathered'),
    aliveSec: seconds(600, 'The owner of an address taken was heard within this time'),
  },
  open: (around) => {
    const { options, now, table, raise } = around;
    const known = neighboursOf(around);
    const { nd } = known;
    // 512 stations of 60 bytes.
    const senders = table({ capacity: 512, keyWords: 2, words: 4, doubles: 2, idleSec: 600 });
    const wishes = new Int32Array(wishLimit);
    const wishers = new Int32Array(wishLimit);
    const wishedSec = new Float64Array(wishLimit).fill(Number.NEGATIVE_INFINITY);
    let nextWish = 0;
    return {
      frame(p: Packet): void {
        if (nd.type === 0 || known.isRepeat) return;
        if (nd.type === ndSolicitation) wish(p);
        else if (nd.type === ndAdvertisement) judge(p);
      },
    };

    /** A host asks whether the address that it would like to have is free (RFC 4862 §5.4.2). */
    function wish(p: Packet): void {
      if ((p.src0 | p.src1 | p.src2 | p.src3) !== 0) return;
      wishes[nextWish] = hashWords(nd.target0, nd.target1, nd.target2, nd.target3);
      wishers[nextWish] = hashWords(nd.from0, nd.from1);
      wishedSec[nextWish] = now.sec;
      nextWish = (nextWish + 1) % wishLimit;
    }

    /** Whether someone else wished for the target a moment ago; told once. */
    function isDenial(): boolean {
      const target = hashWords(nd.target0, nd.target1, nd.target2, nd.target3);
      for (let i = 0; i < wishLimit; i++) {
        if (wishes[i] !== target || wishers[i] === hashWords(nd.from0, nd.from1)) continue;
        if (now.sec - wishedSec[i] > wishSec) continue;
        wishedSec[i] = Number.NEGATIVE_INFINITY;
        return true;
      }
      return false;
    }

    function judge(p: Packet): void {
      const isTaken = known.isTaken && nd.isOverride && known.silence(known.before0, known.before1) <= options.aliveSec;
      const denial = isDenial();
      if (!isTaken && !denial) return;
      const row = senders.claim(now.sec, nd.mac0, nd.mac1);
      if (row < 0) return;
      const w = senders.words;
      const at = senders.at(row);
      if (now.sec - w[at + FIRST_SEC] > options.windowSec) {
        w.fill(0, at, at + 4);
        w[at + FIRST_SEC] = now.sec;
        senders.doubles[2 * row + FIRST_US] = p.timeUs;
        senders.doubles[2 * row + FIRST_PACKET] = p.number;
      }
      if (isTaken) w[at + TAKEN]++;
      if (denial) w[at + DENIED]++;
      const isHigh = w[at + TAKEN] >= options.taken || w[at + DENIED] >= options.denied;
      if (!isHigh && w[at + TAKEN] === 0) return;
      const level = w[at + TAKEN] + w[at + DENIED] + (isHigh ? 1 << 20 : 0);
      if (w[at + RAISED] !== 0 && level < 2 * w[at + RAISED]) return;
      w[at + RAISED] = level;
      senders.setWorth(row, 5);
      tell(row, isHigh);
    }

    function tell(row: number, isHigh: boolean): void {
      const w = senders.words;
      const at = senders.at(row);
      const mac = macText(nd.mac0, nd.mac1);
      const target = formatIpv6(nd.target0, nd.target1, nd.target2, nd.target3);
      const taken = w[at + TAKEN];
      const denied = w[at + DENIED];
      const before = known.isTaken ? `; ${target} belongs to ${macText(known.before0, known.before1)}` : '';
      raise({
        key: mac,
        sources: [],
        targets: [target],
        severity: isHigh ? 'high' : 'medium',
        confidence: isHigh ? 0.9 : 0.6,
        observed: taken + denied,
        threshold: denied > taken ? options.denied : options.taken,
        unit: 'advertisements',
        firstUs: senders.doubles[2 * row + FIRST_US],
        firstPacket: senders.doubles[2 * row + FIRST_PACKET],
        count: taken + denied,
        explain: `${mac} took addresses of others ${taken} times and denied new ones ${denied} times${before}.`,
        filter: `icmpv6.type == 136 && eth.src == ${mac}`,
      });
    }
  },
});
