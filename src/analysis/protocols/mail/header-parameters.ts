// Parameters of structured headers (RFC 2045 §5.1), also split and encoded ones (RFC 2231).

/** Pieces of a split parameter, and characters of a value. */
const pieceLimit = 32;
const valueChars = 1024;

/**
 * The value of a parameter, such as `boundary` of a Content-Type; null when there is none.
 * `name*0=...; name*1*=...` are put together, `%41` is decoded where the name ends with an asterisk.
 */
export function parameterOf(header: string, name: string): string | null {
  let joined: string | null = null;
  let pieces = 0;
  for (const part of split(header)) {
    const equals = part.indexOf('=');
    if (equals < 0) continue;
    const key = part.slice(0, equals).trim().toLowerCase();
    if (key !== name && !key.startsWith(`${name}*`)) continue;
    const value = unquoted(part.slice(equals + 1).trim());
    if (key === name) return value.slice(0, valueChars);
    if (++pieces > pieceLimit) break;
    joined = (joined ?? '') + (key.endsWith('*') ? decoded(value, joined === null) : value);
  }
  return joined === null ? null : joined.slice(0, valueChars);
}

/** Parts between semicolons outside of quotes. */
function split(header: string): string[] {
  const parts: string[] = [];
  let isQuoted = false;
  let from = 0;
  for (let i = 0; i < header.length; i++) {
    const c = header.charCodeAt(i);
    if (c === 0x5c && isQuoted) i++;
    else if (c === 0x22) isQuoted = !isQuoted;
    else if (c === 0x3b && !isQuoted) {
      parts.push(header.slice(from, i));
      from = i + 1;
    }
  }
  parts.push(header.slice(from));
  return parts;
}

function unquoted(value: string): string {
  if (!value.startsWith('"')) return value;
  const end = value.lastIndexOf('"');
  return value.slice(1, end > 0 ? end : value.length).replace(/\\(.)/g, '$1');
}

/** `utf-8'en'na%6de`: only the first piece begins with character set and language. */
function decoded(value: string, isFirst: boolean): string {
  const text = isFirst ? value.slice(value.indexOf("'", value.indexOf("'") + 1) + 1) : value;
  try {
    return decodeURIComponent(text).replace(/[\x00-\x1f\x7f-\x9f]/g, '?');
  } catch {
    // Not UTF-8: shown as it came.
    return text;
  }
}
