// UDP port scan: many ports of one host, or one service of many hosts, tried without an answer. Most UDP programs say
// nothing to a stranger, so ports that ICMP calls closed (RFC 1122 §4.1.3.1) tell most.

import { ipProto } from '../../../../core/index.ts';
import { hashWords } from '../../../sketches/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { communityOf, fromHost, originator, responder, span, withHost } from '../../wording.ts';
import { type Episode, Episodes, grow, roughly } from './book/episodes.ts';
import type { Slot } from './book/reader.ts';
import { scanBook } from './book/scan-book.ts';

/** Traceroute's ports, each tried once with a low time to live: another matter. */
const tracePorts = { from: 33_434, to: 33_534 } as const;
const traceTtl = 32;
/** Services that only a scanner or an amplifier's owner asks strangers for; name and file-sharing traffic is no part. */
const prizes = new Set([69, 111, 177, 389, 500, 623, 1434, 3283, 3702, 5060, 5683, 10001, 11211, 17185, 47808]);
const portName = 'port ';
const portBit = 0x40000000;

export const udpScan = defineDetector({
  name: 'scan.udp',
  title: 'UDP scan',
  version: 1,
  severity: 'medium',
  mitre: 'T1046',
  meaning: 'Trying UDP ports finds old and badly guarded services, and reflectors for floods.',
  benign: 'Media of a call in one direction, inventory scanners of your own.',
  next: 'See which ports answered, and what the source did with them.',
  options: {
    ports: count(15, 'Different ports of one host tried without an answer within 5 min'),
    closedPorts: count(5, 'Ports of it that ICMP said are closed, together with as many tried'),
    hosts: count(20, 'Different hosts asked for one service without an answer within 5 min'),
    settleSec: seconds(1, 'Within this time of the first try, twice as many are needed'),
  },
  open: (around) => {
    const { options, raise } = around;
    const book = scanBook(around);
    const episodes = new Episodes();

    function tell(e: Episode): void {
      const isPort = e.mostOf.startsWith(portName);
      const others = e.passed > 1 ? ` and ${e.passed - 1} more likewise` : '';
      const what = isPort
        ? `UDP ${e.mostOf} of ${roughly(e.most, 'host')}`
        : `${roughly(e.most, 'UDP port')} of ${e.mostOf}`;
      const limit = isPort ? options.hosts : options.ports;
      const targets = [...e.names.values()].filter((name) => !name.startsWith(portName));
      const place =
        e.passed > 1
          ? ''
          : isPort
            ? ` && udp.dstport == ${e.mostOf.slice(portName.length)}`
            : ` && ${withHost(e.mostOf)}`;
      raise({
        key: e.key,
        sources: [e.source],
        targets,
        observed: e.most,
        threshold: limit,
        unit: isPort ? 'hosts' : 'ports',
        firstUs: e.firstUs,
        firstPacket: e.firstPacket,
        packets: e.packets,
        flows: e.flows,
        count: e.most,
        explain: `${e.source} tried ${what}${others} without an answer in ${span(e.lastUs - e.firstUs)}, limit ${limit}.`,
        against: `${e.mostAnswered} were answered; ICMP called ${e.mostRefused} closed.`,
        filter: `${fromHost(e.source)} && udp${place}`,
      });
    }

    function isEnough(slot: Slot, timeUs: number): boolean {
      if (slot.refused >= options.closedPorts && slot.count >= options.closedPorts) return true;
      return slot.count >= options.ports * (timeUs - slot.firstUs < options.settleSec * 1e6 ? 2 : 1);
    }

    function pass(s: Parameters<typeof originator>[0], slot: Slot, target: string, hash: number): void {
      book.setTold(slot);
      book.setNamed(slot.row);
      const source = originator(s);
      const at = { timeUs: s.timeUs, firstUs: slot.firstUs, firstPacket: slot.firstPacket };
      const e = episodes.enter(source, target, hash, at, (name) => `${source} → ${name}`);
      if (!grow(e, target, slot)) return;
      if (e.packets.length < 20) e.packets.push(...book.latestPackets(slot.row));
      if (e.flows.length < 20) e.flows.push(communityOf(s));
      tell(e);
    }

    return book.open({
      host(s, slot) {
        if (s.proto !== ipProto.udp || slot.count < slot.told * 2 || !isEnough(slot, s.timeUs)) return;
        if (s.ttl <= traceTtl && s.rPort >= tracePorts.from && s.rPort <= tracePorts.to) return;
        pass(s, slot, responder(s), hashWords(s.r0, s.r1, s.r2, s.r3));
      },
      port(s, slot) {
        if (s.proto !== ipProto.udp || !prizes.has(s.rPort)) return;
        if (slot.count < slot.told * 2 || slot.count < options.hosts || slot.answered > slot.count) return;
        pass(s, slot, portName + s.rPort, s.rPort | portBit);
      },
    });
  },
});
