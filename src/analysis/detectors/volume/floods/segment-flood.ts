// Flood of TCP segments that belong to no connection: ACK, RST or FIN floods, which pass a filter for SYNs.

import { type FlowSignal, formatAddress, ipProto, moment, tcpFlag } from '../../../../core/index.ts';
import { CountMin, hashWords } from '../../../sketches/index.ts';
import { count, defineDetector, perSecond, seconds } from '../../detector.ts';
import { counted, grouped, span, toHost } from '../../wording.ts';
import { namedHosts } from '../named-hosts.ts';

/** Segments outside a connection in a second from which on a host gets a row. */
const warm = 32;

const SEC = 0;
const IN_SEC = 1;
const BUSY_SECS = 2;
const WINDOW = 3;
const IN_WINDOW = 4;
const TOTAL = 5;
const RAISED = 6;
const JOINED = 7;
const words = 8;
const FIRST_US = 0;
const FIRST_PACKET = 1;
const LAST_US = 2;
const doubles = 3;
const windowSec = 10;

export const segmentFlood = defineDetector({
  name: 'flood.tcp',
  title: 'Flood of TCP segments outside connections',
  version: 1,
  severity: 'medium',
  mitre: 'T1499.001',
  meaning: 'Each segment that fits no connection makes the host search its tables and answer with a reset.',
  benign: 'A capture that begins in the middle of many connections, or sees one direction only.',
  next: 'See whether the sources are plausible; let a firewall with connection tracking drop them.',
  options: {
    perSec: perSecond(500, 'Segments of no known connection to one host'),
    lastsSec: seconds(3, 'Seconds in a row at that rate'),
    perWindow: count(1500, 'Segments of no known connection to one host within 10 s'),
  },
  open: ({ options, now, table, distinct, shared, raise }) => {
    /** 512 hosts, 350 bytes each with their sources. */
    const hosts = table({ capacity: 512, keyWords: 5, words, doubles, idleSec: 30 });
    const sources = distinct(hosts);
    /** 32 KiB. */
    const recent = new CountMin(1 << 12);
    const named = namedHosts(shared);
    const turn = (row: number, s: FlowSignal): void => {
      const w = hosts.words;
      const at = hosts.at(row);
      const gap = now.sec - w[at + SEC];
      if (gap === 0) return;
      if (w[at + TOTAL] === 0 || gap > 3 * windowSec) {
        w.fill(0, at, at + words);
        sources.clear(row);
        hosts.doubles[row * doubles + FIRST_US] = s.timeUs;
        hosts.doubles[row * doubles + FIRST_PACKET] = s.packet;
      }
      w[at + BUSY_SECS] = gap === 1 && w[at + IN_SEC] >= options.perSec ? w[at + BUSY_SECS] + 1 : 0;
      w[at + SEC] = now.sec;
      w[at + IN_SEC] = 0;
      if (now.sec - w[at + WINDOW] < windowSec) return;
      w[at + WINDOW] = now.sec;
      w[at + IN_WINDOW] = 0;
      w[at + JOINED] = 0;
    };
    const opened = (s: FlowSignal): void => {
      const host = hashWords(s.r0, s.r1, s.r2, s.r3);
      if (recent.add(host) < warm) return;
      const row = hosts.claim(now.sec, s.ipVersion, s.r0, s.r1, s.r2, s.r3);
      if (row < 0) return;
      turn(row, s);
      const w = hosts.words;
      const at = hosts.at(row);
      w[at + TOTAL]++;
      w[at + IN_SEC]++;
      w[at + IN_WINDOW]++;
      hosts.doubles[row * doubles + LAST_US] = s.timeUs;
      sources.add(row, hashWords(s.o0, s.o1, s.o2, s.o3));
    };
    const joined = (s: FlowSignal): void => {
      if (hosts.used === 0) return;
      const row = hosts.find(s.ipVersion, s.r0, s.r1, s.r2, s.r3);
      if (row >= 0) hosts.words[hosts.at(row) + JOINED]++;
    };
    /** Judged when a second is over: by then real connections went on. */
    const judge = (row: number): void => {
      const w = hosts.words;
      const at = hosts.at(row);
      const isLong = w[at + BUSY_SECS] + 1 >= options.lastsSec && w[at + IN_SEC] >= options.perSec;
      if (!isLong && w[at + IN_WINDOW] < options.perWindow) return;
      if (w[at + JOINED] * 5 > w[at + IN_WINDOW] || w[at + TOTAL] < w[at + RAISED] * 2) return;
      const host = formatAddress(
        hosts.key(row, 0),
        hosts.key(row, 1),
        hosts.key(row, 2),
        hosts.key(row, 3),
        hosts.key(row, 4),
      );
      if (w[at + RAISED] === 0 && named.has(host, now.sec)) return;
      const total = w[at + TOTAL];
      const firstUs = hosts.doubles[row * doubles + FIRST_US];
      w[at + RAISED] = total;
      hosts.setWorth(row, total);
      named.add(host, now.sec);
      raise({
        key: host,
        sources: [],
        targets: [host],
        observed: total,
        threshold: isLong ? options.perSec : options.perWindow,
        unit: 'segments',
        firstUs,
        firstPacket: hosts.doubles[row * doubles + FIRST_PACKET],
        count: total,
        explain:
          `${host} got ${counted(total, 'TCP segment')} of no known connection in ` +
          `${span(hosts.doubles[row * doubles + LAST_US] - firstUs)} from about ${counted(sources.count(row), 'source')}; ` +
          `limit ${options.perWindow} in 10 s.`,
        against: `${grouped(w[at + JOINED])} of them turned out to be connections that go on`,
        filter: `${toHost(host)} && tcp.flags.syn == 0 && tcp.len == 0`,
      });
    };
    const close = (): void => {
      if (hosts.used > 0) for (let row = 0; row < hosts.capacity; row++) if (hosts.isUsed(row)) judge(row);
      recent.clear();
    };
    return {
      moments: moment.opened | moment.established,
      flow(s: FlowSignal): void {
        if (s.proto !== ipProto.tcp) return;
        if (s.moment === moment.established) {
          if ((s.oFlags & tcpFlag.syn) === 0) joined(s);
        } else if ((s.tcpFlags & tcpFlag.syn) === 0 && s.isFromOriginator) opened(s);
      },
      tick: close,
      end: close,
    };
  },
});
