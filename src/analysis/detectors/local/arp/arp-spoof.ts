// ARP spoofing: forged answers that draw the traffic of a host or of the gateway to another station (RFC 826 has no
// way to tell them from true ones, so several signs are weighed).

import { formatIpv4, type Packet } from '../../../../core/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { isSharedMac, macText } from '../mac.ts';
import { neighboursOf } from '../neighbours.ts';
import { arpReply } from './arp-message.ts';

const FIRST_SEC = 0;
const LAST_CLAIM = 1;
const LAST_TOLD = 2;
const UNASKED = 3;
const TAKEN = 4;
const STRANGE = 5;
const SIGNS = 6;
const RAISED = 7;
const WORDS = 8;
const FIRST_US = 0;
const FIRST_PACKET = 1;

/** What speaks for forgery, as bits; each with its words. */
const sign = { taken: 1, unasked: 2, gateway: 4, bothEnds: 8, strange: 16 } as const;
const signWords: readonly (readonly [bit: number, words: string])[] = [
  [sign.bothEnds, 'tells each of two hosts that it is the other'],
  [sign.gateway, 'says that it is the gateway'],
  [sign.taken, 'takes an address from a station that is still there'],
  [sign.unasked, 'answers what nobody asked'],
  [sign.strange, 'names a MAC address that is not the one the frame came from'],
];

