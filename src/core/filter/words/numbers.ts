// Numbers as users write them: with units, and times.

import { entryOf } from './letters.ts';

/** Microseconds. */
const durations: Readonly<Record<string, number>> = {
  us: 1,
  µs: 1,
  usec: 1,
  ms: 1e3,
  msec: 1e3,
  s: 1e6,
  sec: 1e6,
  second: 1e6,
  seconds: 1e6,
  min: 6e7,
  minute: 6e7,
  minutes: 6e7,
  h: 3.6e9,
  hour: 3.6e9,
  hours: 3.6e9,
  d: 8.64e10,
  day: 8.64e10,
  days: 8.64e10,
};

/** How many; bytes, bits and hertz alike. */
const factors: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, g: 1e9, t: 1e12 };
const binary: Readonly<Record<string, number>> = { ki: 1024, mi: 1024 ** 2, gi: 1024 ** 3, ti: 1024 ** 4 };
const countUnit = /^([kmgt]i?)?(b|byte|bytes|bit|bits|hz)?$/i;

/** Words that may stand apart behind a number: `5 min`. Not `b`, which is too short to be told from a word of its own. */
export const unitWords: ReadonlySet<string> = new Set([
  ...Object.keys(durations),
  ...['byte', 'bytes', 'bit', 'bits', 'hz', 'khz'],
  ...['kb', 'mb', 'gb', 'tb', 'kib', 'mib', 'gib', 'tib'],
]);

/** Microseconds in one of the units that columns have. */
const timeUnits: Readonly<Record<string, number>> = { us: 1, ms: 1e3, sec: 1e6, s: 1e6 };

const number = /^([+-]?(?:0x[0-9a-f]+|\d+(?:\.\d+)?(?:e[+-]?\d+)?))\s*([a-zµ]*)$/i;

/**
 * A number in the unit of its field, `undefined` when the text is none.
 *
 * @param unit the field's: of `us`, `ms` and `sec` durations are taken, of others sizes (`1MB`, `4KiB`, `10k`)
 */
export function numberOf(text: string, unit: string | undefined): number | undefined {
  const match = number.exec(text.trim());
  if (match === null) return undefined;
  const value = Number(match[1]);
  const word = match[2];
  if (!Number.isFinite(value)) return undefined;
  if (word === '') return value;
  const base = unit === undefined ? undefined : entryOf(timeUnits, unit);
  if (base !== undefined) {
    const duration = entryOf(durations, word.toLowerCase()) ?? (word === 'm' ? durations.min : undefined);
    return duration === undefined ? undefined : tidy((value * duration) / base);
  }
  return sizeOf(value, word);
}

function sizeOf(value: number, word: string): number | undefined {
  const match = countUnit.exec(word);
  if (match === null) return undefined;
  const prefix = (match[1] ?? '').toLowerCase();
  return tidy(value * (binary[prefix] ?? factors[prefix] ?? 1));
}

/** 1.1 × 1000 is 1100, not 1100.0000000000002. */
const tidy = (value: number): number =>
  Number.isSafeInteger(Math.round(value)) ? Number(value.toPrecision(15)) : value;

const iso = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?)?$/i;

/** Whether a word is a time and not a chip. */
export function mayBeTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\d/.test(text);
}

/** Microseconds since the epoch of `2026-11-22 10:00`, in UTC unless it says otherwise, or of seconds; else `undefined`. */
export function timeOf(text: string): number | undefined {
  if (/^\d{9,11}(\.\d{1,6})?$/.test(text)) return Math.round(Number(text) * 1e6);
  const match = iso.exec(text.trim());
  if (match === null) return undefined;
  const [year, month, day, hour, minute, sec] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const ms = Date.UTC(year, month - 1, day, hour, minute, sec);
  const back = new Date(ms);
  if (back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day || hour > 23 || minute > 59 || sec > 59) {
    return undefined;
  }
  const fraction = Number((match[7] ?? '').padEnd(6, '0').slice(0, 6));
  return ms * 1000 + fraction - zoneUs(match[8] ?? 'Z');
}

function zoneUs(zone: string): number {
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(zone);
  if (match === null) return 0;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 6e7;
}
