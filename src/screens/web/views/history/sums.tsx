// Sums over the range: by group over time with the period before as a dashed line, and the largest groups.

import { type Family, families, printable } from '../../../../core/index.ts';
import {
  cellText,
  familyPaint,
  formatBytes,
  formatCount,
  formatDuration,
  protocolText,
} from '../../../present/index.ts';
import { type BarRow, Bars } from '../../charts/bars.tsx';
import { TimeChart, type TimeLine } from '../../charts/time.tsx';
import type { Unit } from '../../charts/units.ts';
import type { Screen } from '../../shell/screen.ts';
import { Empty, Panel } from '../pieces/pieces.tsx';
import { equals, ofHost } from '../pieces/terms.ts';
import { type Answer, askSeries, askTop, type Group, type Measure, type Scope } from './asked-history.ts';
import { laidSeries, periodBefore, stepFor } from './ranges.ts';
import { useAnswer } from './use-answer.ts';

interface SumsProps {
  readonly screen: Screen;
  readonly scope: Scope;
  readonly measure: Measure;
  readonly by: Group;
  /** Flows are kept of the time before. */
  readonly hasPast: boolean;
}

const columnsShown = 240;
/** Percentiles and counts of different hosts cannot be added up. */
const adds = (measure: Measure): boolean => ['bytes', 'flows', 'packets'].includes(measure);
const units: Readonly<Record<Measure, Unit>> = {
  bytes: 'bits',
  packets: 'packets',
  flows: 'count',
  hosts: 'count',
  rtt_p95: 'seconds',
  response_p95: 'seconds',
};

/** What a sum of one column is a second, or in seconds. */
function scaled(measure: Measure, value: number, stepSec: number): number {
  if (measure === 'bytes') return (value * 8) / stepSec;
  if (measure === 'packets') return value / stepSec;
  return units[measure] === 'seconds' ? value / 1e6 : value;
}

const directions = ['inside', 'out', 'in', 'outside'];

/** @param titles of protocols, by name */
export function groupTitle(by: Group, value: string, titles: ReadonlyMap<string, string>): string {
  if (value === '') return 'unknown';
  if (by === 'direction') return directions[Number(value)] ?? value;
  return by === 'app' && value !== 'other' ? protocolText(value, titles) : printable(value);
}

const titlesOf = (screen: Screen): ReadonlyMap<string, string> =>
  new Map(screen.scene.value.protocols.map(({ name, title }) => [name, title]));

/** One term of the filter language; null where a group is none. */
export function groupTerm(by: Group, value: string): string | undefined {
  if (value === '' || value === 'other') return undefined;
  if (by === 'ip') return ofHost(value);
  if (by === 'port') return `dstport == ${value}`;
  if (by === 'direction') return `flows.direction == ${value}`;
  if (by === 'conversation') return undefined;
  return equals(by === 'host' ? 'host.name' : by, value);
}

export function Sums({ screen, scope, measure, by, hasPast }: SumsProps) {
  const stepSec = stepFor(scope, columnsShown);
  const question = JSON.stringify({ scope, measure, by, stepSec });
  const canGroup = by !== 'conversation' && adds(measure);
  const series = useAnswer(question, (signal) => askSeries(scope, measure, stepSec, canGroup ? by : null, signal));
  const before = periodBefore(scope);
  const past = useAnswer(hasPast ? question : null, (signal) =>
    askSeries({ ...scope, ...before }, measure, stepSec, null, signal),
  );
  const top = useAnswer(question, (signal) => askTop(scope, by, measure, signal));
  const trouble = series.trouble ?? top.trouble;
  return (
    <>
      <Panel isWide>
        {trouble !== null && <Empty>{trouble}</Empty>}
        {series.answer !== null && (
          <OverTime
            screen={screen}
            {...{ scope, measure, by, hasPast, stepSec, canGroup }}
            now={series.answer}
            past={hasPast ? past.answer : null}
          />
        )}
      </Panel>
      <Panel isWide note={series.isAsking ? 'asking…' : undefined}>
        {top.answer !== null && (
          <Bars
            screen={screen}
            title="Largest"
            measure={measure}
            rows={topRows(screen, top.answer, by, measure)}
            isPlain={!adds(measure)}
            empty="Nothing in this time."
          />
        )}
      </Panel>
    </>
  );
}

