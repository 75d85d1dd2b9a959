// A request as the program that is attacked would read it: percent signs undone as often as careless servers do, comments
// that split words taken out, small letters. Bounded to 4 KiB, in time that grows with the text.

import type { AnyEvent } from '../../../core/index.ts';

const textLimit = 4096;
/** Programs behind programs each undo percent signs once. */
const rounds = 3;
const valueLimit = 64;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** One decoding of percent signs; what is no pair of digits stays. */
function undone(text: string): string {
  return text.replace(/%(?:u00)?([0-9a-f]{2})/gi, (_, pair: string) => String.fromCharCode(Number.parseInt(pair, 16)));
}

/** A value as it arrives inside: decoded, in small letters, comments of SQL and runs of blanks made one blank. */
export function normalised(text: string): string {
  let out = text.slice(0, textLimit);
  for (let i = 0; i < rounds && out.includes('%'); i++) {
    const next = undone(out);
    if (next === out) break;
    out = next;
  }
  return out
    .toLowerCase()
    .replace(/\/\*[^*]{0,64}\*\//g, ' ')
    .replace(/\0/g, '')
    .replace(/[\s\u00a0]+/g, ' ');
}

/** One value of a request: a parameter, the path, or a body that is no form. */
export interface RequestValue {
  /** Normalised. */
  readonly text: string;
  readonly isPath: boolean;
  readonly isBody: boolean;
  /** A body that is no form: it holds anything, so that only strong signs count. */
  readonly isDocument: boolean;
  /** A path of letters, digits and slashes alone: few signs can be in it. */
  readonly isPlain: boolean;
}

/** What is looked at of one request. */
export interface RequestReading {
  readonly method: string;
  /** Path and query without secrets, to be shown. */
  readonly shown: string;
  readonly host: string;
  readonly userAgent: string | null;
  readonly values: readonly RequestValue[];
  /** The target as it was sent. */
  readonly raw: string;
  /** The target and headers as they came, for signs that a decoding would destroy. */
  readonly headers: string;
  readonly body: string;
  /** The header that comes twice, empty when none does. */
  readonly twice: string;
}

/** Most values: nothing in them can be part of an attack, so they are not looked at. */
const plain = /^[\w.,:@~*=-]*$/;

const plainPath = /^[\w/.~-]*$/;

/** Values of `a=b&c=d`; blanks are written as plus signs there. */
function formValues(text: string, isBody: boolean): RequestValue[] {
  const values: RequestValue[] = [];
  for (const pair of text.split(/[&]/, valueLimit)) {
    if (plain.test(pair) && !pair.includes('..')) continue;
    const equal = pair.indexOf('=');
    // Names of parameters carry attacks as well.
    const value = equal < 0 ? pair : /['"<%(.]/.test(pair.slice(0, equal)) ? pair : pair.slice(equal + 1);
    if (value !== '')
      values.push({
        text: normalised(value.replaceAll('+', ' ')),
        isPath: false,
        isBody,
        isDocument: false,
        isPlain: false,
      });
  }
  return values;
}

function valuesOf(target: string, body: string, isForm: boolean): RequestValue[] {
  const query = target.indexOf('?');
  const path = query < 0 ? target : target.slice(0, query);
  const values: RequestValue[] = [
    {
      text: normalised(path),
      isPath: true,
      isBody: false,
      isDocument: false,
      isPlain: plainPath.test(path) && !path.includes('..'),
    },
  ];
  if (query >= 0) values.push(...formValues(target.slice(query + 1), false));
  if (body === '') return values;
  if (isForm) values.push(...formValues(body, true));
  else values.push({ text: normalised(body), isPath: false, isBody: true, isDocument: true, isPlain: false });
  return values;
}

function read(event: AnyEvent): RequestReading {
  const raw = (textOf(event.target) || textOf(event.url)).slice(0, textLimit);
  const body = textOf(event.body).slice(0, textLimit);
  const isForm = textOf(event.contentType).toLowerCase().startsWith('application/x-www-form-urlencoded');
  return {
    method: textOf(event.method),
    shown: (textOf(event.shownTarget) || textOf(event.url)).slice(0, 120),
    host: (textOf(event.host) || textOf(event.hostname)).slice(0, 80),
    userAgent: typeof event.userAgent === 'string' ? event.userAgent : null,
    values: valuesOf(raw, body, isForm),
    raw,
    headers: `${textOf(event.odd)}\n${textOf(event.userAgent)}\n${textOf(event.referer)}\n${textOf(event.xff)}`.slice(
      0,
      2 * textLimit,
    ),
    body,
    twice: textOf(event.twice),
  };
}

/** Reads each request once, however many detectors look at it. */
export class RequestReader {
  #event: AnyEvent | null = null;
  #reading: RequestReading | null = null;

  of(event: AnyEvent): RequestReading {
    if (this.#event !== event || this.#reading === null) {
      this.#event = event;
      this.#reading = read(event);
    }
    return this.#reading;
  }
}
