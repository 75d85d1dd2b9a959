// A beacon: connections to one server at even intervals that send the same amount each time.

import { type AnyEvent, type EventPlace, type FlowSignal, flowEnd, ipProto, moment } from '../../../../core/index.ts';
import { count, defineDetector, seconds, share } from '../../detector.ts';
import { betweenHosts, communityOf, counted, originator, percent, responder, span } from '../../wording.ts';
import { isFromLocal, isOfInterest, isToLocal, partiesOf } from '../parties.ts';
import { isUsualService, usualSuffixes } from '../usual-servers.ts';
import { type Rhythm, Series } from './series.ts';

/** Mail servers hand on what they have when they have it, and look for more at even intervals. */
const mail = 25;
/** Addresses of servers that are known to be asked regularly, at the most. */
const usualMost = 4096;

export const beacon = defineDetector({
  name: 'c2.beacon',
  title: 'Beacon',
  version: 1,
  severity: 'medium',
  mitre: 'T1071.001',
  meaning: 'Malware reports to its master at even intervals and asks for orders. People do not keep such a beat.',
  benign: 'Programs look for updates and news, and devices report to their maker, at even intervals too.',
  next: 'See which program of the source connects there, since when, and to whom the address belongs.',
  options: {
    connections: count(10, 'Connections, from which on a beat counts'),
    spread: share(0.15, 'Deviation of the intervals (median, of their median) with that many'),
    manyConnections: count(20, 'Connections with which a less even beat counts'),
    manySpread: share(0.3, 'Deviation of the intervals with so many'),
    sentSpread: share(0.2, 'Deviation of what is sent'),
    leastSec: seconds(1, 'Interval below which it is no beacon'),
    exactConnections: count(5, 'Connections that are enough where the beat is exact (hint, low)'),
    exactSpread: share(0.02, 'Deviation of the intervals below which it is exact'),
    exactSec: seconds(5, 'Interval below which an exact beat of few says nothing'),
    longScore: share(0.85, 'Score with which many connections over an hour or more count (low)'),
  },
  open: (around) => {
    const { options, now, network, raise } = around;
    const series = new Series(around);
    /** By hash of a server's address: told by its name to be one of the usual. 4,096 at the most. */
    const usual = new Set<string>();
    let firstSec = 0;

    const levelOf = (r: Rhythm): 'medium' | 'low' | null => {
      if (r.intervalSec < options.leastSec) return null;
      const isSame = r.sizes < 3 || r.sentSpread <= options.sentSpread;
      if (!isSame) return null;
      if (r.count >= options.connections && r.sizes >= 3) {
        if (r.intervalSpread <= options.spread) return 'medium';
        if (r.count >= options.manyConnections && r.intervalSpread <= options.manySpread) return 'medium';
      }
      const isExact = r.intervalSpread <= options.exactSpread && r.intervalSec >= options.exactSec;
      if (r.count >= options.exactConnections && isExact) return 'low';
      const isLong = r.count >= 24 && r.intervalSec * r.count >= 3600;
      return isLong && r.score >= options.longScore ? 'low' : null;
    };

    const tell = (s: FlowSignal, row: number, r: Rhythm, level: 'medium' | 'low', isInside: boolean): void => {
      const client = originator(s);
      const server = responder(s);
      const proto = s.proto === ipProto.udp ? 'udp' : 'tcp';
      const isTold = r.sizes >= 3;
      const sizes = isTold ? `, about ${Math.round(r.sentBytes)} bytes each time (${percent(r.sentSpread)} off)` : '';
      raise({
        key: `${client} → ${server}:${s.rPort}`,
        sources: [client],
        targets: [server],
        severity: isInside ? 'info' : level,
        confidence: Math.max(0.3, Math.min(1, r.score)),
        observed: r.count,
        threshold: level === 'medium' ? options.connections : options.exactConnections,
        unit: 'connections',
        firstUs: series.firstUs(row),
        firstPacket: series.firstPacket(row),
        count: r.count,
        flows: [communityOf(s)],
        explain: `${client} connected ${counted(r.count, 'time')} to ${server} port ${s.rPort}, every ${span(
          r.intervalSec * 1e6,
        )} (${percent(r.intervalSpread)} off)${sizes}; score ${r.score.toFixed(2)}.`,
        ...(isInside && { against: 'Both are in the network that is watched.' }),
        filter: `${betweenHosts(client, server)} && ${proto}.port == ${s.rPort}`,
      });
    };

    const began = (s: FlowSignal): void => {
      // Who comes from outside is a guest. Where nobody is local, as in a capture of public addresses, all are outside.
      if (!isOfInterest(s) || s.rPort === mail || (isToLocal(network, s) && !isFromLocal(network, s))) return;
      const row = series.began(partiesOf(s), now.sec, s.firstUs, s.firstPacket);
      if (row < 0) return;
      const seen = series.count(row);
      const raised = series.raised(row);
      if (seen < Math.min(options.connections, options.exactConnections) || !series.isPlausible(row)) return;
      if (raised > 0 && seen < raised * 2) return;
      const isInside = isToLocal(network, s);
      const r = series.rhythm(row, now.sec - firstSec);
      const level = levelOf(r);
      if (level === null || usual.has(`${s.ipVersion} ${s.r0} ${s.r3}`)) return;
      // A hint does not put off the alarm.
      series.setRaised(row, level === 'medium' ? seen : Math.ceil(seen / 2));
      tell(s, row, r, level, isInside);
    };

    const named = (name: unknown, place: EventPlace): void => {
      if (typeof name !== 'string' || usual.size >= usualMost || !isUsualService(name, usualSuffixes)) return;
      usual.add(`${place.ipVersion} ${place.s0} ${place.s3}`);
    };

    return {
      moments: moment.established | moment.answered | moment.closed | moment.ended,
      flow(s: FlowSignal): void {
        if (firstSec === 0) firstSec = now.sec;
        const isTcp = s.proto === ipProto.tcp;
        if (s.moment === (isTcp ? moment.established : moment.answered)) began(s);
        else if (s.moment === moment.closed || (s.moment === moment.ended && !isClosed(s))) {
          if (isOfInterest(s)) series.sent(s);
        }
      },
      events: {
        tls: (event: AnyEvent, place: EventPlace) => named(event.sni, place),
        quic: (event: AnyEvent, place: EventPlace) => named(event.sni, place),
        http: (event: AnyEvent, place: EventPlace) => named(event.hostname, place),
      },
    };
  },
});

/** Told by `closed` before. */
const isClosed = (s: FlowSignal): boolean => s.end === flowEnd.fin || s.end === flowEnd.rst;
