// Calls to addresses of the local networks at which nobody lives. Who lives there is learnt from answers and ARP
// (RFC 826), so that only a network of which enough is known is judged (simple-scan's dark addresses).

import { type FlowSignal, ipProto, net, type Packet } from '../../../../core/index.ts';
import { hashWords } from '../../../sketches/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { communityOf, fromHost, originator, responder, span } from '../../wording.ts';
import { scanBook } from './book/scan-book.ts';

/** Bits of the 256 addresses of a /24 that were seen alive. */
const aliveWords = 8;
const SINCE = 0;
const RAISED = 1;

export const darkScan = defineDetector({
  name: 'scan.dark',
  title: 'Calls to unused addresses',
  version: 1,
  severity: 'medium',
  mitre: 'T1018',
  meaning: 'Nobody has a reason to call an address that no host has, but who searches the network.',
  benign: 'Hosts that were switched off or moved and are still in somebody’s list.',
  next: 'See which addresses were tried, and what else the source does.',
  options: {
    addresses: count(3, 'Unused addresses tried by a host outside the local networks within `windowSec`'),
    localAddresses: count(6, 'The same by a local host'),
    alive: count(4, 'Hosts known in a network of 256 addresses before the rest is called unused'),
    windowSec: seconds(600, 'Window in which they are counted'),
  },
  open: (around) => {
    const { options, now, network, table, distinct, raise } = around;
    const book = scanBook(around);
    // Networks of 256 addresses and sources: 0.7 MiB with their pool. IPv6 networks are too large to be known.
    const networks = table({ capacity: 1024, keyWords: 1, words: aliveWords + 1, idleSec: 24 * 3600 });
    const sources = table({ capacity: 2048, keyWords: 5, words: 2, doubles: 2, idleSec: options.windowSec });
    const dark = distinct(sources);

    function live(word: number): void {
      if (!network.isLocal(4, word, 0, 0, 0)) return;
      const row = networks.claim(now.sec, word >>> 8);
      if (row < 0) return;
      const o = networks.at(row);
      const at = o + ((word & 255) >>> 5);
      const bit = 1 << (word & 31);
      if ((networks.words[at] & bit) !== 0) return;
      networks.words[at] |= bit;
      networks.words[o + aliveWords]++;
      networks.setWorth(row, networks.words[o + aliveWords]);
    }

    function isDark(word: number): boolean {
      const host = word & 255;
      const row = host === 0 || host === 255 ? -1 : networks.find(word >>> 8);
      if (row < 0) return false;
      const o = networks.at(row);
      const isAlive = (networks.words[o + (host >>> 5)] & (1 << (word & 31))) !== 0;
      return !isAlive && networks.words[o + aliveWords] >= options.alive;
    }

    function failed(s: FlowSignal): void {
      if (!isDark(s.r0)) return;
      const row = sources.claim(now.sec, s.ipVersion, s.o0, s.o1, s.o2, s.o3);
      if (row < 0) return;
      const w = sources.words;
      const o = sources.at(row);
      if (w[o + SINCE] === 0 || now.sec - w[o + SINCE] > options.windowSec) {
        w[o + SINCE] = now.sec;
        w[o + RAISED] = 0;
        sources.doubles[row * 2] = s.firstUs;
        sources.doubles[row * 2 + 1] = s.firstPacket;
        dark.clear(row);
      }
      if (!dark.add(row, hashWords(s.r0))) return;
      const tried = dark.count(row);
      sources.setWorth(row, tried - 1);
      const limit = network.isLocal(s.ipVersion, s.o0, s.o1, s.o2, s.o3) ? options.localAddresses : options.addresses;
      if (tried < limit || tried < w[o + RAISED] * 2 || book.isNamed(s)) return;
      w[o + RAISED] = tried;
      tell(s, row, tried, limit);
    }

    function tell(s: FlowSignal, row: number, tried: number, limit: number): void {
      const source = originator(s);
      const firstUs = sources.doubles[row * 2];
      raise({
        key: source,
        sources: [source],
        targets: [responder(s)],
        observed: tried,
        threshold: limit,
        unit: 'addresses',
        firstUs,
        firstPacket: sources.doubles[row * 2 + 1],
        count: tried,
        packets: [s.firstPacket],
        flows: [communityOf(s)],
        explain: `${source} called ${tried} local addresses at which no host is known in ${span(now.timeUs - firstUs)}, limit ${limit}.`,
        filter: `${fromHost(source)} && tcp.flags.syn == 1 && tcp.flags.ack == 0`,
      });
    }

    function seeArp(p: Packet): void {
      // Who sends ARP is there: sender protocol address, for Ethernet and IPv4 (RFC 826).
      if (p.net !== net.arp || p.l3At < 0 || p.l3At + 28 > p.end) return;
      const b = p.bytes;
      const at = p.l3At;
      if (b[at + 2] !== 8 || b[at + 3] !== 0 || b[at + 4] !== 6 || b[at + 5] !== 4) return;
      live((b[at + 14] << 24) | (b[at + 15] << 16) | (b[at + 16] << 8) | b[at + 17]);
    }

    function outcome(s: FlowSignal, isAnswered: boolean): void {
      if (s.ipVersion !== 4 || s.proto !== ipProto.tcp) return;
      if (isAnswered || s.rPackets > 0) {
        live(s.r0);
        if (isAnswered) live(s.o0);
      } else failed(s);
    }

    return book.open({ outcome }, { frame: seeArp });
  },
});
