// Columns of one or several workers as the series that screens draw.

import { families, latencyBins, type TrafficSeries, type TrafficSpan, trafficColumns } from '../../core/index.ts';
import { addColumn, columnsBetween, type TrafficColumns, trafficField, trafficWidth } from './traffic-columns.ts';

/**
 * Adds up what several workers counted, second by second; null when none has counted anything.
 * @param most columns; of `recent` the latest are kept, those of `whole` grow wider
 */
export function joinTraffic(
  parts: readonly (TrafficColumns | null)[],
  span: TrafficSpan,
  most: number = trafficColumns[span],
): TrafficColumns | null {
  const known = parts.filter((part) => part !== null && part.values.length > 0) as TrafficColumns[];
  if (known.length < 2) return known[0] ?? null;
  const firstSec = Math.min(...known.map((part) => part.startSec));
  const lastSec = Math.max(...known.map(lastSecOf));
  let stepSec = Math.max(...known.map((part) => part.stepSec));
  if (span === 'whole') while (columnsBetween(firstSec, lastSec, stepSec) > most) stepSec *= 2;
  const first = Math.max(Math.floor(firstSec / stepSec), Math.floor(lastSec / stepSec) - most + 1);
  const values = new Float64Array((Math.floor(lastSec / stepSec) - first + 1) * trafficWidth);
  for (const part of known) {
    for (let at = 0; at < part.values.length; at += trafficWidth) {
      const to = Math.floor((part.startSec + (at / trafficWidth) * part.stepSec) / stepSec) - first;
      if (to >= 0) addColumn(values, to * trafficWidth, part.values, at);
    }
  }
  return { startSec: first * stepSec, stepSec, values };
}

/** Beginning of the last column. */
function lastSecOf(part: TrafficColumns): number {
  return part.startSec + (part.values.length / trafficWidth - 1) * part.stepSec;
}

/** Columns as lists, one for each number of a column; times that nobody measured are left out. */
export function seriesOf({ startSec, stepSec, values }: TrafficColumns): TrafficSeries {
  const count = values.length / trafficWidth;
  const list = (field: number): number[] => {
    const numbers = new Array<number>(count);
    for (let i = 0; i < count; i++) numbers[i] = values[i * trafficWidth + field];
    return numbers;
  };
  const lists = (field: number, size: number): number[][] => Array.from({ length: size }, (_, i) => list(field + i));
  const times = (field: number): number[][] => {
    const bins = lists(field, latencyBins);
    return bins.some((bin) => bin.some((n) => n > 0)) ? bins : [];
  };
  return {
    startSec,
    stepSec,
    packets: list(trafficField.packets),
    bytes: list(trafficField.bytes),
    inBytes: list(trafficField.inBytes),
    outBytes: list(trafficField.outBytes),
    families: lists(trafficField.families, families.length),
    newFlows: list(trafficField.newFlows),
    segments: list(trafficField.segments),
    repeated: list(trafficField.repeated),
    rtt: times(trafficField.rtt),
    responses: times(trafficField.responses),
  };
}
