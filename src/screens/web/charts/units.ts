// Values of a chart as text: the same words as in tables.

import {
  formatBitRate,
  formatBytes,
  formatCount,
  formatDuration,
  formatPacketRate,
  formatPercent,
  type Paint,
} from '../../present/index.ts';
import type { Theme } from '../shell/screen.ts';

/** What values are: `bits` and `packets` are rates a second, `seconds` durations, `percent` shares from 0 to 1. */
export type Unit = 'bits' | 'packets' | 'bytes' | 'count' | 'seconds' | 'percent';

const formats: Readonly<Record<Unit, (value: number) => string>> = {
  bits: formatBitRate,
  packets: formatPacketRate,
  bytes: formatBytes,
  // Means over a column need not be whole.
  count: (value) => (Number.isInteger(value) ? formatCount(value) : value.toPrecision(3)),
  seconds: formatDuration,
  percent: (share) => formatPercent(share, 1),
};

export function unitText(unit: Unit, value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : formats[unit](value);
}

/** The high contrast theme draws on black. */
export function colourOf(paint: Paint, theme: Theme): string {
  return theme === 'light' ? paint.light : paint.dark;
}
