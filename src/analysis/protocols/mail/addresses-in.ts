// Mail addresses in commands and headers (RFC 5321 §4.1.2, RFC 5322 §3.4), and hosts in Received headers.

/** Addresses taken from one value. */
const addressLimit = 1000;

/** The bare addresses of a command's path: `FROM:<a@example.org> SIZE=9` gives `a@example.org`. */
export function addressesIn(text: string): string[] {
  const found: string[] = [];
  for (const match of text.matchAll(/(?:^|[<,:\s])([^<,:\s@]+@[^>,;\s]+)(?=[>,;\s]|$)/g)) {
    if (found.push(match[1]) >= addressLimit) break;
  }
  return found;
}

/** The members of an address list: commas inside quotes do not part it. Empty ones are left out. */
export function addressList(text: string): string[] {
  const found: string[] = [];
  let isQuoted = false;
  let from = 0;
  for (let i = 0; i <= text.length && found.length < addressLimit; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x5c && isQuoted) i++;
    else if (c === 0x22) isQuoted = !isQuoted;
    if (i < text.length && (isQuoted || c !== 0x2c)) continue;
    const member = text.slice(from, i).trim();
    if (member !== '') found.push(member);
    from = i + 1;
  }
  return found;
}

/**
 * The host a Received header tells of: the second of the addresses in brackets when there are more, as the first is
 * often what the sender said of itself.
 */
export function receivedHost(value: string): string | null {
  const found: string[] = [];
  for (const match of value.slice(0, 1024).matchAll(/[[({]([0-9a-fA-F:.]{2,45})[\])}]/g)) {
    if (isAddress(match[1]) && found.push(match[1]) === 2) break;
  }
  return found.at(-1) ?? null;
}

/** The first IP address in a text, in brackets or not. */
export function hostIn(text: string): string | null {
  for (const word of text.slice(0, 256).split(/[^0-9a-fA-F:.]+/)) if (isAddress(word)) return word;
  return null;
}

function isAddress(text: string): boolean {
  if (text.includes(':')) return isIpv6(text);
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
}

function isIpv6(text: string): boolean {
  const groups = text.split(':');
  if (groups.length < 3 || groups.length > 9) return false;
  if (text.indexOf('::') !== text.lastIndexOf('::')) return false;
  return (groups.length === 8 || text.includes('::')) && groups.every((group) => /^[0-9a-fA-F]{0,4}$/.test(group));
}
