// Slow HTTP: many connections that begin a request and never finish it (Slowloris, R-U-Dead-Yet), so that the server
// waits on all of them.

import { type FlowSignal, ipProto, moment, tcpFlag } from '../../../../core/index.ts';
import { hashWords } from '../../../sketches/index.ts';
import { bytes, count, defineDetector, seconds } from '../../detector.ts';
import { betweenHosts, communityOf, counted, originator, responder, span } from '../../wording.ts';

/** Ports of web servers without TLS: a request that is not complete names no protocol. */
const webPorts = new Set([80, 81, 631, 3000, 3128, 5000, 5985, 8000, 8008, 8080, 8081, 8088, 8888, 9000]);
/** A connection is first looked at after some seconds; one that is looked at much later than that is told again. */
const firstLookSec = 4;

const BEGAN = 0;
const STALLED = 1;
const SERVED = 2;
const RAISED = 3;
const LAST = 4;
const words = 5;
const FIRST_US = 0;
const FIRST_PACKET = 1;
const doubles = 2;

export const slowHttp = defineDetector({
  name: 'flood.slow-http',
  title: 'Slow HTTP attack',
  version: 1,
  severity: 'medium',
  mitre: 'T1499.002',
  meaning: 'A server that waits for the rest of many requests has no room for others, though hardly a packet flows.',
  benign: 'Clients on a very bad line, or programs that open connections in advance.',
  next: 'See how many connections the client has; limit them, and the time in which a request must be complete.',
  options: {
    connections: count(50, 'Connections of one client to one server with a request that is not complete'),
    requestBytes: bytes(2000, 'Bytes of request up to which it counts as begun only'),
    windowSec: seconds(60, 'Window in which they are counted'),
  },
  open: ({ options, now, table, raise }) => {
    /** 512 pairs, 75 bytes each. */
    const pairs = table({ capacity: 512, keyWords: 5, words, doubles, idleSec: 300 });
    const rowOf = (s: FlowSignal, isNew: boolean): number => {
      const c = hashWords(s.o0, s.o1, s.o2, s.o3);
      const v = hashWords(s.r0, s.r1, s.r2, s.r3);
      return isNew
        ? pairs.claim(now.sec, c, s.o0 ^ s.o3, v, s.r0 ^ s.r3, s.rPort)
        : pairs.find(c, s.o0 ^ s.o3, v, s.r0 ^ s.r3, s.rPort);
    };
    const stalled = (s: FlowSignal): void => {
      const row = rowOf(s, true);
      if (row < 0) return;
      const w = pairs.words;
      const at = pairs.at(row);
      const d = row * doubles;
      if (w[at + BEGAN] === 0 || now.sec - w[at + BEGAN] > options.windowSec) {
        w.fill(0, at, at + words);
        w[at + BEGAN] = now.sec;
        pairs.doubles[d + FIRST_US] = s.firstUs;
        pairs.doubles[d + FIRST_PACKET] = s.firstPacket;
      }
      w[at + LAST] = now.sec;
      const n = ++w[at + STALLED];
      if (n < options.connections || n < w[at + RAISED] * 2 || w[at + SERVED] > n) return;
      w[at + RAISED] = n;
      pairs.setWorth(row, n);
      const client = originator(s);
      const server = responder(s);
      const firstUs = pairs.doubles[d + FIRST_US];
      raise({
        key: `${client} → ${server}:${s.rPort}`,
        sources: [client],
        targets: [server],
        observed: n,
        threshold: options.connections,
        unit: 'connections',
        firstUs,
        firstPacket: pairs.doubles[d + FIRST_PACKET],
        count: n,
        explain:
          `${client} holds ${counted(n, 'connection')} to port ${s.rPort} of ${server} with a request that it began and did not ` +
          `finish within ${firstLookSec} s or more, opened over ${span(s.timeUs - firstUs)}; limit ${options.connections}.`,
        against: `${counted(w[at + SERVED], 'other connection')} of the same client got an answer`,
        flows: [communityOf(s)],
        filter: `${betweenHosts(client, server)} && tcp.port == ${s.rPort}`,
      });
    };
    return {
      moments: moment.alive | moment.ended,
      flow(s: FlowSignal): void {
        if (s.proto !== ipProto.tcp || !s.isEstablished || s.oPayload === 0) return;
        if (s.app !== 'http' && !(s.app === '' && webPorts.has(s.rPort))) return;
        // A connection is counted once: at its first look, or when it ends before its second.
        const isFirst = s.moment === moment.alive ? s.timeUs - s.firstUs < 60e6 : s.oBytesSince === s.oBytes;
        if (!isFirst) return;
        if (s.rPayload > 0) {
          const row = pairs.used === 0 ? -1 : rowOf(s, false);
          if (row >= 0) pairs.words[pairs.at(row) + SERVED]++;
          return;
        }
        const ageUs = (s.moment === moment.alive ? s.timeUs : s.lastUs) - s.firstUs;
        if (ageUs < firstLookSec * 1e6 || s.oPayload > options.requestBytes) return;
        // What the server refused or closed at once did not keep it waiting.
        if (s.moment === moment.ended && (s.rFlags & tcpFlag.rst) !== 0) return;
        stalled(s);
      },
    };
  },
});
