// A filter cut into words, strings and signs. Never fails: what is wrong is told by whoever reads the tokens.

export interface Token {
  /** `sign`: an operator or a bracket; `string`: in quotes, `raw` with an r in front; `word`: all else; `end`. */
  readonly kind: 'word' | 'string' | 'sign' | 'end';
  /** As written. Of strings: what they mean. */
  readonly text: string;
  readonly at: number;
  readonly end: number;
  /** White space, or the beginning, is before it. */
  readonly isApart: boolean;
  /** Of strings: the quote that ends it is missing, or an escape means nothing. */
  readonly problem?: { readonly message: string; readonly at: number; readonly length: number };
}

/** Longest first. */
const signs = ['!==', '===', '!=', '==', '>=', '<=', '~=', '&&', '||', '^^', '..', ...'=<>!~&|^(){}[],:'];

const space = /[\s]/;
const wordEnd = /[\s"'=<>!~&|^(){}[\],]/;

/**
 * Words may hold colons (addresses, times); a chip (`port:443`) is a word that ends in a colon, then its value, as the
 * reader cuts it. Two points end a word: `80..90`.
 */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let isApart = true;
  for (;;) {
    while (at < text.length && space.test(text[at])) {
      at++;
      isApart = true;
    }
    if (at >= text.length) break;
    const token = stringAt(text, at, isApart) ?? signAt(text, at, isApart) ?? wordAt(text, at, isApart);
    tokens.push(token);
    at = token.end;
    isApart = false;
  }
  tokens.push({ kind: 'end', text: '', at: text.length, end: text.length, isApart: true });
  return tokens;
}

function signAt(text: string, at: number, isApart: boolean): Token | undefined {
  // `::1` and `:80` begin words only where a word may: a lone colon is a sign, two are an address.
  if (text.startsWith('::', at)) return undefined;
  const sign = signs.find((each) => text.startsWith(each, at));
  return sign === undefined ? undefined : { kind: 'sign', text: sign, at, end: at + sign.length, isApart };
}

function wordAt(text: string, from: number, isApart: boolean): Token {
  let end = from + 1;
  while (end < text.length && !wordEnd.test(text[end]) && !(text[end] === '.' && text[end + 1] === '.')) end++;
  return { kind: 'word', text: text.slice(from, end), at: from, end, isApart };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '"': '"', "'": "'", '\\': '\\' };

function stringAt(text: string, at: number, isApart: boolean): Token | undefined {
  const isRaw = (text[at] === 'r' || text[at] === 'R') && text[at + 1] === '"';
  const open = isRaw ? at + 1 : at;
  const quote = text[open];
  if (quote !== '"' && quote !== "'") return undefined;
  let value = '';
  let problem: Token['problem'];
  let i = open + 1;
  while (i < text.length && text[i] !== quote) {
    if (text[i] !== '\\') {
      value += text[i++];
      continue;
    }
    const part = isRaw ? rawEscape(text, i) : escapeAt(text, i);
    if (part === null)
      problem ??= {
        message: `\`${text.slice(i, i + 2)}\` is no escape; in r"…" a backslash is one`,
        at: i,
        length: Math.min(2, text.length - i),
      };
    value += part?.value ?? '';
    i = part?.end ?? i + 1;
  }
  if (i >= text.length) problem ??= { message: 'the quote is not closed', at, length: text.length - at };
  const end = Math.min(i + 1, text.length);
  return { kind: 'string', text: value, at, end, isApart, ...(problem === undefined ? {} : { problem }) };
}

/** In raw strings a backslash stays, also the one that keeps a quote from ending the string. */
function rawEscape(text: string, at: number): { value: string; end: number } {
  const value = text.slice(at, at + 2);
  return { value, end: at + value.length };
}

function escapeAt(text: string, at: number): { value: string; end: number } | null {
  const plain = escapes[text[at + 1]];
  if (plain !== undefined) return { value: plain, end: at + 2 };
  const code = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\})/y;
  code.lastIndex = at;
  const match = code.exec(text);
  if (match === null) return null;
  const number = Number.parseInt(match[1] ?? match[2] ?? match[3], 16);
  return number > 0x10ffff || (number >= 0xd800 && number < 0xe000)
    ? null
    : { value: String.fromCodePoint(number), end: code.lastIndex };
}
