// Knocking at a closed door: a host tries again and again to reach one server that does not let it in.

import { type FlowSignal, flowEnd, ipProto, moment, tcpFlag } from '../../../../core/index.ts';
import { count, defineDetector, seconds, share } from '../../detector.ts';
import { betweenHosts, communityOf, counted, originator, percent, responder, span } from '../../wording.ts';
import { isFromLocal, isOfInterest, isToLocal, partiesOf } from '../parties.ts';
import { medianOf, spreadOf } from './statistics.ts';

const COUNT = 0;
const RAISED = 1;
const TIMES = 2;
const ring = 16;
const FIRST_US = 0;
const FIRST_PACKET = 1;
const LAST_US = 2;

export const reconnect = defineDetector({
  name: 'c2.reconnect',
  title: 'Repeated failing connections',
  version: 1,
  severity: 'low',
  mitre: 'T1008',
  meaning: 'Malware goes on looking for a master that was taken down, or for one of several.',
  benign: 'A service that is down, or was moved, while its clients do not know.',
  next: 'See which program of the source wants to connect there, and to whom the address belongs.',
  options: {
    attempts: count(5, 'Connections that failed, one after the other'),
    windowSec: seconds(3600, 'Time within which they came'),
    apartSec: seconds(2, 'Attempts nearer than this are one'),
    exactSpread: share(0.05, 'Deviation of the intervals below which it is a beat (medium)'),
    exactSec: seconds(10, 'Interval from which on a beat counts'),
    exactAttempts: count(8, 'Connections from which on a beat counts'),
  },
  open: ({ options, now, network, table, raise }) => {
    /** By both hosts and port: 2,048 rows of 132 bytes. */
    const rows = table({ capacity: 2048, keyWords: 6, words: TIMES + ring, doubles: 3, idleSec: options.windowSec });
    const numbers = new Float64Array(ring);

    const rhythm = (row: number): readonly [intervalSec: number, spread: number] => {
      const w = rows.words;
      const at = rows.at(row);
      const n = w[at + COUNT];
      const kept = Math.min(n, ring);
      const time = (i: number): number => w[at + TIMES + ((n - kept + i) % ring)];
      for (let i = 1; i < kept; i++) numbers[i - 1] = time(i) - time(i - 1);
      const median = medianOf(numbers, kept - 1);
      return [median / 100, spreadOf(numbers, kept - 1, median)];
    };

    const tell = (s: FlowSignal, row: number, isInside: boolean): void => {
      const client = originator(s);
      const server = responder(s);
      const seen = rows.words[rows.at(row) + COUNT];
      const firstUs = rows.doubles[row * rows.doublesPerRow + FIRST_US];
      const [intervalSec, spread] = rhythm(row);
      const isExact = spread <= options.exactSpread && intervalSec >= options.exactSec;
      const beat = isExact ? `, every ${span(intervalSec * 1e6)} (${percent(spread)} off)` : '';
      raise({
        key: `${client} → ${server}:${s.rPort}`,
        sources: [client],
        targets: [server],
        severity: isInside ? 'info' : isExact && seen >= options.exactAttempts ? 'medium' : 'low',
        confidence: isExact ? 0.8 : 0.5,
        observed: seen,
        threshold: options.attempts,
        unit: 'failed connections',
        firstUs,
        firstPacket: rows.doubles[row * rows.doublesPerRow + FIRST_PACKET],
        count: seen,
        flows: [communityOf(s)],
        explain: `${client} failed ${counted(seen, 'time')} to connect to ${server} port ${s.rPort} in ${span(
          s.timeUs - firstUs,
        )}${beat}, limit ${options.attempts}.`,
        against: `0 of ${seen} connections came about.`,
        filter: `${betweenHosts(client, server)} && tcp.port == ${s.rPort}`,
      });
    };

    const failed = (s: FlowSignal): void => {
      // No attempt was seen, or data came: only one way was captured.
      if (s.oPackets === 0 || s.oPayload + s.rPayload > 0) return;
      if (!isOfInterest(s) || (isToLocal(network, s) && !isFromLocal(network, s))) return;
      const row = rows.claim(now.sec, ...partiesOf(s));
      if (row < 0) return;
      const w = rows.words;
      const at = rows.at(row);
      const d = row * rows.doublesPerRow;
      const sinceUs = s.firstUs - rows.doubles[d + LAST_US];
      if (w[at + COUNT] > 0 && sinceUs < options.apartSec * 1e6 && sinceUs > -options.apartSec * 1e6) return;
      if (w[at + COUNT] === 0 || sinceUs > options.windowSec * 1e6) {
        w[at + COUNT] = 0;
        rows.doubles[d + FIRST_US] = s.firstUs;
        rows.doubles[d + FIRST_PACKET] = s.firstPacket;
      }
      rows.doubles[d + LAST_US] = s.firstUs;
      const n = w[at + COUNT]++;
      w[at + TIMES + (n % ring)] = Math.max(0, Math.min(0x7fffffff, (s.firstUs - rows.doubles[d + FIRST_US]) / 1e4));
      rows.setWorth(row, n);
      if (n + 1 < options.attempts || n + 1 < w[at + RAISED] * 2) return;
      if (s.firstUs - rows.doubles[d + FIRST_US] > options.windowSec * 1e6 && w[at + RAISED] === 0) {
        w[at + COUNT] = 0;
        return;
      }
      w[at + RAISED] = n + 1;
      tell(s, row, isToLocal(network, s));
    };

    return {
      moments: moment.rejected | moment.silent | moment.ended | moment.established,
      flow(s: FlowSignal): void {
        if (s.proto !== ipProto.tcp) return;
        if (s.moment === moment.established) {
          // It was let in: no closed door.
          if (rows.used === 0) return;
          const row = rows.find(...partiesOf(s));
          if (row >= 0) rows.free(row);
        } else if (s.moment !== moment.ended || isHalfOpen(s)) failed(s);
      },
    };
  },
});

/** Answered, and then left alone. */
const isHalfOpen = (s: FlowSignal): boolean =>
  !s.isEstablished &&
  s.oPackets > 0 &&
  s.rPackets > 0 &&
  ((s.oFlags | s.rFlags) & tcpFlag.rst) === 0 &&
  (s.rFlags & tcpFlag.syn) !== 0 &&
  s.end !== flowEnd.tcpReuse;
