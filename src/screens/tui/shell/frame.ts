// The frame around a view: tabs, source, clock and loss above it, keys or the filter below it.

import type { ColourMark } from '../../../core/index.ts';
import {
  counted,
  dayTime,
  formatCount,
  formatDuration,
  formatPercent,
  severities,
  unknown,
} from '../../present/index.ts';
import { cellsOf, fit, lineOf, nothing, type Span, type Spans, span, widthOf } from '../frame/lines.ts';
import type { Known, Line, Look, Room, View } from '../frame/view.ts';
import type { ShellState } from './state.ts';
import { filterSpans } from './typing/filter-lines.ts';

/** What is left of the room for the view: tabs take two rows, keys one, the filter one where there is one. */
export const roomOfView = ({ columns, rows }: Room, filter: string): Room => ({
  columns,
  rows: Math.max(1, rows - 3 - (filter === '' ? 0 : 1)),
});

/** Where the capture comes from and how it goes. */
export interface Going {
  readonly known: Known;
  readonly state: ShellState;
  readonly views: readonly View[];
  /** Packets that came since the screen stands still. */
  readonly waiting: number;
  readonly nowMs: number;
  readonly messages: number;
  /** Colours of the filter. */
  readonly marks: readonly ColourMark[];
}

interface Tab {
  readonly spans: Spans;
  readonly isOpen: boolean;
}

/** How much is said in the head, from all of it to the least. Tabs keep whole words longer than the source keeps its own. */
const someShort = { performance: 'Perf' } as const;
const short = { overview: 'Over', protocols: 'Proto', performance: 'Perf' } as const;
const heads = [
  { titles: {}, gap: 2, isNamed: true, source: 'all' },
  { titles: {}, gap: 2, isNamed: false, source: 'all' },
  { titles: {}, gap: 2, isNamed: false, source: 'name' },
  { titles: {}, gap: 2, isNamed: false, source: 'clock' },
  { titles: {}, gap: 1, isNamed: false, source: 'clock' },
  { titles: someShort, gap: 2, isNamed: false, source: 'clock' },
  { titles: short, gap: 2, isNamed: false, source: 'all' },
  { titles: short, gap: 1, isNamed: false, source: 'clock' },
  { titles: short, gap: 1, isNamed: false, source: 'loss' },
] as const;
type Head = (typeof heads)[number];

function tabsOf({ views, state, known }: Going, titles: Readonly<Record<string, string>>): Tab[] {
  return views.map(({ key, name, title }) => {
    const isOpen = name === state.view;
    const words = titles[name] ?? title;
    return {
      isOpen,
      spans: [span(`${key} `, 'muted'), span(words, isOpen ? 'focus' : 'text'), ...signOf(name, known)],
    };
  });
}

/** Open alerts beside their tab, with the sign of the gravest. */
function signOf(view: string, { snapshot }: Known): Spans {
  if (view !== 'alerts' || snapshot === null) return nothing;
  const order = ['critical', 'severe', 'high', 'medium', 'low', 'info'] as const;
  const worst = order.find((severity) => snapshot.alertCounts[severity] > 0);
  if (worst === undefined) return nothing;
  const count = order.reduce((sum, severity) => sum + snapshot.alertCounts[severity], 0);
  return [span(` ${severities[worst].icon}${formatCount(count)}`, worst)];
}

/** Both lines of the head. */
export function headLines(going: Going, columns: number, look: Look): Line[] {
  const made = heads.map((head) => headOf(going, head));
  const { left, tabs, begin, source, gap } = made.find(({ width }) => width <= columns) ?? made[made.length - 1];
  const room = columns - widthOf(left);
  const right = room > 3 ? fit([span('  '), ...source, span(' ')], room, look, 'right') : [];
  return [lineOf([...left, ...right], columns, look), ruleLine(tabs, begin, gap, columns, look)];
}

function headOf(going: Going, head: Head) {
  const tabs = tabsOf(going, head.titles);
  const begin = span(head.isNamed ? ' taplight' : '');
  const gap = ' '.repeat(head.gap);
  const left: Spans = [{ ...begin, ink: 'strong' }, ...tabs.flatMap(({ spans }) => [span(gap), ...spans])];
  const source = sourceSpans(going, head.source);
  return { left, tabs, begin, source, gap: head.gap, width: widthOf(left) + widthOf(source) + 3 };
}

/** A rule that is heavy below the open tab. */
function ruleLine(tabs: readonly Tab[], begin: Span, gap: number, columns: number, look: Look): Line {
  let at = cellsOf(begin.text);
  const parts: Span[] = [span('─'.repeat(at), 'line')];
  for (const { spans, isOpen } of tabs) {
    const width = widthOf(spans);
    parts.push(
      span('─'.repeat(gap), 'line'),
      isOpen ? span('━'.repeat(width), 'focus') : span('─'.repeat(width), 'line'),
    );
    at += width + gap;
  }
  parts.push(span('─'.repeat(Math.max(0, columns - at)), 'line'));
  return lineOf(parts, columns, look);
}

