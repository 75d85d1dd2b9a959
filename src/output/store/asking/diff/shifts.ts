// Sums and round trips that are not what they were.

import type { AskOptions, DiffSection, Measure } from '../../history.ts';
import type { Value } from '../../store.ts';
import type { Asking } from '../statement/asking.ts';
import type { SettledScope } from '../statement/scope.ts';
import { top } from '../sums/top.ts';
import { shift } from './numbers.ts';

type Item = DiffSection['items'][number];

/** A change is told from a quarter more or less on, of what is large enough to matter. */
const shareToTell = 0.25;
const leastBytes = 1_000_000;
const leastShiftUs = 1000;
const leastHandshakes = 20;
/** Groups that are compared, the largest of each scope. */
const comparedGroups = 2000;

interface Compared {
  readonly thing: string;
  readonly before: number;
  readonly after: number;
}

/** Bytes, packets and flows in all; bytes by application and by host. */
export async function volumeShifts(
  asking: Asking,
  before: SettledScope,
  after: SettledScope,
  limit: number,
  options: AskOptions,
): Promise<DiffSection> {
  const sums = ['bytes', 'packets', 'flows'] as const;
  const [old, now] = await both(asking, before, after, [], sums, options);
  const totals = sums.map((unit, i) => ({ thing: 'all traffic', before: sum(old, i), after: sum(now, i), unit }));
  const items = totals
    .filter(({ before, after }) => before !== after)
    .map((each): Item => changed(each, each.unit, `All ${each.unit}`));
  for (const [by, word] of [
    ['app', 'of application'],
    ['ip', 'of host'],
  ] as const) {
    const [old, now] = await both(asking, before, after, [by], ['bytes'], options);
    const shifts = paired(old, now, 0, 1).filter(({ before, after }) => Math.abs(after - before) >= leastBytes);
    for (const each of shifts.filter(isShift)) items.push(changed(each, 'bytes', `Bytes ${word} ${each.thing}`));
  }
  return section('volume', 'Volume', items, limit);
}

/** Handshakes, in all and by server. */
export async function latencyShifts(
  asking: Asking,
  before: SettledScope,
  after: SettledScope,
  limit: number,
  options: AskOptions,
): Promise<DiffSection> {
  const items: Item[] = [];
  const [oldAll, nowAll] = await both(asking, before, after, [], ['rtt_p50', 'rtt_p95'], options);
  for (const [i, word] of ['Median', '95th percentile'].entries()) {
    const whole = { thing: 'all servers', before: sum(oldAll, i), after: sum(nowAll, i) };
    if (isSlower(whole)) items.push(changed(whole, 'us', `${word} of all handshakes`));
  }
  const [old, now] = await both(asking, before, after, ['dst_ip'], ['flows', 'rtt_p50'], options);
  const enough = (rows: Rows): Rows =>
    rows.filter(([, count, rtt]) => Number(count) >= leastHandshakes && rtt !== null);
  for (const each of paired(enough(old), enough(now), null, 2).filter(isSlower))
    items.push(changed(each, 'us', `Median handshake with ${each.thing}`));
  return section('latency', 'Latency', items, limit);
}

type Rows = readonly (readonly Value[])[];

async function both(
  asking: Asking,
  before: SettledScope,
  after: SettledScope,
  by: readonly string[],
  measures: readonly Measure[],
  options: AskOptions,
): Promise<[Rows, Rows]> {
  const of = async (scope: SettledScope): Promise<Rows> =>
    (await top(asking, { ...scope, by, measures, limit: comparedGroups }, options)).rows;
  return [await of(before), await of(after)];
}

const sum = (rows: Rows, i: number): number => Number(rows[0]?.[i] ?? 0);

/** Groups that are in both; with `none`, also those of one scope, which had so much in the other. */
function paired(old: Rows, now: Rows, none: number | null, place: number): Compared[] {
  const before = new Map(old.map((row) => [String(row[0]), Number(row[place])]));
  const after = new Map(now.map((row) => [String(row[0]), Number(row[place])]));
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((thing) => {
    const was = before.get(thing) ?? none;
    const is = after.get(thing) ?? none;
    if (was === null || is === null) return [];
    return [{ thing: thing === '' ? 'unknown' : thing, before: was, after: is }];
  });
}

function isShift({ before, after }: Compared): boolean {
  return Math.abs(after - before) >= shareToTell * Math.max(before, after);
}

function isSlower(each: Compared): boolean {
  return each.before > 0 && each.after > 0 && isShift(each) && Math.abs(each.after - each.before) >= leastShiftUs;
}

function changed({ thing, before, after }: Compared, unit: string, what: string): Item {
  return { change: 'changed', thing, before, after, unit, text: `${what} ${shift(before, after, unit)}` };
}

/** What is of all traffic stays first; the rest by how much it changed. */
function section(what: string, title: string, items: readonly Item[], limit: number): DiffSection {
  const size = ({ before, after }: Item): number => Math.abs((after ?? 0) - (before ?? 0));
  const isWhole = ({ thing }: Item): boolean => thing.startsWith('all ');
  const sorted = [
    ...items.filter(isWhole),
    ...items.filter((item) => !isWhole(item)).sort((a, b) => size(b) - size(a)),
  ];
  return { what, title, items: sorted.slice(0, limit), more: Math.max(0, sorted.length - limit) };
}
