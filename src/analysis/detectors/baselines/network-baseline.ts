// The network unlike itself: packets, bits, new flows, failed flows, name queries and mean packet size per ten seconds,
// each against its own last ten minutes (robust z, EWMA chart and CUSUM; detection.md §1.10).

import { type AnyEvent, type EventPlace, type FlowSignal, moment } from '../../../core/index.ts';
import { type Judgement, RobustSeries } from '../../sketches/index.ts';
import { count, defineDetector, seconds } from '../detector.ts';
import { grouped } from '../wording.ts';

/** What is measured: name in keys, words for people, whether less is unusual as well, least value worth a word. */
const measures = [
  ['flows', 'new flows', true, 50],
  ['failed', 'failed connections', false, 30],
  ['queries', 'name queries', true, 50],
  ['missing', 'names that do not exist', false, 20],
  ['bytes', 'bytes of ended flows', false, 1e6],
] as const;
const FLOWS = 0;
const FAILED = 1;
const QUERIES = 2;
const MISSING = 3;
const BYTES = 4;

const binSec = 10;
/** Bins without anything that are still counted as quiet; a longer silence is no measure of the network. */
const gapBins = 6;

export const networkBaseline = defineDetector({
  name: 'base.network',
  title: 'The network is unlike itself',
  version: 1,
  severity: 'low',
  mitre: null,
  meaning: 'A sudden change of what is usual may be an attack, a fault, or a change nobody announced.',
  benign: 'The beginning of a working day, a backup, an update of many machines.',
  next: 'See which hosts and services make the difference at that time.',
  options: {
    z: count(6, 'Robust standard deviations from the median of the last ten minutes'),
    persistence: count(3, 'Bins of ten seconds, of the last five, that have to be so far off'),
    warmUpSec: seconds(600, 'Time in which nothing is told'),
  },
  open: ({ options, now, raise }) => {
    const series = new RobustSeries(measures.length);
    const sums = new Float64Array(measures.length);
    const worst = new Float64Array(measures.length);
    let bin = Number.NaN;
    let firstSec = 0;

    const judge = (at: number): void => {
      const [, words, bothWays, least] = measures[at];
      const value = sums[at];
      const found = series.add(at, value, options.z);
      const isWarm = found.seen >= 60 && now.sec - firstSec >= options.warmUpSec;
      const isFar = found.persistence >= options.persistence && Math.abs(found.z) >= options.z;
      const isHigh = found.z > 0;
      if (!isWarm || !isFar || (!isHigh && !bothWays) || Math.max(value, found.usual) < least) return;
      tell(at, words, value, found);
    };

    const tell = (at: number, words: string, value: number, { z, usual }: Judgement): void => {
      const far = Math.abs(z);
      if (far < worst[at] * 2) return;
      worst[at] = far;
      const rate = (n: number): string => grouped(Math.round((n / binSec) * 10) / 10);
      raise({
        key: `${measures[at][0]} ${z > 0 ? 'high' : 'low'}`,
        sources: [],
        targets: [],
        observed: Math.round(value / binSec),
        expected: Math.round(usual / binSec),
        threshold: options.z,
        unit: `${words} a second`,
        confidence: Math.min(0.9, 0.3 + far / 40),
        explain: `${rate(value)} ${words} a second, usually ${rate(usual)}: ${grouped(Math.round(far))} robust standard deviations ${z > 0 ? 'more' : 'less'}.`,
        filter: '',
      });
    };

    const turn = (sec: number): void => {
      const next = Math.floor(sec / binSec);
      if (next === bin) return;
      if (Number.isNaN(bin)) firstSec = sec;
      else {
        for (let at = 0; at < measures.length; at++) judge(at);
        sums.fill(0);
        // A short silence is a value; a long one says that nobody captured.
        const silent = Math.min(next - bin - 1, gapBins);
        if (next - bin <= gapBins)
          for (let i = 0; i < silent; i++) for (let at = 0; at < measures.length; at++) judge(at);
      }
      bin = next;
    };

    return {
      moments: moment.opened | moment.rejected | moment.silent | moment.ended | moment.alive,
      tick: turn,
      flow(s: FlowSignal): void {
        if (s.moment === moment.opened) sums[FLOWS]++;
        else if (s.moment === moment.rejected || s.moment === moment.silent) sums[FAILED]++;
        else sums[BYTES] += s.oBytesSince + s.rBytesSince;
      },
      events: {
        dns: (event: AnyEvent, place: EventPlace): void => {
          if (place.only === 'eve') return;
          sums[QUERIES]++;
          if (event.rcodeName === 'NXDOMAIN') sums[MISSING]++;
        },
      },
    };
  },
});