function sourceSpans({ known, state, waiting, nowMs }: Going, much: Head['source']): Spans {
  const { about, snapshot, pulse } = known;
  const { length } = about.names;
  const name = length > 1 ? `${about.names[0]} +${length - 1}` : (about.names[0] ?? about.kind);
  // A pulse is newer while it goes on, the last snapshot at the end.
  const lastUs = Math.max(pulse?.lastUs ?? 0, snapshot?.lastUs ?? 0);
  // Which time of a store it is says more than its name.
  const isStore = about.kind === 'store';
  const firstUs = snapshot?.firstUs ?? null;
  const clock = isStore && firstUs !== null ? rangeOf(firstUs, lastUs) : clockOf(firstUs, lastUs);
  const [sign, words] = stateOf(known);
  const isNamed = much === 'all' || (much === 'name' && !isStore);
  const isPaused = state.pausedMs !== null;
  const hasClock = much === 'all' || (much === 'clock' && !isPaused) || (much === 'name' && isStore);
  return [
    ...(isNamed ? [span(name.length > 24 ? `…${name.slice(-23)} ` : `${name} `)] : []),
    ...(isPaused ? pauseSpans(nowMs - (state.pausedMs ?? 0), waiting, much) : [sign, ...(isNamed ? [words] : [])]),
    ...(hasClock ? [span(` ${clock}`)] : []),
    span(isNamed ? ' · ' : ' ', 'muted'),
    ...lossSpans(known),
  ];
}

/** A sign and a word. */
function stateOf({ about, snapshot }: Known): readonly [Span, Span] {
  const state = snapshot?.state ?? 'waiting';
  if (state === 'running') return [span('●', 'good'), span(about.isLive ? ' live' : ' reading', 'good')];
  if (state === 'failed') return [span('✗', 'critical'), span(' failed', 'critical')];
  if (state === 'waiting') return [span('◌', 'muted'), span(' waiting', 'muted')];
  return [span('○', 'muted'), span(about.kind === 'store' ? ' kept' : ' ended', 'muted')];
}

function pauseSpans(ms: number, waiting: number, much: Head['source']): Spans {
  const clock = `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, '0')}`;
  const packets = `+${formatCount(waiting)}`;
  return [span(much === 'all' ? `paused ${clock} · +${counted(waiting, 'packet')}` : `paused ${packets}`, 'medium')];
}

/** `2026-11-22 08:04–09:04`, local. */
function rangeOf(fromUs: number, toUs: number): string {
  const [from, to] = [fromUs, toUs].map((us) => dayTime(us).slice(0, 16));
  return `${from}–${from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to}`;
}

/** Time of packets, from the first to the latest. */
function clockOf(firstUs: number | null, lastUs: number): string {
  if (firstUs === null || lastUs === 0) return '00:00:00';
  const sec = Math.max(0, Math.round((lastUs - firstUs) / 1e6));
  // From a minute on a duration looks like a clock; below, it is to look so as well.
  return sec >= 60 ? formatDuration(sec) : `00:00:${String(sec).padStart(2, '0')}`;
}

function lossSpans({ about, snapshot, pulse }: Known): Spans {
  if (about.kind === 'store') return [span(`loss ${unknown}`, 'muted')];
  const dropped = pulse?.dropped ?? snapshot?.dropped ?? { kernel: 0, interface: 0, queue: 0 };
  const lost = dropped.kernel + dropped.interface;
  const packets = pulse?.packets ?? snapshot?.packets ?? 0;
  if (lost + dropped.queue === 0) return [span('loss 0 %', 'muted')];
  if (lost === 0) return [span(`▲ ${counted(dropped.queue, 'row')} lost`, 'medium')];
  return [span(`▲ loss ${formatPercent(lost, lost + packets)}`, 'high')];
}

/** The filter that everything below is under; no line where there is none. */
export function filterLine({ state, marks }: Going, columns: number, look: Look): Line[] {
  if (state.filter === '') return [];
  const hint = span('   / changes it, Esc clears it', 'muted');
  return [lineOf([span(' filter ', 'muted'), ...filterSpans(state.filter, marks), hint], columns, look)];
}

/** The last line: a notice, or the keys that mean something here. */
export function keysLine(going: Going, keys: View['keys'], columns: number, look: Look): Line {
  const { notice } = going.state;
  if (notice !== '') return lineOf([span(' '), span(notice, 'focus')], columns, look);
  // Where there are no rows, the trouble stands in their place.
  const { trouble, window } = going.known;
  if (trouble !== null && window !== null)
    return lineOf([span(' ▲ ', 'medium'), span(`not up to date: ${trouble}`, 'strong')], columns, look);
  const general: View['keys'] = [
    ['/', 'filter'],
    going.known.about.kind === 'store'
      ? ['[ ] - +', 'time']
      : ['Space', going.state.pausedMs === null ? 'pause' : 'go on'],
  ];
  const last: View['keys'] = [
    ...(going.messages > 0 ? [['m', counted(going.messages, 'message')] as const] : []),
    ['?', 'help'],
    ['q', 'quit'],
  ];
  const end = keySpans(last);
  const room = columns - widthOf(end) - 2;
  const left = fittingKeys([...general, ...keys.map(([key, does]) => [shownKey(key), does] as const)], room);
  const gap = span(' '.repeat(Math.max(1, columns - widthOf(left) - widthOf(end) - 1)));
  return lineOf([...left, gap, ...end], columns, look);
}

const shownKey = (key: string): string => (/^(enter|escape|tab|space)$/.test(key) ? (names[key] ?? key) : key);
const names: Readonly<Record<string, string>> = { enter: 'Enter', escape: 'Esc', tab: 'Tab', space: 'Space' };

function keySpans(keys: View['keys']): Spans {
  return keys.flatMap(([key, does], i) => [span(i === 0 ? ' ' : '  '), span(key, 'strong'), span(` ${does}`, 'muted')]);
}

function fittingKeys(keys: View['keys'], cells: number): Spans {
  let shown: Spans = nothing;
  for (let count = 1; count <= keys.length; count++) {
    const next = keySpans(keys.slice(0, count));
    if (widthOf(next) > cells) break;
    shown = next;
  }
  return shown;
}
