// ICMP flood: requests, errors (as in BlackNurse) or answers nobody asked for, in great number to one host.

import { formatAddress, ipProto, type Packet } from '../../../../core/index.ts';
import { hashWords, type KeyTable } from '../../../sketches/index.ts';
import { count, defineDetector, perSecond, seconds } from '../../detector.ts';
import { counted, span, toHost } from '../../wording.ts';
import { isGroupAddress } from '../busy-hosts.ts';
import { namedHosts } from '../named-hosts.ts';

const SEC = 0;
const IN_SEC = 1;
const WINDOW = 2;
const IN_WINDOW = 3;
/** Seconds in a row with many. */
const BUSY_SECS = 4;
const RAISED = 5;
const TOTAL = 6;
/** Requests that the host sent itself: as many answers are its own doing. */
const ASKED = 7;
/** Type and code seen last. */
const TYPE = 8;
const CODE = 9;
const words = 10;
const FIRST_US = 0;
const FIRST_PACKET = 1;
const doubles = 2;
const windowSec = 10;

const isRequest = (p: Packet): boolean =>
  p.proto === ipProto.icmp ? p.icmpType === 8 || p.icmpType === 13 || p.icmpType === 17 : p.icmpType === 128;
const isAnswer = (p: Packet): boolean =>
  p.proto === ipProto.icmp ? p.icmpType === 0 || p.icmpType === 14 || p.icmpType === 18 : p.icmpType === 129;
/** Neighbour discovery and multicast listeners (RFC 4861, RFC 3810) have detectors of their own. */
const isUpkeep = (p: Packet): boolean =>
  p.proto === ipProto.icmpv6 && ((p.icmpType >= 130 && p.icmpType <= 137) || p.icmpType === 143);

/** Begins a second; after a pause, everything. */
function turn(w: Int32Array, at: number, sec: number, perSec: number): boolean {
  const gap = sec - w[at + SEC];
  if (gap === 0) return false;
  const isNew = w[at + SEC] === 0 || gap > 3 * windowSec;
  if (isNew) w.fill(0, at, at + words);
  w[at + BUSY_SECS] = gap === 1 && w[at + IN_SEC] >= perSec ? w[at + BUSY_SECS] + 1 : 0;
  w[at + SEC] = sec;
  w[at + IN_SEC] = 0;
  if (sec - w[at + WINDOW] >= windowSec) {
    w[at + WINDOW] = sec;
    w[at + IN_WINDOW] = 0;
    w[at + ASKED] = 0;
  }
  return isNew;
}

/** What comes in, in words. */
function kindOf(version: number, type: number, code: number): string {
  if (version === 4) {
    if (type === 3) return `“destination unreachable” messages (type 3, code ${code})`;
    if (type === 8) return 'echo requests';
    if (type === 0) return 'echo answers';
  } else if (type === 128) return 'echo requests';
  else if (type === 129) return 'echo answers';
  return `ICMP messages of type ${type}`;
}

export const icmpFlood = defineDetector({
  name: 'flood.icmp',
  title: 'ICMP flood',
  version: 1,
  severity: 'medium',
  mitre: 'T1498.001',
  meaning:
    'Pings or error messages in great number use up the line, and the processor of firewalls that look into them.',
  benign: 'A speed or loss test with a fast ping, monitoring systems, or a router that reports another flood.',
  next: 'See who sends them; where the sources are forged, limit ICMP at the border.',
  options: {
    perSec: perSecond(200, 'Messages to one host'),
    lastsSec: seconds(3, 'Seconds in a row at that rate'),
    perWindow: count(1000, 'Messages to one host within 10 s'),
  },
  open: ({ options, now, table, distinct, shared, raise }) => {
    /** 1024 hosts, 340 bytes each with their sources. */
    const hosts = table({ capacity: 1024, keyWords: 5, words, doubles, idleSec: 30 });
    const sources = distinct(hosts);
    const named = namedHosts(shared);
    const see = (p: Packet, row: number): void => {
      const w = hosts.words;
      const at = hosts.at(row);
      const d = row * doubles;
      if (turn(w, at, now.sec, options.perSec)) {
        sources.clear(row);
        hosts.doubles[d + FIRST_US] = p.timeUs;
        hosts.doubles[d + FIRST_PACKET] = p.number;
      }
      w[at + TOTAL]++;
      w[at + IN_SEC]++;
      w[at + IN_WINDOW]++;
      sources.add(row, hashWords(p.src0, p.src1, p.src2, p.src3));
      if (isAnswer(p) && w[at + ASKED] * 2 > w[at + IN_WINDOW]) return;
      const isLong = w[at + BUSY_SECS] + 1 >= options.lastsSec && w[at + IN_SEC] >= options.perSec;
      if (!isLong && w[at + IN_WINDOW] < options.perWindow) return;
      if (w[at + TOTAL] < w[at + RAISED] * 2) return;
      w[at + RAISED] = w[at + TOTAL];
      w[at + TYPE] = p.icmpType;
      w[at + CODE] = p.icmpCode;
      hosts.setWorth(row, w[at + TOTAL]);
      tell(p, row, hosts, sources.count(row));
    };
    const tell = (p: Packet, row: number, rows: KeyTable, many: number): void => {
      const w = rows.words;
      const at = rows.at(row);
      const host = formatAddress(p.ipVersion, p.dst0, p.dst1, p.dst2, p.dst3);
      const one = formatAddress(p.ipVersion, p.src0, p.src1, p.src2, p.src3);
      const firstUs = rows.doubles[row * doubles + FIRST_US];
      const isLong = w[at + IN_WINDOW] < options.perWindow;
      named.add(host, now.sec);
      if (many === 1) named.add(one, now.sec);
      const kind = kindOf(p.ipVersion, w[at + TYPE], w[at + CODE]);
      raise({
        key: host,
        sources: many === 1 ? [one] : [],
        targets: [host],
        observed: w[at + TOTAL],
        threshold: isLong ? options.perSec : options.perWindow,
        unit: 'messages',
        firstUs,
        firstPacket: rows.doubles[row * doubles + FIRST_PACKET],
        count: w[at + TOTAL],
        explain:
          `${host} got ${counted(w[at + TOTAL], 'ICMP message')} in ${span(p.timeUs - firstUs)} from ` +
          `${many === 1 ? one : `about ${counted(many, 'source')}`}, lately ${kind}; ` +
          `limit ${options.perWindow} in 10 s, or ${options.perSec} a second for ${options.lastsSec} s.`,
        filter: `${toHost(host)} && ${p.ipVersion === 4 ? 'icmp' : 'icmpv6'}`,
      });
    };
    return {
      frame(p: Packet): void {
        if (p.proto !== ipProto.icmp && p.proto !== ipProto.icmpv6) return;
        if (p.level !== 0 || p.l4Ok === 0 || isUpkeep(p) || isGroupAddress(p.ipVersion, p.dst0)) return;
        if (isRequest(p)) {
          const mine = hosts.find(p.ipVersion, p.src0, p.src1, p.src2, p.src3);
          if (mine >= 0) hosts.words[hosts.at(mine) + ASKED]++;
        }
        const row = hosts.claim(now.sec, p.ipVersion, p.dst0, p.dst1, p.dst2, p.dst3);
        if (row >= 0) see(p, row);
      },
    };
  },
});
