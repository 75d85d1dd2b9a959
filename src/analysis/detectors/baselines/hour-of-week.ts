// The week's rhythm: flows and bytes of an hour against the same hour of earlier weeks (detection.md §1.10).

import { type FlowSignal, moment } from '../../../core/index.ts';
import { count, defineDetector, seconds } from '../detector.ts';
import { grouped } from '../wording.ts';

const hours = 168;
const measures = ['flows', 'bytes'] as const;
/** Weight of a week in what is usual. */
const lambda = 0.3;

export const hourOfWeek = defineDetector({
  name: 'base.hour-of-week',
  title: 'An unusual hour',
  version: 1,
  severity: 'low',
  mitre: null,
  meaning:
    'Much traffic at an hour that is usually quiet is how stolen data leaves and how backups fail to be backups.',
  benign: 'A holiday, a moved backup window, a night shift.',
  next: 'See who sent in that hour and did not in the weeks before.',
  options: {
    times: count(10, 'Times the usual of that hour of the week'),
    flows: count(1000, 'Flows in the hour below which nothing is told'),
    bytes: count(100_000_000, 'Bytes in the hour below which nothing is told'),
    warmUpSec: seconds(14 * 86_400, 'Time in which nothing is told: two weeks'),
  },
  open: ({ options, raise }) => {
    const usual = new Float64Array(hours * measures.length);
    const weeks = new Uint16Array(hours);
    const sums = new Float64Array(measures.length);
    const least = [options.flows, options.bytes];
    let hour = Number.NaN;
    let firstSec = Number.NaN;

    /** The hour is over: judged against the same one of other weeks, then learned. */
    const close = (sec: number): void => {
      // 1970 began on a Thursday; which day is called first does not matter.
      const slot = ((hour % hours) + hours) % hours;
      for (const [i, words] of measures.entries()) {
        const at = slot * measures.length + i;
        const value = sums[i];
        const isWarm = weeks[slot] >= 2 && sec - firstSec >= options.warmUpSec;
        if (isWarm && value >= least[i] && value >= options.times * Math.max(1, usual[at])) {
          raise({
            key: words,
            sources: [],
            targets: [],
            observed: Math.round(value),
            expected: Math.round(usual[at]),
            threshold: options.times,
            unit: `${words} in an hour`,
            confidence: 0.5,
            explain: `${grouped(Math.round(value))} ${words} in this hour, usually ${grouped(Math.round(usual[at]))} at this time of the week.`,
            filter: '',
          });
        }
        usual[at] += (weeks[slot] === 0 ? 1 : lambda) * (value - usual[at]);
      }
      weeks[slot]++;
      sums.fill(0);
    };

    return {
      moments: moment.opened | moment.alive | moment.ended,
      tick(sec: number): void {
        const next = Math.floor(sec / 3600);
        if (Number.isNaN(hour)) {
          hour = next;
          firstSec = sec;
        }
        if (next === hour) return;
        close(sec);
        // Hours in which nothing came at all were not captured, or empty: neither teaches.
        hour = next;
      },
      flow(s: FlowSignal): void {
        if (s.moment === moment.opened) sums[0]++;
        else sums[1] += s.oBytesSince + s.rBytesSince;
      },
    };
  },
});
