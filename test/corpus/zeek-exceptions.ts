// What of Zeek's logs is not compared, and where ours differ, with the reasons: exceptions/zeek.json.

import { readFileSync } from 'node:fs';

/** A reason and its places: `test`, `test log` or `test log.column`. */
export interface Left {
  readonly because: string;
  readonly at: readonly string[];
}

/** A reason and how often it shows: by `test log.column`, or `test log.(row)` and `(extra)`. */
export interface Differing {
  readonly because: string;
  readonly at: Readonly<Record<string, number>>;
}

export interface ZeekExceptions {
  /** Reasons by log. */
  readonly notWritten: Readonly<Record<string, string>>;
  readonly incomparable: readonly Left[];
  readonly differences: readonly Differing[];
  /** Columns of a log that are equal on a smaller share of records than is asked: `log.column`, with the share. */
  readonly below: readonly Differing[];
}

export const zeekExceptions = JSON.parse(
  readFileSync(new URL('./exceptions/zeek.json', import.meta.url), 'utf8'),
) as ZeekExceptions;

const places = new Set(zeekExceptions.incomparable.flatMap(({ at }) => at));
const used = new Set<string>();

/** Whether a log of a test, or one of its columns, is not compared. */
export function isLeft(test: string, log: string, column?: string): boolean {
  if (log in zeekExceptions.notWritten) {
    used.add(log);
    return true;
  }
  const place = [test, `${test} ${log}`, `${test} ${log}.${column}`].find((one) => places.has(one));
  if (place !== undefined) used.add(place);
  return place !== undefined;
}

/** Exceptions that no test has any more, asked for after comparing. */
export function idleExceptions(): string[] {
  return [...Object.keys(zeekExceptions.notWritten), ...places].filter((one) => !used.has(one));
}