export const arpSpoof = defineDetector({
  name: 'l2.arp-spoof',
  title: 'ARP spoofing',
  version: 1,
  severity: 'medium',
  mitre: 'T1557.002',
  meaning: 'With forged ARP a station puts itself between others: it can read, change or drop what they send.',
  benign: 'A failover between redundant servers, a proxy-ARP router, bonded network cards, a replaced device.',
  next: 'Compare the MAC address of the address named with the true one, and see where the frames of the victim go afterwards.',
  options: {
    unasked: count(3, 'Answers to one host that nobody asked for, within `windowSec`, when nothing else is known'),
    taken: count(3, 'Claims of addresses of others within `windowSec`, when nothing else is known'),
    strange: count(3, 'Messages with another MAC address than their frame within `windowSec`'),
    windowSec: seconds(60, 'Window in which signs are gathered'),
    aliveSec: seconds(600, 'The owner of an address taken was heard within this time'),
  },
  open: (around) => {
    const { options, now, table, raise } = around;
    const known = neighboursOf(around);
    const { arp } = known;
    // 1,024 stations of 72 bytes.
    const senders = table({ capacity: 1024, keyWords: 2, words: WORDS, doubles: 2, idleSec: 600 });
    return {
      frame(p: Packet): void {
        if (arp.operation === 0 || known.isRepeat || arp.isProbe || isSharedMac(arp.sender0, arp.sender1)) return;
        // Questions and announcements of two owners are a conflict; who forges, answers.
        const isReply = arp.operation === arpReply && !arp.isAnnouncement;
        const isUnasked = isReply && arp.isUnicast && !known.isAnswer;
        const isTaken =
          isReply && known.isTaken && known.wasOwner && known.silence(known.before0, known.before1) <= options.aliveSec;
        const isStrange = (arp.from0 | arp.from1) !== 0 && (arp.from0 !== arp.sender0 || arp.from1 !== arp.sender1);
        if (!isUnasked && !isTaken && !isStrange) return;
        const row = senders.claim(now.sec, arp.sender0, arp.sender1);
        if (row < 0) return;
        const at = begin(row, p);
        const w = senders.words;
        // Of what was asked before the capture began nothing can be known.
        if (isUnasked) see(at, now.sec - known.firstSec >= 1);
        if (isTaken && ++w[at + TAKEN] > 0) w[at + SIGNS] |= sign.taken;
        if (isStrange && ++w[at + STRANGE] >= options.strange) w[at + SIGNS] |= sign.strange;
        if ((isUnasked || isTaken) && isGateway()) w[at + SIGNS] |= sign.gateway;
        if (isUnasked) {
          w[at + LAST_CLAIM] = arp.senderIp;
          w[at + LAST_TOLD] = arp.targetIp;
        }
        judge(row);
      },
    };

    /** The words of a station, emptied when its window is over. */
    function begin(row: number, p: Packet): number {
      const w = senders.words;
      const at = senders.at(row);
      if (now.sec - w[at + FIRST_SEC] <= options.windowSec) return at;
      const raised = w[at + RAISED];
      w.fill(0, at, at + WORDS);
      w[at + FIRST_SEC] = now.sec;
      w[at + RAISED] = raised;
      senders.doubles[2 * row + FIRST_US] = p.timeUs;
      senders.doubles[2 * row + FIRST_PACKET] = p.number;
      return at;
    }

    /** An answer nobody asked for: the second half of a pair is certain, whatever was seen before. */
    function see(at: number, isSure: boolean): void {
      const w = senders.words;
      const isBoth = arp.targetIp !== 0 && w[at + LAST_CLAIM] === arp.targetIp && w[at + LAST_TOLD] === arp.senderIp;
      if (isBoth) w[at + SIGNS] |= sign.bothEnds;
      if (!isSure) return;
      w[at + UNASKED]++;
      w[at + SIGNS] |= sign.unasked;
    }

    /**
     * Whether the address claimed is the gateway's: it belonged to a router; or the network has a router whose own
     * address never showed, and the first or last address of the victim's /24 is claimed by someone else.
     */
    function isGateway(): boolean {
      if (known.isTaken && known.carries(known.before0, known.before1)) return true;
      const { router0, router1 } = known;
      if ((router0 | router1) === 0 || (router0 === arp.sender0 && router1 === arp.sender1)) return false;
      if (known.ipOf(router0, router1) !== 0) return false;
      const last = arp.senderIp & 255;
      return (last === 1 || last === 254) && (arp.senderIp ^ arp.targetIp) >>> 8 === 0;
    }

    function judge(row: number): void {
      const w = senders.words;
      const at = senders.at(row);
      const signs = w[at + SIGNS];
      const isHigh =
        (signs & sign.bothEnds) !== 0 ||
        ((signs & sign.gateway) !== 0 && (signs & (sign.unasked | sign.taken)) !== 0) ||
        ((signs & sign.taken) !== 0 && (signs & sign.unasked) !== 0);
      const isMedium =
        w[at + UNASKED] >= options.unasked || w[at + TAKEN] >= options.taken || (signs & sign.strange) !== 0;
      if (!isHigh && !isMedium) return;
      const level = (isHigh ? 1 << 20 : 0) + w[at + UNASKED] + w[at + TAKEN] + w[at + STRANGE];
      if (level < 2 * w[at + RAISED] && w[at + RAISED] >= (isHigh ? 1 << 20 : 1)) return;
      w[at + RAISED] = level;
      senders.setWorth(row, 10);
      tell(row, isHigh);
    }

    function tell(row: number, isHigh: boolean): void {
      const w = senders.words;
      const at = senders.at(row);
      const mac = macText(arp.sender0, arp.sender1);
      const ip = formatIpv4(arp.senderIp);
      const victim = formatIpv4(arp.targetIp);
      const claims = Math.max(1, w[at + UNASKED] + w[at + TAKEN] + w[at + STRANGE]);
      const signs = signWords.filter(([bit]) => (w[at + SIGNS] & bit) !== 0).map(([, words]) => words);
      const before = known.isTaken ? `, which belonged to ${macText(known.before0, known.before1)}` : '';
      raise({
        key: mac,
        sources: [],
        targets: arp.isAnnouncement || arp.targetIp === 0 ? [ip] : [ip, victim],
        severity: isHigh ? 'high' : 'medium',
        confidence: isHigh ? 0.9 : 0.7,
        observed: claims,
        threshold: isHigh ? 1 : options.unasked,
        unit: 'forged messages',
        firstUs: senders.doubles[2 * row + FIRST_US],
        firstPacket: senders.doubles[2 * row + FIRST_PACKET],
        count: claims,
        explain: `${mac} says to ${victim} that it is ${ip}${before}: it ${signs.join(', and it ')}.`,
        filter: `arp.src.hw_mac == ${mac} || eth.addr == ${mac}`,
      });
    }
  },
});
