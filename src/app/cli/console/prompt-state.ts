// The question "which interface?": its state, what a key does to it, and how it is drawn. Pure; the terminal is elsewhere.

import { printable } from '../../../core/index.ts';

export interface PromptRow {
  /** As `-D` numbers it. */
  readonly number: number;
  readonly name: string;
  /** Addresses and kind, in words. */
  readonly detail: string;
  /** Rates, in words; empty when unknown. */
  readonly rates: string;
  /** Bytes per second in both directions: what the list is sorted by. */
  readonly bytesPerSec: number;
  readonly isDefault: boolean;
}

export interface PromptState {
  readonly rows: readonly PromptRow[];
  /** Name of the row the cursor is on. */
  readonly selected: string;
  readonly typed: string;
  readonly message: string;
  /** After the first key, rows stay where they are. */
  readonly isTouched: boolean;
}

export type PromptEnd = { readonly chosen: string } | { readonly quit: 0 | 130 };
export type PromptStep = { readonly state: PromptState } | { readonly end: PromptEnd };

/** Busiest first, the interface of the default route before others that are as busy, then by number. */
function byActivity(rows: readonly PromptRow[]): PromptRow[] {
  return [...rows].sort(
    (a, b) => b.bytesPerSec - a.bytesPerSec || Number(b.isDefault) - Number(a.isDefault) || a.number - b.number,
  );
}

export function startPrompt(rows: readonly PromptRow[]): PromptState {
  const sorted = byActivity(rows);
  return { rows: sorted, selected: sorted[0]?.name ?? '', typed: '', message: '', isTouched: false };
}

/** New rates. Rows are sorted anew only until the first key, so that nothing moves under the hand. */
export function refreshPrompt(state: PromptState, rows: readonly PromptRow[]): PromptState {
  if (!state.isTouched) return { ...startPrompt(rows), message: state.message };
  const place = new Map(state.rows.map((row, index) => [row.name, index]));
  const end = state.rows.length;
  const kept = [...rows].sort((a, b) => (place.get(a.name) ?? end) - (place.get(b.name) ?? end));
  const isThere = kept.some((row) => row.name === state.selected);
  return { ...state, rows: kept, selected: isThere ? state.selected : (kept[0]?.name ?? '') };
}

/** The row that typed text means: a number, a name, or the beginning of exactly one name. */
export function matchRow(rows: readonly PromptRow[], typed: string): PromptRow | undefined {
  const exact = rows.find((row) => row.name === typed) ?? rows.find((row) => String(row.number) === typed);
  if (exact !== undefined || typed === '') return exact;
  const begun = rows.filter((row) => row.name.startsWith(typed));
  return begun.length === 1 ? begun[0] : undefined;
}

/** One key, as the terminal sends it. */
export function pressKey(state: PromptState, key: string): PromptStep {
  const touched = { ...state, isTouched: true, message: '' };
  switch (key) {
    case '\x03':
      return { end: { quit: 130 } };
    case '\x04':
      return { end: { quit: 0 } };
    case '\r':
    case '\n':
      return choose(touched);
    case '\x1b[A':
    case '\x1bOA':
      return { state: moved(touched, -1) };
    case '\x1b[B':
    case '\x1bOB':
      return { state: moved(touched, 1) };
    case '\x1b':
      return { state: { ...touched, typed: '' } };
    case '\x7f':
    case '\b':
      return { state: retyped(touched, state.typed.slice(0, -1)) };
  }
  if (key === 'q' && state.typed === '') return { end: { quit: 0 } };
  // Interface names on Windows have spaces and letters of any script; control characters and escapes are no text.
  if (/^[\p{L}\p{N}\p{P}\p{S} ]+$/u.test(key)) return { state: retyped(touched, state.typed + key) };
  return { state };
}

function choose(state: PromptState): PromptStep {
  const row =
    state.typed === '' ? state.rows.find((one) => one.name === state.selected) : matchRow(state.rows, state.typed);
  if (row !== undefined) return { end: { chosen: row.name } };
  return { state: { ...state, message: `there is no interface '${state.typed}'; type its number or name` } };
}

function moved(state: PromptState, step: number): PromptState {
  const at = state.rows.findIndex((row) => row.name === state.selected);
  const to = Math.max(0, Math.min(state.rows.length - 1, at + step));
  return { ...state, typed: '', selected: state.rows[to]?.name ?? '' };
}

function retyped(state: PromptState, typed: string): PromptState {
  return { ...state, typed, selected: matchRow(state.rows, typed)?.name ?? state.selected };
}

/** Lines of at most `width` columns, at most `height` of them. */
export function drawPrompt(state: PromptState, width: number, height: number): string[] {
  const room = Math.max(1, height - 4);
  const at = state.rows.findIndex((row) => row.name === state.selected);
  const from = Math.max(0, Math.min(at - room + 1, state.rows.length - room));
  const shown = state.rows.slice(from, from + room);
  const nameWidth = Math.max(4, ...shown.map((row) => printable(row.name).length));
  const rateWidth = Math.max(0, ...shown.map((row) => row.rates.length));
  const lines = shown.map((row) => {
    const cursor = row.name === state.selected ? '>' : ' ';
    const note = row.isDefault ? 'default route' : '';
    const left = `${cursor} ${String(row.number).padStart(2)}  ${printable(row.name).padEnd(nameWidth)}  `;
    return `${left}${row.rates.padEnd(rateWidth)}  ${[row.detail, note].filter((part) => part !== '').join(' · ')}`.trimEnd();
  });
  const answer = state.message === '' ? `Interface: ${state.typed}` : `Interface: ${state.typed}   (${state.message})`;
  const title = 'Which interface?  ↑↓, number or name, then Enter; q quits';
  return [title, '', ...lines, answer].map((line) => line.slice(0, width));
}
