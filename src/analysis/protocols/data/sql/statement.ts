// Text of a statement in a query language (SQL, CQL), cut to a bound and with its passwords masked.

import { masked, wireText } from '../../../../core/index.ts';

/** Bytes of a statement that are kept. */
export const statementLimit = 4096;

/** A statement at `o`, made safe to show: `IDENTIFIED BY '***'`, `PASSWORD '***'`. */
export function statementText(b: Uint8Array, o: number, end: number): string {
  return maskPasswords(wireText(b, o, Math.min(end, o + statementLimit)));
}

/** An error without the passwords of the statement that it repeats: `… near 'IDENTIFIED BY '***'' at line 1`. */
export function maskEcho(error: string): string {
  const from = error.indexOf("near '") + 6;
  if (from < 6) return maskPasswords(error);
  const end = error.lastIndexOf("'");
  if (end <= from) return error.slice(0, from) + maskPasswords(error.slice(from));
  // Where it begins with a literal, what that is for is not told.
  const echo = /^['"`$]|^0x/i.test(error.slice(from, end)) ? masked : maskPasswords(error.slice(from, end));
  return error.slice(0, from) + echo + error.slice(end);
}

/** Words between a password's keyword and its literal. */
const between = new Set(['BY', 'AS', 'USING', 'WITH', 'PASSWORD', 'TO', 'RANDOM', 'HASH', 'ENCRYPTED', 'FOR', 'OLD']);
/** Letters of a name of an authentication plugin may stand between `WITH` and `BY`; no longer than this. */
const gapLimit = 200;

/**
 * Replaces the literals that follow `IDENTIFIED … BY`, `PASSWORD`, `…_PASSWORD =` and the like, and `password=…` inside
 * literals (connection strings). Other literals are kept.
 */
export function maskPasswords(text: string): string {
  if (!/identified|passw|pwd|token|secret|api_?key/i.test(text)) return text;
  let out = '';
  let from = 0;
  let at = 0;
  // After a keyword: the next literal is a secret unless something else comes first.
  let isArmed = false;
  let armedAt = 0;
  let isFor = false;
  while (at < text.length) {
    const c = text[at];
    if (c === "'" || c === '"' || c === '`') {
      const end = literalEnd(text, at);
      const isName = c === '`' || (isFor && isArmed);
      if (isArmed && !isName && at - armedAt < gapLimit) {
        out += `${text.slice(from, at + 1)}${masked}${c}`;
        from = end;
        isArmed = false;
      } else if (!isName) {
        out += text.slice(from, at) + maskPairs(text.slice(at, end));
        from = end;
      }
      at = end;
      continue;
    }
    if (isArmed && (c === '$' || c === '0')) {
      // PostgreSQL's quotes of dollars, MySQL's hexadecimal literals.
      const end = bareLiteralEnd(text, at);
      if (end > at) {
        out += text.slice(from, at) + masked;
        from = at = end;
        isArmed = false;
        continue;
      }
    }
    if (isWordStart(text.charCodeAt(at))) {
      let end = at + 1;
      while (end < text.length && isWordPart(text.charCodeAt(end))) end++;
      const word = text.slice(at, Math.min(end, at + 64)).toUpperCase();
      const wasArmed = isArmed;
      if (isKeyword(word)) isArmed = true;
      else if (wasArmed && !isPrefix(text, at, end) && !between.has(word) && !isPlugin(text, at))
        isArmed = word === 'REPLACE';
      else if (word === 'REPLACE') isArmed = /\*\*\*.\s*$/.test(out.slice(-8)) && text.slice(from, at).trim() === '';
      if (isArmed && !wasArmed) armedAt = at;
      if (isArmed && word === 'FOR') isFor = true;
      at = end;
      continue;
    }
    if (isFor && c === '=') isFor = false;
    if (isArmed && (c === ';' || c === ')' || c === '<' || c === '>')) isArmed = false;
    if (isArmed && c === ',' && !isFor) isArmed = false;
    at++;
  }
  return out + text.slice(from);
}

const secretWords = ['PASSWORD', 'PASSWD', 'PWD', 'TOKEN', 'SECRET', 'APIKEY', 'API_KEY'];
const isKeyword = (word: string): boolean =>
  word === 'IDENTIFIED' || secretWords.some((secret) => word.endsWith(secret));

/** Whether a word belongs to the literal behind it: `E'…'`, `N'…'`, `U&'…'`, `_utf8mb4 '…'`. */
function isPrefix(text: string, at: number, end: number): boolean {
  const next = text[end];
  return text[at] === '_' || (end - at === 1 && (next === "'" || next === '&'));
}

/** Position after `$tag$…$tag$` or `0x…`, `at` when neither begins there. */
function bareLiteralEnd(text: string, at: number): number {
  const opening = /^(?:0x[0-9a-f]+|\$\w{0,32}\$)/i.exec(text.slice(at, at + statementLimit))?.[0] ?? '';
  if (!opening.startsWith('$')) return at + opening.length;
  const close = text.indexOf(opening, at + opening.length);
  return close < 0 ? text.length : close + opening.length;
}

/** Whether the word at `at` names an authentication plugin, as in `IDENTIFIED WITH name BY`. */
function isPlugin(text: string, at: number): boolean {
  return /\bwith\s+$/i.test(text.slice(Math.max(0, at - 12), at));
}

const isWordStart = (c: number): boolean => (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95;
const isWordPart = (c: number): boolean => isWordStart(c) || (c >= 48 && c <= 57);

/** Position after the literal that begins at `at`; quotes are doubled or escaped inside it. */
function literalEnd(text: string, at: number): number {
  const quote = text[at];
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === quote) {
      if (text[i + 1] !== quote) return i + 1;
      i++;
    }
  }
  return text.length;
}

/** `host=db password=secret` of a connection string. */
function maskPairs(literal: string): string {
  return literal.replace(/\b((?:password|passwd|pwd)\s?=\s?)[^\s;&'"]+/gi, `$1${masked}`);
}