type OverTimeProps = SumsProps & {
  readonly stepSec: number;
  readonly canGroup: boolean;
  readonly now: Answer;
  readonly past: Answer | null;
};

function OverTime({ screen, scope, measure, by, stepSec, canGroup, now, past }: OverTimeProps) {
  const empty = units[measure] === 'seconds' ? null : 0;
  const laid = laidSeries(now.rows, scope, stepSec, canGroup, empty);
  const scale = (value: number | null): number | null => (value === null ? null : scaled(measure, value, stepSec));
  const titles = titlesOf(screen);
  const groupsShown = by === 'app' ? byFamily(screen, laid.lines) : laid.lines;
  const lines = groupsShown.map(
    ({ name, values }, i): TimeLine => ({
      title: canGroup ? groupTitle(by, name, titles) : 'now',
      paint: familyPaint[groupFamily(screen, by, name, i)],
      values: values.map(scale),
      term: groupTerm(by, name),
    }),
  );
  const isStacked = canGroup && lines.length > 1;
  const common = { screen, series: laid, unit: units[measure] } as const;
  const previous = past === null ? null : laidSeries(past.rows, periodBefore(scope), stepSec, false, empty).lines[0];
  const total = laid.lines.length === 0 ? [] : totals(laid.lines.map(({ values }) => values)).map(scale);
  const compared: TimeLine[] = [
    { title: 'this time', paint: familyPaint['web-secret'], values: total },
    ...(previous === null || previous === undefined
      ? []
      : [{ title: 'the time before', paint: familyPaint.other, values: previous.values.map(scale), isDashed: true }]),
  ];
  return (
    <>
      <TimeChart
        {...common}
        title={isStacked ? 'Over time, by group' : 'Over time'}
        lines={lines}
        stacked={isStacked}
      />
      {previous !== null && (
        <TimeChart {...common} title="Compared with the time before" lines={compared} height={130} />
      )}
    </>
  );
}

/** Protocols have the colour of their family wherever they are; other groups have none of their own and take turns. */
function groupFamily(screen: Screen, by: Group, name: string, at: number): Family {
  if (name === 'other') return 'other';
  return by === 'app' ? screen.familyOf(name) : families[at % families.length];
}

/** Those of one family, and of one colour, lie next to each other. */
function byFamily<T extends { readonly name: string }>(screen: Screen, lines: readonly T[]): T[] {
  const place = ({ name }: T): number => families.indexOf(groupFamily(screen, 'app', name, 0));
  return [...lines].sort((a, b) => place(a) - place(b));
}

function totals(lines: readonly (readonly (number | null)[])[]): (number | null)[] {
  return lines[0].map((_, i) => {
    const known = lines.map((values) => values[i]).filter((value): value is number => value !== null);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
  });
}

function topRows(screen: Screen, { columns, rows }: Answer, by: Group, measure: Measure): BarRow[] {
  const titles = titlesOf(screen);
  const groupsWide = columns.findIndex(({ name }) => name === measure);
  const values = rows.map((row) => Number(row[groupsWide] ?? 0));
  const all = values.reduce((sum, value) => sum + value, 0);
  return rows.map((row, i) => {
    const group = row
      .slice(0, groupsWide)
      .map((cell) => cellText({ name: '', kind: 'text' }, cell === null ? '' : String(cell)));
    const value = String(row[0] ?? '');
    return {
      label: by === 'conversation' ? group.join(' – ') : groupTitle(by, value, titles),
      value: valueText(measure, values[i]),
      share: all > 0 ? values[i] / all : 0,
      paint: familyPaint[by === 'app' ? screen.familyOf(value) : 'web-secret'],
      term: groupTerm(by, value),
    };
  });
}

function valueText(measure: Measure, value: number): string {
  if (measure === 'bytes') return formatBytes(value);
  return units[measure] === 'seconds' ? formatDuration(value / 1e6) : formatCount(value);
}
