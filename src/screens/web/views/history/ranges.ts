// Stretches of time as people say them, and columns of answers laid on them.

import type { TrafficSeries } from '../../../../core/index.ts';
import type { Cell, SceneSnapshot, TimeRange } from '../../../api/index.ts';
import type { Values } from '../../charts/columns.ts';

export const presets = [
  ['15 minutes', 900],
  ['hour', 3600],
  ['6 hours', 6 * 3600],
  ['day', 86_400],
  ['week', 7 * 86_400],
  ['30 days', 30 * 86_400],
] as const;

const unitSec: Readonly<Record<string, number>> = {
  s: 1,
  sec: 1,
  second: 1,
  min: 60,
  minute: 60,
  m: 60,
  h: 3600,
  hour: 3600,
  d: 86_400,
  day: 86_400,
  w: 604_800,
  week: 604_800,
  month: 30 * 86_400,
};

const dayUs = 86_400e6;

function midnightUs(nowUs: number): number {
  const date = new Date(nowUs / 1000);
  date.setHours(0, 0, 0, 0);
  return date.getTime() * 1000;
}

/**
 * `today`, `yesterday`, `last 3 hours`, `2 days`, or two times with `to` between them (`2026-11-22 10:00 to 11:00`); null
 * for anything else.
 */
export function rangeOfWords(words: string, nowUs: number): TimeRange | null {
  const text = words.trim().toLowerCase();
  if (text === 'today') return { fromUs: midnightUs(nowUs), toUs: nowUs };
  if (text === 'yesterday') {
    const toUs = midnightUs(nowUs);
    return { fromUs: midnightUs(toUs - dayUs / 2), toUs };
  }
  const span = /^(?:the )?(?:last )?(\d+(?:\.\d+)?)?\s*([a-z]+?)s?$/.exec(text);
  const seconds = span === null ? undefined : (unitSec[span[2]] ?? unitSec[`${span[2]}s`]);
  if (span !== null && seconds !== undefined) {
    const lengthUs = Number(span[1] ?? 1) * seconds * 1e6;
    return lengthUs > 0 ? { fromUs: nowUs - lengthUs, toUs: nowUs } : null;
  }
  const [from, to, ...more] = words.split(/\s+(?:to|until|–|-)\s+/);
  if (to === undefined || more.length > 0) return null;
  const fromUs = timeOf(from, nowUs);
  const toUs = to.trim().toLowerCase() === 'now' ? nowUs : timeOf(to, fromUs ?? nowUs);
  return fromUs === null || toUs === null || fromUs >= toUs ? null : { fromUs, toUs };
}

/** A time of day is of the day of `nearUs`. */
function timeOf(text: string, nearUs: number): number | null {
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text.trim());
  if (clock !== null) {
    const date = new Date(nearUs / 1000);
    date.setHours(Number(clock[1]), Number(clock[2]), Number(clock[3] ?? 0), 0);
    return date.getTime() * 1000;
  }
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text.trim()) ? `${text.trim()}T00:00` : text.trim().replace(' ', 'T');
  const ms = Date.parse(day);
  return Number.isNaN(ms) ? null : ms * 1000;
}

/**
 * Shown until somebody chooses: what has ended, from its first packet to its last; what goes on, the shortest preset that
 * holds it, up to the newest packet.
 */
export function firstRange(
  { state, firstUs, lastUs }: Pick<SceneSnapshot, 'state' | 'firstUs' | 'lastUs'>,
  whole: Pick<TrafficSeries, 'startSec' | 'stepSec' | 'packets'> | null,
  nowUs: number,
): TimeRange {
  const toUs = (lastUs ?? nowUs) + 1;
  // A stretch of a store begins where it was asked for: its first packet is in the first column that has any.
  const column = whole?.packets.findIndex((count) => count > 0) ?? -1;
  const columnUs = whole === null || column < 0 ? 0 : (whole.startSec + column * whole.stepSec) * 1e6;
  const fromUs = Math.min(toUs - 1e6, Math.max(firstUs ?? toUs, columnUs));
  if (state === 'done') return { fromUs, toUs };
  const lengthSec = (toUs - fromUs) / 1e6;
  const [, seconds] = presets.find(([, sec]) => sec >= lengthSec) ?? presets[presets.length - 1];
  return { fromUs: toUs - seconds * 1e6, toUs };
}

/** The stretch of the same length before. */
export function periodBefore({ fromUs, toUs }: TimeRange): TimeRange {
  return { fromUs: fromUs - (toUs - fromUs), toUs: fromUs };
}

const steps = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 10_800, 21_600, 86_400, 604_800];

/** Seconds of a column so that there are at most `most` of them. */
export function stepFor({ fromUs, toUs }: TimeRange, most: number): number {
  const wanted = (toUs - fromUs) / 1e6 / most;
  return steps.find((step) => step >= wanted) ?? Math.ceil(wanted / 604_800) * 604_800;
}

export interface LaidSeries {
  readonly startSec: number;
  readonly stepSec: number;
  readonly lines: readonly { readonly name: string; readonly values: Values }[];
}

/** Rows `ts, (group,) measure` as lines; buckets without a row are `empty`. */
export function laidSeries(
  rows: readonly (readonly Cell[])[],
  range: TimeRange,
  stepSec: number,
  isGrouped: boolean,
  empty: number | null,
): LaidSeries {
  const startSec = Math.floor(range.fromUs / 1e6 / stepSec) * stepSec;
  const count = Math.max(1, Math.ceil((range.toUs / 1e6 - startSec) / stepSec));
  const lines = new Map<string, (number | null)[]>();
  for (const row of rows) {
    const at = Math.floor((Number(row[0]) / 1e6 - startSec) / stepSec);
    if (at < 0 || at >= count) continue;
    const name = isGrouped ? String(row[1] ?? '') : '';
    const values = lines.get(name) ?? new Array<number | null>(count).fill(empty);
    lines.set(name, values);
    const value = row[isGrouped ? 2 : 1];
    values[at] = typeof value === 'number' ? value : empty;
  }
  return { startSec, stepSec, lines: [...lines].map(([name, values]) => ({ name, values })) };
}
