// Kinds of option values: how each is read from the words a person types, and how a refusal is worded.

import { parseDuration, parseSize } from '../../../core/index.ts';
import { defaultFlowOptions } from '../../pipeline/options.ts';

/** One kind of value. `read` gives null for text that is none; `expects` completes "… is not". */
export interface Value<T> {
  readonly shape: 'flag' | 'one' | 'list';
  readonly expects: string;
  read(text: string): T | null;
}

const truths: Record<string, boolean> = {
  '1': true,
  true: true,
  yes: true,
  on: true,
  '0': false,
  false: false,
  no: false,
  off: false,
};

/** Present or absent on the command line; a word for yes or no elsewhere. */
export const flag: Value<boolean> = {
  shape: 'flag',
  expects: 'yes or no',
  read: (text) => truths[text.trim().toLowerCase()] ?? null,
};

/** Any text that is not empty. */
export const text: Value<string> = {
  shape: 'one',
  expects: 'a name that is not empty',
  read: (words) => (words === '' ? null : words),
};

/** Several texts; the option may be repeated. */
export const texts: Value<readonly string[]> = {
  shape: 'list',
  expects: 'a name that is not empty',
  read: (words) => (words === '' ? null : [words]),
};

/** Whole number of at least `least` and at most `most`. */
export function count(least: number, most = Number.MAX_SAFE_INTEGER): Value<number> {
  const upTo = most === Number.MAX_SAFE_INTEGER ? 'or more' : `to ${most}`;
  return {
    shape: 'one',
    expects: `a whole number, ${least} ${upTo}`,
    read: (words) => {
      if (!/^\d+$/.test(words.trim())) return null;
      const number = Number(words);
      return number >= least && number <= most ? number : null;
    },
  };
}

/** Seconds. */
export const duration: Value<number> = {
  shape: 'one',
  expects: 'a duration such as 10s, 5m, 1h or 500ms',
  read: parseDuration,
};

/** How many times faster than it was; Infinity for `max`. */
export const speed: Value<number> = {
  shape: 'one',
  expects: 'a number from 0.01 to 1000000 such as 10, or max',
  read: (words) => {
    const word = words.trim().toLowerCase();
    if (word === 'max') return Number.POSITIVE_INFINITY;
    const times = /^\d+(\.\d+)?$/.test(word) ? Number(word) : 0;
    return times >= 0.01 && times <= 1e6 ? times : null;
  },
};

/** Bytes, at least `least`. */
export function size(least: number): Value<number> {
  return {
    shape: 'one',
    expects: `a size such as 64MB or 1GiB${least > 1 ? `, at least ${least} bytes` : ''}`,
    read: (words) => {
      const bytes = parseSize(words);
      return bytes !== null && bytes >= least ? bytes : null;
    },
  };
}

/** Bytes, at least `least`, or none at all. */
export function sizeOrNone(least: number): Value<number> {
  const some = size(least);
  return {
    ...some,
    expects: `${some.expects}, or 0 for none`,
    read: (words) => (parseSize(words) === 0 ? 0 : some.read(words)),
  };
}

/** One of a few words. */
export function choice<T extends string>(...words: readonly T[]): Value<T> {
  return {
    shape: 'one',
    expects: `one of ${words.join(', ')}`,
    read: (given) => words.find((word) => word === given.trim().toLowerCase()) ?? null,
  };
}

/** Idle seconds by kind of flow. */
export interface FlowTimeouts {
  readonly tcp: number;
  readonly udp: number;
  readonly other: number;
  readonly active: number;
}

export const builtInTimeouts: FlowTimeouts = {
  tcp: defaultFlowOptions.tcpIdleSec,
  udp: defaultFlowOptions.udpIdleSec,
  other: defaultFlowOptions.otherIdleSec,
  active: defaultFlowOptions.activeSec,
};

/** `tcp=300,udp=60,other=60,active=0`: kinds left out keep the built-in value; only `active` may be 0. */
export const timeouts: Value<FlowTimeouts> = {
  shape: 'one',
  expects: 'a list such as tcp=300,udp=60,other=60,active=0',
  read: (words) => {
    const read: Record<string, number> = {};
    for (const part of words.split(',')) {
      const [kind, value, ...rest] = part.split('=').map((word) => word.trim());
      const sec = value === undefined ? null : parseDuration(value);
      if (rest.length > 0 || sec === null || !Object.hasOwn(builtInTimeouts, kind)) return null;
      if (sec === 0 && kind !== 'active') return null;
      read[kind] = sec;
    }
    return { ...builtInTimeouts, ...read };
  },
};
