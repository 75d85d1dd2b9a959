// The frame around a view: tabs, source, clock and loss above it, keys or the filter below it.

import type { ColourMark } from '../../../core/index.ts';
import { formatCount, formatDuration, formatPercent, severities } from '../../present/index.ts';
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

function tabsOf({ views, state, known }: Going, isShort: boolean): Tab[] {
  return views.map(({ key, name, title }) => {
    const isOpen = name === state.view;
    const words = isShort ? shortTitle(title) : title;
    return {
      isOpen,
      spans: [span(`${key} `, 'muted'), span(words, isOpen ? 'focus' : 'text'), ...signOf(name, known)],
    };
  });
}

const shortTitle = (title: string): string => (title.length > 6 ? `${title.slice(0, 4)}.` : title);

/** Open alerts beside their tab, with the sign of the gravest. */
function signOf(view: string, { snapshot }: Known): Spans {
  if (view !== 'alerts' || snapshot === null) return nothing;
  const order = ['critical', 'severe', 'high', 'medium', 'low', 'info'] as const;
  const worst = order.find((severity) => snapshot.alertCounts[severity] > 0);
  if (worst === undefined) return nothing;
  const count = order.reduce((sum, severity) => sum + snapshot.alertCounts[severity], 0);
  return [span(` ${severities[worst].icon}${formatCount(count)}`, worst)];
}

const joined = (tabs: readonly Tab[]): Spans => tabs.flatMap(({ spans }) => [span('  '), ...spans]);

/** Both lines of the head. */
export function headLines(going: Going, columns: number, look: Look): Line[] {
  const source = sourceSpans(going);
  const name = span(' taplight', 'strong');
  const isFitting = (tabs: readonly Tab[], begin: Span): boolean =>
    widthOf([begin, ...joined(tabs), span('   '), ...source]) <= columns;
  const long = tabsOf(going, false);
  const tabs = isFitting(long, name) ? long : tabsOf(going, true);
  const begin = isFitting(tabs, name) ? name : span('');
  const left = [begin, ...joined(tabs)];
  const room = columns - widthOf(left);
  const right = room > 3 ? fit([span('  '), ...source, span(' ')], room, look, 'right') : [];
  return [lineOf([...left, ...right], columns, look), ruleLine(tabs, begin, columns, look)];
}

/** A rule that is heavy below the open tab. */
function ruleLine(tabs: readonly Tab[], begin: Span, columns: number, look: Look): Line {
  let at = cellsOf(begin.text);
  const parts: Span[] = [span('─'.repeat(at), 'line')];
  for (const { spans, isOpen } of tabs) {
    const width = widthOf(spans);
    parts.push(span('──', 'line'), isOpen ? span('━'.repeat(width), 'focus') : span('─'.repeat(width), 'line'));
    at += width + 2;
  }
  parts.push(span('─'.repeat(Math.max(0, columns - at)), 'line'));
  return lineOf(parts, columns, look);
}

function sourceSpans({ known, state, waiting, nowMs }: Going): Spans {
  const { about, snapshot, pulse } = known;
  const name = about.names.length > 1 ? `${about.names[0]} +${about.names.length - 1}` : (about.names[0] ?? about.kind);
  return [
    span(name.length > 24 ? `…${name.slice(-23)}` : name),
    span(' '),
    ...(state.pausedMs === null ? stateSpans(known) : pauseSpans(nowMs - state.pausedMs, waiting)),
    span(' '),
    span(clockOf(snapshot?.firstUs ?? null, pulse?.lastUs ?? snapshot?.lastUs ?? null), 'text'),
    span('  '),
    ...lossSpans(known),
  ];
}

function stateSpans({ about, snapshot }: Known): Spans {
  const state = snapshot?.state ?? 'waiting';
  if (state === 'running') return [span(about.isLive ? '● live' : '● reading', 'good')];
  if (state === 'failed') return [span('✗ failed', 'critical')];
  if (state === 'waiting') return [span('○ waiting', 'muted')];
  return [span(about.isLive ? '○ ended' : '○ read', 'muted')];
}

function pauseSpans(ms: number, waiting: number): Spans {
  const clock = `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, '0')}`;
  return [span(`paused ${clock} · +${formatCount(waiting)} packets`, 'medium')];
}

/** Time of packets, from the first to the latest. */
function clockOf(firstUs: number | null, lastUs: number | null): string {
  if (firstUs === null || lastUs === null) return '00:00:00';
  const sec = Math.max(0, Math.floor((lastUs - firstUs) / 1e6));
  // From a minute on a duration looks like a clock; below, it is to look so as well.
  return sec >= 60 ? formatDuration(sec) : `00:00:${String(sec).padStart(2, '0')}`;
}

function lossSpans({ snapshot, pulse }: Known): Spans {
  const dropped = pulse?.dropped ?? snapshot?.dropped ?? { kernel: 0, interface: 0, queue: 0 };
  const lost = dropped.kernel + dropped.interface;
  const packets = pulse?.packets ?? snapshot?.packets ?? 0;
  if (lost + dropped.queue === 0) return [span('loss 0 %', 'muted')];
  if (lost === 0) return [span(`▲ ${formatCount(dropped.queue)} rows lost`, 'medium')];
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
  const general: View['keys'] = [
    ['/', 'filter'],
    ['Space', going.state.pausedMs === null ? 'pause' : 'go on'],
  ];
  const last: View['keys'] = [
    ...(going.messages > 0 ? [['m', `${going.messages} messages`] as const] : []),
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
