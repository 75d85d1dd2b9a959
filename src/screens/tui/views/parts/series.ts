// What a chart or a tile needs of a traffic series: rates per second, and words for its times.

import { families, type TrafficSeries } from '../../../../core/index.ts';
import { clockTime, formatDuration, largestFamilies } from '../../../present/index.ts';
import type { ChartLayer } from '../../frame/chart.ts';

/** Bits per second of columns of bytes. */
export const bitRates = (bytes: readonly number[], stepSec: number): number[] =>
  bytes.map((each) => (each * 8) / stepSec);

/** The latest `seconds` of a series; all of it where there is less. */
export function latest(series: TrafficSeries, seconds: number): TrafficSeries {
  const count = Math.ceil(seconds / series.stepSec);
  const drop = series.bytes.length - count;
  if (drop <= 0) return series;
  const tail = (values: readonly number[]): readonly number[] => values.slice(drop);
  return {
    ...series,
    startSec: series.startSec + drop * series.stepSec,
    packets: tail(series.packets),
    bytes: tail(series.bytes),
    inBytes: tail(series.inBytes),
    outBytes: tail(series.outBytes),
    families: series.families.map(tail),
    newFlows: tail(series.newFlows),
    segments: tail(series.segments),
    repeated: tail(series.repeated),
    rtt: series.rtt.slice(drop),
    responses: series.responses.slice(drop),
  };
}

/** Families as layers of a chart, the largest at the bottom. */
export function familyLayers(series: TrafficSeries): ChartLayer[] {
  const sums = series.families.map((values) => values.reduce((sum, each) => sum + each, 0));
  const layers = largestFamilies(families, sums).map(({ family }) => ({
    ink: family,
    values: bitRates(series.families[families.indexOf(family)], series.stepSec),
  }));
  return layers.length > 0 ? layers : [{ ink: 'text', values: bitRates(series.bytes, series.stepSec) }];
}

/** `60M` of bits per second: at an axis, the unit stands in the heading. */
export function axisLabel(value: number): string {
  const steps = ['', 'k', 'M', 'G', 'T', 'P'];
  let rest = value;
  let step = 0;
  while (rest >= 999.5 && step < steps.length - 1) {
    rest /= 1000;
    step++;
  }
  return `${Number(rest.toPrecision(3))}${steps[step]}`;
}

const sinceLabel = (seconds: number): string => {
  if (seconds === 0) return 'now';
  const [minutes, rest] = [Math.floor(seconds / 60), Math.round(seconds % 60)];
  return `-${minutes}:${String(rest).padStart(2, '0')}`;
};

/** Times below a chart that covers `seconds`: before now while it goes on, of the clock afterwards. */
export function timeLabels(startSec: number, seconds: number, isLive: boolean): (readonly [number, string])[] {
  return [0, 0.2, 0.4, 0.6, 0.8, 1].map((at) => {
    const sec = at * seconds;
    return [at, isLive ? sinceLabel(Math.round(seconds - sec)) : clockTime((startSec + sec) * 1e6)] as const;
  });
}

/** `last 5 minutes`, `00:12:41`. */
export function spanWords(seconds: number, isLive: boolean): string {
  if (!isLive) return formatDuration(seconds);
  const minutes = Math.round(seconds / 60);
  return minutes >= 1 ? `last ${minutes === 1 ? 'minute' : `${minutes} minutes`}` : `last ${seconds} seconds`;
}
