// The mix of traffic changes: distribution of sources, destinations and destination ports of new flows in ten seconds,
// against their usual distribution (Jensen-Shannon divergence), and what the directions together mean (Lakhina et al. 2005).

import { type FlowSignal, moment } from '../../../core/index.ts';
import { hashWords, RobustSeries } from '../../sketches/index.ts';
import { count, defineDetector, seconds, share } from '../detector.ts';
import { grouped } from '../wording.ts';

const bins = 128;
const binSec = 10;
const features = ['source addresses', 'destination addresses', 'destination ports'] as const;
/** Weight of a new bin in what is usual. */
const lambda = 0.1;
/** Change of entropy, in bits, that counts as up or down. */
const step = 0.5;

/** What is meant, by direction of sources, destinations, ports: 1 up, -1 down, 0 neither or whatever. */
const meanings: readonly (readonly [readonly [number, number, number], string, string])[] = [
  [[-1, 1, -1], 'few sources reach many hosts on few ports, as in a sweep', 'T1046'],
  [[-1, -1, 1], 'few sources reach few hosts on many ports, as in a port scan', 'T1046'],
  [[1, -1, 0], 'many sources reach few hosts, as in a distributed flood', 'T1498'],
];

export const entropyShift = defineDetector({
  name: 'base.entropy',
  title: 'The mix of flows has changed',
  version: 1,
  severity: 'low',
  mitre: null,
  meaning: 'Scans, floods and worms change who talks to whom long before they are loud.',
  benign: 'A new service, many guests at once, a measuring program.',
  next: 'Compare the talkers and ports of that time with those before.',
  options: {
    divergence: share(0.15, 'Jensen-Shannon divergence from the usual distribution, 0 to 1'),
    z: count(5, 'Robust standard deviations of the divergence from its own past'),
    flows: count(100, 'Flows in ten seconds below which a distribution says nothing'),
    warmUpSec: seconds(600, 'Time in which nothing is told'),
  },
  open: ({ options, now, raise }) => {
    const seen = features.map(() => new Float64Array(bins));
    const usual = features.map(() => new Float64Array(bins));
    const series = new RobustSeries(features.length);
    const told = new Map<string, number>();
    let flows = 0;
    let learned = 0;
    let bin = Number.NaN;
    let firstSec = 0;

    const judge = (): void => {
      const directions: number[] = [];
      let most = 0;
      let isFar = false;
      for (const [i, histogram] of seen.entries()) {
        const sum = flows;
        for (let k = 0; k < bins; k++) histogram[k] /= sum;
        const divergence = learned === 0 ? 0 : jensenShannon(histogram, usual[i]);
        const { z, seen: before } = series.add(i, divergence, options.z);
        const isOut = before >= 60 && z >= options.z && divergence >= options.divergence;
        isFar ||= isOut;
        most = Math.max(most, divergence);
        const change = entropy(histogram) - entropy(usual[i]);
        directions.push(isOut || Math.abs(change) >= 2 * step ? Math.sign(Math.abs(change) >= step ? change : 0) : 0);
      }
      for (const [i, histogram] of seen.entries()) {
        // What is far off teaches little, so that nobody can train it away.
        const weight = learned === 0 ? 1 : isFar ? lambda / 10 : lambda;
        for (let k = 0; k < bins; k++) usual[i][k] += weight * (histogram[k] - usual[i][k]);
      }
      learned++;
      if (isFar && now.sec - firstSec >= options.warmUpSec) tell(directions, most);
    };

    const tell = (directions: readonly number[], divergence: number): void => {
      const fitting = meanings.find(([pattern]) => pattern.every((want, i) => want === 0 || want === directions[i]));
      // A mix that changed without a direction that means something is no alert.
      if (fitting === undefined) return;
      const [, words, mitre] = fitting;
      const times = (told.get(words) ?? 0) + 1;
      told.set(words, times);
      if ((times & (times - 1)) !== 0) return;
      raise({
        key: words,
        sources: [],
        targets: [],
        mitre,
        observed: Math.round(divergence * 100) / 100,
        threshold: options.divergence,
        unit: 'divergence',
        count: times,
        confidence: Math.min(0.8, divergence + 0.2),
        explain: `Of ${grouped(flows)} new flows in ${binSec} s, ${words}.`,
        filter: '',
      });
    };

    const turn = (sec: number): void => {
      const next = Math.floor(sec / binSec);
      if (next === bin) return;
      if (Number.isNaN(bin)) firstSec = sec;
      else if (flows >= options.flows) judge();
      for (const histogram of seen) histogram.fill(0);
      flows = 0;
      bin = next;
    };

    return {
      moments: moment.opened,
      tick: turn,
      flow(s: FlowSignal): void {
        flows++;
        seen[0][hashWords(s.o0, s.o1, s.o2, s.o3) & (bins - 1)]++;
        seen[1][hashWords(s.r0, s.r1, s.r2, s.r3) & (bins - 1)]++;
        seen[2][hashWords(s.rPort, s.proto) & (bins - 1)]++;
      },
    };
  },
});

/** Shannon entropy in bits of a distribution. */
function entropy(p: Float64Array): number {
  let sum = 0;
  for (const x of p) if (x > 0) sum -= x * Math.log2(x);
  return sum;
}

/** Divergence of two distributions, 0 (the same) to 1 (nothing in common). */
function jensenShannon(p: Float64Array, q: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    const m = (p[i] + q[i]) / 2;
    if (p[i] > 0) sum += (p[i] / 2) * Math.log2(p[i] / m);
    if (q[i] > 0) sum += (q[i] / 2) * Math.log2(q[i] / m);
  }
  return sum;
}
