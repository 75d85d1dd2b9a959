// Backscatter: a host answers what was never asked from here. Someone floods it with forged sources, ours among them
// (Moore et al. 2001). Told of records that are over, so that a capture of one direction does not look like it.

import { type FlowSignal, flowEnd, formatAddress, ipProto, moment, tcpFlag } from '../../../../core/index.ts';
import { hashWords } from '../../../sketches/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { counted, fromHost } from '../../wording.ts';

const BEGAN = 0;
const LAST = 1;
const RAISED = 2;
const TOTAL = 3;
/** Conversations of the host that were more than an answer. */
const REAL = 4;
const words = 5;
const FIRST_US = 0;
const FIRST_PACKET = 1;
const doubles = 2;

export const backscatter = defineDetector({
  name: 'dos.backscatter',
  title: 'Backscatter of a flood elsewhere',
  version: 1,
  severity: 'low',
  mitre: 'T1498',
  meaning: 'The host is being flooded with forged sources, and its answers come here. It is a victim, not an attacker.',
  benign: 'Answers to questions that went another way.',
  next: 'Nothing needs to be done here; do not report the host for scanning.',
  options: {
    hosts: count(10, 'Hosts that got answers nobody asked for'),
    ports: count(2, 'Different ports that they came to'),
    windowSec: seconds(86_400, 'Time in which they are counted'),
  },
  open: ({ options, now, table, distinct, raise }) => {
    /** 256 hosts, 620 bytes each. */
    const hosts = table({ capacity: 256, keyWords: 5, words, doubles, idleSec: options.windowSec });
    const targets = distinct(hosts);
    const ports = distinct(hosts);
    const answered = (s: FlowSignal): void => {
      const row = hosts.claim(now.sec, s.ipVersion, s.r0, s.r1, s.r2, s.r3);
      if (row < 0) return;
      const w = hosts.words;
      const at = hosts.at(row);
      const d = row * doubles;
      if (w[at + BEGAN] === 0 || now.sec - w[at + BEGAN] > options.windowSec) {
        w.fill(0, at, at + words);
        w[at + BEGAN] = now.sec;
        targets.clear(row);
        ports.clear(row);
        hosts.doubles[d + FIRST_US] = s.firstUs;
        hosts.doubles[d + FIRST_PACKET] = s.firstPacket;
      }
      w[at + LAST] = now.sec;
      w[at + TOTAL]++;
      targets.add(row, hashWords(s.o0, s.o1, s.o2, s.o3));
      ports.add(row, hashWords(s.oPort));
      const many = targets.count(row);
      if (many < options.hosts || many < w[at + RAISED] * 2 || ports.count(row) < options.ports) return;
      if (w[at + REAL] * 2 > w[at + TOTAL]) return;
      w[at + RAISED] = many;
      hosts.setWorth(row, many);
      const host = formatAddress(s.ipVersion, s.r0, s.r1, s.r2, s.r3);
      raise({
        key: host,
        sources: [],
        targets: [host],
        observed: many,
        threshold: options.hosts,
        unit: 'hosts',
        firstUs: hosts.doubles[d + FIRST_US],
        firstPacket: hosts.doubles[d + FIRST_PACKET],
        count: w[at + TOTAL],
        explain:
          `${host} answered ${counted(many, 'host')} on ${counted(ports.count(row), 'port')} that had not asked it anything; ` +
          `limit ${options.hosts} hosts.`,
        against: `${counted(w[at + REAL], 'other conversation')} of the host were whole`,
        filter: `${fromHost(host)} && tcp.flags.ack == 1 && (tcp.flags.syn == 1 || tcp.flags.reset == 1)`,
      });
    };
    const whole = (s: FlowSignal): void => {
      if (hosts.used === 0) return;
      const row = hosts.find(s.ipVersion, s.r0, s.r1, s.r2, s.r3);
      if (row >= 0) hosts.words[hosts.at(row) + REAL]++;
    };
    return {
      moments: moment.ended,
      flow(s: FlowSignal): void {
        // A record that had to give way is no whole one, nor is what comes after it.
        if (s.proto !== ipProto.tcp || s.rPackets === 0 || s.end === flowEnd.eviction) return;
        // Whoever is told of an answer to nothing resets it, or says nothing.
        const isOnlyReset = s.oPackets === 0 || s.oFlags === tcpFlag.rst || s.oFlags === (tcpFlag.rst | tcpFlag.ack);
        const isOnlyAnswer =
          (s.rFlags & (tcpFlag.syn | tcpFlag.rst)) !== 0 && s.rPayload === 0 && (s.rFlags & tcpFlag.fin) === 0;
        const isBareSyn = (s.rFlags & (tcpFlag.syn | tcpFlag.ack)) === tcpFlag.syn;
        if (isOnlyReset && isOnlyAnswer && !isBareSyn) answered(s);
        else if (s.isEstablished) whole(s);
      },
    };
  },
});
