// A host unlike itself: bytes sent, flows opened and different peers per minute, each against the host's own last hour
// (robust z; detection.md §1.10). Local hosts only: of others too little is seen to know what is usual.

import { type FlowSignal, formatAddress, moment } from '../../../core/index.ts';
import { hashWords, RobustSeries } from '../../sketches/index.ts';
import { bytes, count, defineDetector, seconds } from '../detector.ts';
import { fromHost, grouped } from '../wording.ts';

const binSec = 60;
const measures = ['bytes sent', 'flows opened', 'different peers'] as const;
const SENT = 0;
const FLOWS = 1;
const PEERS = 2;
/** Minutes of a row before its host can be judged. */
const leastBins = 60;

// Words of a row.
const BIN = 0;
const SEEN = 1;
const RAISED = 2;

export const hostBaseline = defineDetector({
  name: 'base.host',
  title: 'A host is unlike itself',
  version: 1,
  severity: 'low',
  mitre: null,
  meaning: 'A machine that suddenly sends or connects far more than it ever did may be doing it for someone else.',
  benign: 'A backup, an update, a new program, a person who came back to the desk.',
  next: 'See whom it talks to since then, and what it speaks.',
  options: {
    z: count(6, 'Robust standard deviations from the median of its last hour'),
    sentBytes: bytes(20_000_000, 'Bytes in a minute below which nothing is told'),
    flows: count(300, 'Flows in a minute below which nothing is told'),
    peers: count(100, 'Different peers in a minute below which nothing is told'),
    warmUpSec: seconds(3600, 'Time in which nothing is told of a host'),
  },
  open: ({ options, now, network, table, distinct, raise }) => {
    const capacity = 1024;
    let series = new RobustSeries(0);
    const hosts = table({
      capacity,
      keyWords: 5,
      words: 6,
      doubles: measures.length,
      idleSec: 6 * 3600,
      evicted: (row) => {
        for (let at = 0; at < measures.length; at++) series.clear(row * measures.length + at);
      },
    });
    series = new RobustSeries(hosts.capacity * measures.length);
    const peers = distinct(hosts);
    const least = [options.sentBytes, options.flows, options.peers];

    const addressOf = (row: number): string =>
      formatAddress(hosts.key(row, 0), hosts.key(row, 1), hosts.key(row, 2), hosts.key(row, 3), hosts.key(row, 4));

    /** Ends the bin of a row: what it held is judged and learned. */
    const close = (row: number): void => {
      const d = row * hosts.doublesPerRow;
      const w = hosts.at(row);
      hosts.doubles[d + PEERS] = peers.count(row);
      for (let at = 0; at < measures.length; at++) {
        const value = hosts.doubles[d + at];
        const { z, usual, seen } = series.add(row * measures.length + at, value, options.z);
        hosts.doubles[d + at] = 0;
        const isWarm = seen >= leastBins && seen * binSec >= options.warmUpSec;
        if (!isWarm || z < options.z || value < least[at]) continue;
        const bit = 1 << at;
        const isKnown = (hosts.words[w + RAISED] & bit) !== 0;
        if (!isKnown) tell(row, at, value, usual, z);
        hosts.words[w + RAISED] |= bit;
      }
      peers.clear(row);
      hosts.words[w + SEEN]++;
    };

    const tell = (row: number, at: number, value: number, usual: number, z: number): void => {
      const host = addressOf(row);
      raise({
        key: `${host} ${measures[at]}`,
        sources: [host],
        targets: [],
        observed: Math.round(value),
        expected: Math.round(usual),
        threshold: least[at],
        unit: `${measures[at]} in a minute`,
        confidence: Math.min(0.9, 0.3 + z / 40),
        explain: `${host}: ${grouped(Math.round(value))} ${measures[at]} in a minute, usually ${grouped(Math.round(usual))}.`,
        filter: fromHost(host),
      });
    };

    /** The row of the originator, its bins up to date; -1 for hosts that are not local. */
    const rowOf = (s: FlowSignal): number => {
      if (s.isInner || !network.isLocal(s.ipVersion, s.o0, s.o1, s.o2, s.o3)) return -1;
      const row = hosts.claim(now.sec, s.ipVersion, s.o0, s.o1, s.o2, s.o3);
      if (row < 0) return -1;
      const w = hosts.at(row);
      const bin = Math.floor(now.sec / binSec);
      const before = hosts.words[w + BIN];
      if (before !== bin) {
        if (before !== 0) close(row);
        // Minutes in which it was silent are minutes of nothing; a long absence says nothing.
        const silent = before === 0 ? 0 : Math.min(bin - before - 1, leastBins);
        if (bin - before <= leastBins) for (let i = 0; i < silent; i++) close(row);
        hosts.words[w + BIN] = bin;
      }
      return row;
    };

    return {
      moments: moment.opened | moment.alive | moment.ended,
      flow(s: FlowSignal): void {
        // One packet of an unknown source is no host: forged ones come by the million.
        if (s.moment === moment.opened && s.attempts < 2) return;
        const row = rowOf(s);
        if (row < 0) return;
        const d = row * hosts.doublesPerRow;
        if (s.moment === moment.opened) {
          hosts.doubles[d + FLOWS]++;
          peers.add(row, hashWords(s.r0, s.r1, s.r2, s.r3));
          hosts.setWorth(row, hosts.words[hosts.at(row) + SEEN]);
        } else hosts.doubles[d + SENT] += s.oBytesSince;
      },
    };
  },
});
