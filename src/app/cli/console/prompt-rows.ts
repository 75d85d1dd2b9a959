// Interfaces as the question lists them, and which one an answer means. Pure.

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

export type PromptEnd = { readonly chosen: string } | { readonly quit: 0 | 130 };

/** Busiest first, the interface of the default route before others that are as busy, then by number. */
function byActivity(rows: readonly PromptRow[]): PromptRow[] {
  return [...rows].sort(
    (a, b) => b.bytesPerSec - a.bytesPerSec || Number(b.isDefault) - Number(a.isDefault) || a.number - b.number,
  );
}

/** The row that typed text means: a number, a name, or the beginning of exactly one name. */
export function matchRow(rows: readonly PromptRow[], typed: string): PromptRow | undefined {
  const exact = rows.find((row) => row.name === typed) ?? rows.find((row) => String(row.number) === typed);
  if (exact !== undefined || typed === '') return exact;
  const begun = rows.filter((row) => row.name.startsWith(typed));
  return begun.length === 1 ? begun[0] : undefined;
}

/** The busiest first, one line each. */
export function listLines(rows: readonly PromptRow[]): string[] {
  const sorted = byActivity(rows);
  const nameWidth = Math.max(4, ...sorted.map((row) => printable(row.name).length));
  const rateWidth = Math.max(0, ...sorted.map((row) => row.rates.length));
  return sorted.map((row) => {
    const left = `  ${String(row.number).padStart(2)}  ${printable(row.name).padEnd(nameWidth)}  ${row.rates.padEnd(rateWidth)}`;
    const note = row.isDefault ? 'default route' : '';
    return `${left}  ${[row.detail, note].filter((part) => part !== '').join(' · ')}`.trimEnd();
  });
}
