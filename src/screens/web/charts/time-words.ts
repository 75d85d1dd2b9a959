// What a chart over time says in words: the sentence for those who cannot see it, its table, its ticks.

import { clockTime, counted, dayTime, formatDuration } from '../../present/index.ts';
import { largest, mean, type TimeAxis } from './columns.ts';
import type { ChartTable } from './figure.tsx';
import type { TimeChartProps, TimeLine } from './time.tsx';
import { unitText } from './units.ts';

/** Rows of the table; older ones are said to be left out. */
const tableRows = 200;

export function chartSentence({ lines, series, unit, marks = [] }: TimeChartProps, count: number): string {
  if (count === 0) return 'No traffic yet.';
  const span = `${formatDuration(count * series.stepSec)} from ${dayTime(series.startSec * 1e6)}`;
  const busiest = [...lines]
    .map((line) => ({ line, most: largest(line.values), mean: mean(line.values) }))
    .filter(({ most }) => most > 0)
    .sort((a, b) => (b.mean ?? 0) - (a.mean ?? 0))
    .slice(0, 3)
    .map(
      ({ line, most, mean }) => `${line.title}: ${unitText(unit, mean)} on average, ${unitText(unit, most)} at most`,
    );
  const seen = busiest.length === 0 ? 'nothing was seen' : busiest.join('; ');
  const marked = marks.length === 0 ? '' : ` ${counted(marks.length, 'alert')} marked.`;
  return `${span}. ${seen}.${marked}`;
}

export function chartTable({ lines, series, unit }: Pick<TimeChartProps, 'lines' | 'series' | 'unit'>, count: number) {
  const from = Math.max(0, count - tableRows);
  const rows: string[][] = [];
  for (let i = count - 1; i >= from; i--)
    rows.push([columnTime(series, i), ...lines.map((line) => text(line, i, unit))]);
  const table: ChartTable = {
    columns: ['time', ...lines.map(({ title }) => title)],
    rows,
    ...(from > 0 ? { more: `and ${counted(from, 'earlier row')}; choose a shorter range to see them` } : {}),
  };
  return table;
}

const text = (line: TimeLine, at: number, unit: TimeChartProps['unit']): string => unitText(unit, line.values[at]);

/** With the day, where columns are far apart. */
export function columnTime({ startSec, stepSec }: TimeAxis, at: number): string {
  const us = (startSec + at * stepSec) * 1e6;
  return stepSec >= 600 ? dayTime(us).slice(0, 16) : clockTime(us);
}

/** Ticks of an axis `stepSec` apart: no more of date and time than tells them apart; the day where it changes. */
export function timeTicks(splits: readonly number[], stepSec: number): string[] {
  let day = '';
  return splits.map((sec) => {
    const whole = dayTime(sec * 1e6);
    const date = whole.slice(0, 10);
    const isNewDay = day !== '' && date !== day;
    day = date;
    if (stepSec >= 86_400) return date.slice(5);
    if (isNewDay) return `${date.slice(5)}\n${whole.slice(11, 16)}`;
    return stepSec >= 60 ? whole.slice(11, 16) : whole.slice(11);
  });
}
