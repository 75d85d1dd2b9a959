// Columns over time made ready to be drawn: rates, stacks, the part of them that a window shows.

export type Values = readonly (number | null)[];

/** The axis of time of a series: columns of equal length, without gaps. */
export interface TimeAxis {
  readonly startSec: number;
  readonly stepSec: number;
}

/** Sums of columns as a rate a second, bits of bytes with `factor` 8. */
export function rates(sums: readonly number[], stepSec: number, factor = 1): number[] {
  return sums.map((sum) => (sum * factor) / stepSec);
}

/** Part of a whole, column by column, 0 to 1; a gap where there is no whole. */
export function shares(parts: readonly number[], wholes: readonly number[]): (number | null)[] {
  return parts.map((part, i) => (wholes[i] > 0 ? part / wholes[i] : null));
}

/** A list that is filled again instead of made anew, ten times a second. */
export type Reused = (number | null)[];

/**
 * Fills `into` with the times and one list per line. Stacked lines are added up from the last to the first, so that the
 * first is the highest and the ones behind it are drawn over its lower part.
 */
export function fillColumns(
  into: Reused[],
  axis: TimeAxis,
  lines: readonly Values[],
  count: number,
  isStacked: boolean,
): Reused[] {
  into.length = lines.length + 1;
  for (let line = 0; line <= lines.length; line++) {
    into[line] ??= [];
    into[line].length = count;
  }
  for (let i = 0; i < count; i++) {
    into[0][i] = axis.startSec + i * axis.stepSec;
    let below = 0;
    for (let line = lines.length - 1; line >= 0; line--) {
      const value = lines[line][i] ?? null;
      if (!isStacked) into[line + 1][i] = value;
      else {
        below += value ?? 0;
        into[line + 1][i] = below;
      }
    }
  }
  return into;
}

/** Which column a time lies in; null outside. */
export function columnAt(axis: TimeAxis, count: number, timeUs: number): number | null {
  const column = Math.floor((timeUs / 1e6 - axis.startSec) / axis.stepSec);
  return column >= 0 && column < count ? column : null;
}

/** Neighbouring columns put together so that at most `most` remain: means, gaps left out. */
export function thinned(values: Values, most: number): (number | null)[] {
  const by = Math.ceil(values.length / most);
  if (by <= 1) return [...values];
  const means: (number | null)[] = [];
  for (let from = 0; from < values.length; from += by) {
    const part = values.slice(from, from + by).filter((value) => value !== null);
    means.push(part.length === 0 ? null : part.reduce((sum, value) => sum + value, 0) / part.length);
  }
  return means;
}

/** Largest value, 0 where there is none. */
export function largest(values: Values): number {
  return values.reduce<number>((most, value) => (value !== null && value > most ? value : most), 0);
}

/** Mean of what is known; null where nothing is. */
export function mean(values: Values): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}
