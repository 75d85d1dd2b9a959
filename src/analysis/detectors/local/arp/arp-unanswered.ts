// The way out is broken: a host asks for its gateway and gets no answer (RFC 826), or the gateway answers ARP and
// then passes nothing on.

import { type FlowSignal, formatIpv4, moment, type Packet } from '../../../../core/index.ts';
import { hashWords } from '../../../sketches/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { communityOf, counted, span } from '../../wording.ts';
import { isGroupMac, macText } from '../mac.ts';
import { neighboursOf } from '../neighbours.ts';
import { arpRequest } from './arp-message.ts';

/** Packets sent and a bit for each host they went to; the next hop; whether anything ever came back. */
const SENT = 0;
const HOSTS = 1;
const NEXT0 = 2;
const NEXT1 = 3;
const RAISED = 4;
const ANSWERED = 5;
const VLAN = 6;
const WORDS = 7;
const FIRST_US = 0;
const FIRST_PACKET = 1;

export const arpUnanswered = defineDetector({
  name: 'perf.arp-fail',
  title: 'No way out: next hop is dead',
  version: 1,
  severity: 'medium',
  mitre: null,
  meaning: 'A host that cannot reach its gateway reaches nothing beyond its own link.',
  benign: 'The sensor sees one direction only, or the gateway is being restarted.',
  next: 'Check the gateway address of the host, the port and VLAN of the gateway, and whether it passes packets on.',
  options: {
    asks: count(5, 'ARP questions without an answer'),
    asksSec: seconds(4, 'Time over which they are asked'),
    packets: count(6, 'Packets to other networks through one next hop without any answer'),
    packetsSec: seconds(5, 'Time over which they are sent'),
    windowSec: seconds(60, 'Window in which they are counted'),
  },
  open: (around) => {
    const { options, now, table, raise, network } = around;
    const known = neighboursOf(around);
    const { arp } = known;
    // Stations with their way out; 1,024 of 68 bytes.
    const ways = table({ capacity: 1024, keyWords: 1, words: WORDS, doubles: 2, idleSec: 600 });
    return {
      moments: moment.opened | moment.retried | moment.answered | moment.rejected,
      frame(p: Packet): void {
        if (arp.operation !== arpRequest || known.isRepeat || arp.isProbe || arp.isAnnouncement) return;
        const asked = known.questions.unanswered;
        if (asked !== options.asks && (asked < options.asks || (asked & (asked - 1)) !== 0)) return;
        if (known.questions.waiting(now.sec) < options.asksSec || !known.seesAnswersTo(arp.sender0, arp.sender1))
          return;
        if (isGateway()) tellArp(asked, p);
      },
      flow(s: FlowSignal): void {
        if (s.isInner || s.ipVersion !== 4 || s.attempts > 1000) return;
        if (s.moment === moment.answered || s.moment === moment.rejected) revive(s);
        else leave(s);
      },
    };

    /** The address belongs to a router, or to a station that others reach the world through. */
    function isGateway(): boolean {
      const row = known.find(4, arp.vlan, arp.targetIp);
      return row >= 0 && known.carries(known.mac0(row), known.mac1(row));
    }

    /** A packet to another network; the next hop is known from the first of its flow. */
    function leave(s: FlowSignal): void {
      if (network.isLocal(4, s.r0, 0, 0, 0) || !network.isLocal(4, s.o0, 0, 0, 0)) return;
      const row = s.moment === moment.opened ? wayOf(s) : ways.find(s.o0);
      if (row < 0) return;
      const w = ways.words;
      const at = ways.at(row);
      if (w[at + ANSWERED] !== 0) return;
      const ageUs = s.timeUs - ways.doubles[2 * row + FIRST_US];
      if (w[at + RAISED] === 0 && ageUs > options.windowSec * 1e6) begin(row, s);
      const sent = ++w[at + SENT];
      w[at + HOSTS] |= 1 << (hashWords(s.r0) & 31);
      if (sent < options.packets || sent < 2 * w[at + RAISED]) return;
      // One host that does not answer says nothing about the way.
      if ((w[at + HOSTS] & (w[at + HOSTS] - 1)) === 0) return;
      if (ageUs < options.packetsSec * 1e6) return;
      if (!isDead(s, at)) return;
      w[at + RAISED] = sent;
      ways.setWorth(row, 2);
      tellWay(s, row);
    }

    /** The row of a station, emptied when it uses another next hop than before. */
    function wayOf(s: FlowSignal): number {
      if (isGroupMac(s.dstMac0) || (s.dstMac0 | s.dstMac1) === 0) return -1;
      const row = ways.claim(now.sec, s.o0);
      if (row < 0) return -1;
      const w = ways.words;
      const at = ways.at(row);
      if (w[at + NEXT0] === s.dstMac0 && w[at + NEXT1] === s.dstMac1) return row;
      w[at + NEXT0] = s.dstMac0;
      w[at + NEXT1] = s.dstMac1;
      w[at + VLAN] = s.vlan;
      w[at + RAISED] = 0;
      w[at + ANSWERED] = 0;
      begin(row, s);
      return row;
    }

    function begin(row: number, s: FlowSignal): void {
      const at = ways.at(row);
      ways.words[at + SENT] = 0;
      ways.words[at + HOSTS] = 0;
      ways.doubles[2 * row + FIRST_US] = s.timeUs;
      ways.doubles[2 * row + FIRST_PACKET] = s.packet;
    }

    /** The next hop answered this station's ARP, so the sensor sees both directions; and it carries nothing for anyone. */
    function isDead(s: FlowSignal, at: number): boolean {
      const next0 = ways.words[at + NEXT0];
      const next1 = ways.words[at + NEXT1];
      const ip = known.ipOf(next0, next1);
      return (
        ip !== 0 &&
        !known.carries(next0, next1) &&
        known.questions.answerAge(now.sec, ways.words[at + VLAN], s.o0, ip) < 600
      );
    }

    /** Something came back. */
    function revive(s: FlowSignal): void {
      if (network.isLocal(4, s.r0, 0, 0, 0)) return;
      const row = ways.find(s.o0);
      if (row >= 0) ways.words[ways.at(row) + ANSWERED] = 1;
    }

    function tellArp(asked: number, p: Packet): void {
      const ip = formatIpv4(arp.senderIp);
      const target = formatIpv4(arp.targetIp);
      const sec = known.questions.waiting(now.sec);
      raise({
        key: `${ip} → ${target}`,
        sources: [target],
        targets: [ip],
        observed: asked,
        threshold: options.asks,
        unit: 'questions',
        firstUs: p.timeUs - sec * 1e6,
        count: asked,
        explain: `${ip} asked for its gateway ${target} by ARP ${asked} times in ${span(sec * 1e6)} and got no answer.`,
        filter: `arp && arp.dst.proto_ipv4 == ${target}`,
      });
    }

    function tellWay(s: FlowSignal, row: number): void {
      const w = ways.words;
      const at = ways.at(row);
      const ip = formatIpv4(s.o0);
      const next = formatIpv4(known.ipOf(w[at + NEXT0], w[at + NEXT1]));
      const mac = macText(w[at + NEXT0], w[at + NEXT1]);
      const firstUs = ways.doubles[2 * row + FIRST_US];
      const sent = counted(w[at + SENT], 'packet');
      const took = span(s.timeUs - firstUs);
      raise({
        key: `${ip} → ${next}`,
        sources: [next],
        targets: [ip],
        observed: w[at + SENT],
        threshold: options.packets,
        unit: 'packets',
        firstUs,
        firstPacket: ways.doubles[2 * row + FIRST_PACKET],
        count: w[at + SENT],
        explain: `${ip} sent ${sent} to other networks through ${next} (${mac}) in ${took}; the gateway answers ARP, but nothing ever came back.`,
        flows: [communityOf(s)],
        filter: `ip.addr == ${ip} && eth.addr == ${mac}`,
      });
    }
  },
});
