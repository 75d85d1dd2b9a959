// Moments and spans as people write them: ISO 8601, seconds since 1970, `-2h`, and English words (chrono-node).

import { Failure, parseDuration } from '../../../../core/index.ts';

/** What a word stands for; a moment begins and ends at the same time. Microseconds, the end exclusive. */
export interface Span {
  readonly fromUs: number;
  readonly toUs: number;
}

const moment = (us: number): Span => ({ fromUs: us, toUs: us });
const days = (year: number, month: number, day: number): Span => ({
  fromUs: new Date(year, month, day).getTime() * 1000,
  toUs: new Date(year, month, day + 1).getTime() * 1000,
});
const months = (year: number, month: number, count = 1): Span => ({
  fromUs: new Date(year, month, 1).getTime() * 1000,
  toUs: new Date(year, month + count, 1).getTime() * 1000,
});

/** The span that a text means; null where it means none. Times are local unless they name their zone. */
export async function spanOf(text: string, now: Date): Promise<Span | null> {
  const words = text.trim();
  const span = sinceEpoch(words) ?? ago(words, now) ?? isoDays(words) ?? isoMoment(words);
  // A date that is none, such as 2026-13-01, is not guessed at.
  return span ?? (/^\d{4}-\d{2}(-\d{2})?$/.test(words) ? null : english(words, now));
}

/** The span of an option's text. Throws BAD_OPTION. */
export async function spanOfOption(called: string, text: string, now: Date): Promise<Span> {
  const span = await spanOf(text, now);
  if (span !== null) return span;
  const hint = 'Write "2 hours ago", yesterday, 2026-11-21, "2026-11-21 10:00", -2h, or seconds since 1970.';
  throw new Failure('BAD_OPTION', `${called}: '${text}' is no time`, hint);
}

/** Nine digits or more; fewer are a year, an hour. */
function sinceEpoch(words: string): Span | null {
  const match = /^(\d{9,11})(?:\.(\d{1,6})\d*)?$/.exec(words);
  return match === null ? null : moment(Number(match[1]) * 1e6 + micros(match[2]));
}

function ago(words: string, now: Date): Span | null {
  if (!words.startsWith('-')) return null;
  const weeks = /^-(\d+(?:\.\d+)?)w$/.exec(words);
  const sec = weeks === null ? parseDuration(words.slice(1)) : Number(weeks[1]) * 7 * 86_400;
  return sec === null ? null : moment(now.getTime() * 1000 - Math.round(sec * 1e6));
}

function isoDays(words: string): Span | null {
  if (/^[12]\d{3}$/.test(words)) return months(Number(words), 0, 12);
  const match = /^(\d{4})-(\d{2})(?:-(\d{2}))?$/.exec(words);
  if (match === null) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]) - 1, match[3] === undefined ? null : Number(match[3])];
  const date = new Date(year, month, day ?? 1);
  if (date.getMonth() !== month || (day !== null && date.getDate() !== day)) return null;
  return day === null ? months(year, month) : days(year, month, day);
}

function isoMoment(words: string): Span | null {
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i.exec(
    words,
  );
  if (match === null) return null;
  const [, date, minute, second = '00', fraction, zone = ''] = match;
  const parsed = Date.parse(
    `${date}T${minute}:${second}${zone.toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')}`,
  );
  return Number.isNaN(parsed) ? null : moment(parsed * 1000 + micros(fraction));
}

/** Microseconds of the digits behind a point. */
const micros = (fraction = ''): number => Number(fraction.slice(0, 6).padEnd(6, '0'));

async function english(words: string, now: Date): Promise<Span | null> {
  // Loaded here: it has to build its grammar, and most times are written shortly.
  const { casual } = await import('chrono-node/en');
  const [first, ...more] = casual.parse(words, now);
  if (first === undefined || more.length > 0 || first.text.trim() !== words) return null;
  const { start, end } = first;
  const fromUs = start.date().getTime() * 1000;
  if (end !== null && end !== undefined) return { fromUs, toUs: end.date().getTime() * 1000 };
  if (start.isCertain('hour')) return moment(fromUs);
  const at = start.date();
  if (start.isCertain('day') || start.isCertain('weekday')) return days(at.getFullYear(), at.getMonth(), at.getDate());
  if (start.isCertain('month')) return months(at.getFullYear(), at.getMonth());
  return moment(fromUs);
}
