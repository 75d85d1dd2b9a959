// Scripted man in the middle: one station asks again and again for the same two hosts that are there and would be
// known, which is how tools refresh what they forged. The forged answers themselves often do not pass the sensor.

import { formatIpv4, type Packet } from '../../../../core/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { span } from '../../wording.ts';
import { macText } from '../mac.ts';
import { neighboursOf } from '../neighbours.ts';
import { arpRequest } from './arp-message.ts';

const FIRST_SEC = 0;
const LAST_SEC = 1;
const TARGETS = 2;
const RAISED = 3;
const EPISODE = 4;
/** Four targets, then how often each was asked for. */
const TARGET = 5;
const ASKED = 9;
const LAST_PLACE = 13;
const PAIRS = 14;
const WORDS = 15;
const FIRST_US = 0;
const FIRST_PACKET = 1;
const LAST_US = 2;
/** Both are asked for one right after the other, and about as often. */
const pairUs = 1e6;
const imbalance = 2;
const targetLimit = 4;
/** Alerts of one station; what comes later belongs to the last. */
const episodeLimit = 50;

export const arpReask = defineDetector({
  name: 'l2.arp-reask',
  title: 'Man in the middle (ARP asked again and again)',
  version: 1,
  severity: 'high',
  mitre: 'T1557.002',
  meaning:
    'A host knows its neighbours for minutes; asking for the same two every few seconds is how traffic between them is held captured.',
  benign: 'Monitoring that does not keep what it learns, or a cluster that checks two peers by ARP.',
  next: 'Look at the ARP tables of the two hosts: do both have the same MAC address for the other?',
  options: {
    asks: count(4, 'Times that each of the two is asked for within `windowSec`'),
    windowSec: seconds(30, 'Window in which they are counted'),
    quietSec: seconds(20, 'Silence after which the next time is an attack of its own'),
    aliveSec: seconds(300, 'One of the two hosts at least was heard within this time'),
  },
  open: (around) => {
    const { options, now, table, raise } = around;
    const known = neighboursOf(around);
    const { arp } = known;
    // 1,024 stations of 120 bytes.
    const senders = table({ capacity: 1024, keyWords: 3, words: WORDS, doubles: 3, idleSec: 3600 });
    return {
      frame(p: Packet): void {
        if (arp.operation !== arpRequest || known.isRepeat || arp.isProbe || arp.isAnnouncement) return;
        const row = senders.claim(now.sec, arp.sender0, arp.sender1, arp.vlan);
        if (row < 0) return;
        const w = senders.words;
        const at = senders.at(row);
        const isAnother = now.sec - w[at + LAST_SEC] > options.quietSec;
        if (isAnother || now.sec - w[at + FIRST_SEC] > options.windowSec) begin(row, isAnother, p);
        w[at + LAST_SEC] = now.sec;
        const place = placeOf(at, arp.targetIp);
        if (place < 0) return;
        const asks = ++w[at + ASKED + place];
        countPair(row, at, place, p.timeUs);
        if (w[at + TARGETS] > targetLimit || asks < options.asks || asks < 2 * w[at + RAISED]) return;
        const other = partnerOf(at, place);
        if (other < 0 || asks > imbalance * w[at + ASKED + other] || w[at + PAIRS] < options.asks) return;
        if (known.isRouter(arp.sender0, arp.sender1)) return;
        if (!isThere(w[at + TARGET + place]) && !isThere(w[at + TARGET + other])) return;
        if (w[at + RAISED] === 0 && w[at + EPISODE] < episodeLimit) w[at + EPISODE]++;
        w[at + RAISED] = asks;
        senders.setWorth(row, 10);
        tell(row, place, other, p);
      },
    };

    function begin(row: number, isAnother: boolean, p: Packet): void {
      const w = senders.words;
      const at = senders.at(row);
      const raised = isAnother ? 0 : w[at + RAISED];
      w.fill(0, at + TARGET, at + WORDS);
      w[at + TARGETS] = 0;
      w[at + RAISED] = raised;
      w[at + FIRST_SEC] = now.sec;
      senders.doubles[3 * row + FIRST_US] = p.timeUs;
      senders.doubles[3 * row + FIRST_PACKET] = p.number;
    }

    /** Where a target is counted; -1 when there are too many. */
    function placeOf(at: number, ip: number): number {
      const w = senders.words;
      for (let i = 0; i < targetLimit; i++) {
        if (w[at + TARGET + i] === ip) return i;
        if (w[at + TARGET + i] !== 0) continue;
        w[at + TARGET + i] = ip;
        w[at + TARGETS]++;
        return i;
      }
      w[at + TARGETS] = targetLimit + 1;
      return -1;
    }

    function countPair(row: number, at: number, place: number, timeUs: number): void {
      const w = senders.words;
      if (w[at + LAST_PLACE] !== place + 1 && Math.abs(timeUs - senders.doubles[3 * row + LAST_US]) <= pairUs)
        w[at + PAIRS]++;
      w[at + LAST_PLACE] = place + 1;
      senders.doubles[3 * row + LAST_US] = timeUs;
    }

    /** The one other target that is asked for as often; -1 when there is none or more than one. */
    function partnerOf(at: number, place: number): number {
      let partner = -1;
      for (let i = 0; i < targetLimit; i++) {
        if (i === place || senders.words[at + ASKED + i] < options.asks) continue;
        if (partner >= 0) return -1;
        partner = i;
      }
      return partner;
    }

    /** Somebody had this address and was heard lately. A dead peer is asked for again and again by anyone. */
    function isThere(ip: number): boolean {
      const row = known.find(4, arp.vlan, ip);
      return row >= 0 && known.silence(known.mac0(row), known.mac1(row)) <= options.aliveSec;
    }

    function tell(row: number, place: number, other: number, p: Packet): void {
      const w = senders.words;
      const at = senders.at(row);
      const mac = macText(arp.sender0, arp.sender1);
      const ip = formatIpv4(arp.senderIp);
      const hosts = [w[at + TARGET + place], w[at + TARGET + other]].sort((x, y) => (x >>> 0) - (y >>> 0));
      const [a, b] = hosts.map(formatIpv4);
      const firstUs = senders.doubles[3 * row + FIRST_US];
      const asks = Math.min(w[at + ASKED + place], w[at + ASKED + other]);
      const episode = w[at + EPISODE] > 1 ? ` (${w[at + EPISODE]})` : '';
      const took = span(p.timeUs - firstUs);
      raise({
        key: `${mac}: ${a} ↔ ${b}${episode}`,
        sources: [ip],
        targets: [a, b],
        observed: asks,
        threshold: options.asks,
        unit: 'questions for each',
        firstUs,
        firstPacket: senders.doubles[3 * row + FIRST_PACKET],
        count: asks * 2,
        explain: `${ip} (${mac}) asked by ARP ${asks} times in ${took} for each of ${a} and ${b}, and for hardly anyone else, though they would be known.`,
        filter: `arp.src.hw_mac == ${mac} && arp.dst.proto_ipv4 in {${a}, ${b}}`,
      });
    }
  },
});
