// Data addresses of FTP: PORT and PASV (RFC 959 §4.1.2), EPRT and EPSV (RFC 2428).

/** Where a data connection goes; `words` null: the host that says so. */
export interface DataAddress {
  readonly ipVersion: 4 | 6;
  readonly words: readonly [number, number, number, number] | null;
  readonly port: number;
}

/** `h1,h2,h3,h4,p1,p2`, with anything around it. Null when there is no such thing. */
export function readPort(text: string): DataAddress | null {
  const found = /(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3})/.exec(text.slice(0, 256));
  if (found === null) return null;
  const n = found.slice(1).map(Number);
  if (n.some((byte) => byte > 255)) return null;
  const word = (n[0] << 24) | (n[1] << 16) | (n[2] << 8) | n[3];
  return { ipVersion: 4, words: [word, 0, 0, 0], port: n[4] * 256 + n[5] };
}

/** `|1|192.0.2.1|2000|` or `|2|2001:db8::1|2000|`; the bar may be another character. */
export function readExtendedPort(text: string): DataAddress | null {
  const bar = text[0];
  if (bar === undefined) return null;
  const [, family, host, port] = text.slice(0, 128).split(bar);
  if (host === undefined || !isPort(port)) return null;
  if (family === '1') {
    const words = ipv4Words(host);
    return words === null ? null : { ipVersion: 4, words, port: Number(port) };
  }
  const words = family === '2' ? ipv6Words(host) : null;
  return words === null ? null : { ipVersion: 6, words, port: Number(port) };
}

/** `Entering Extended Passive Mode (|||60931|)`: the host is the server. */
export function readExtendedPassive(text: string, ipVersion: 4 | 6): DataAddress | null {
  const open = text.indexOf('(');
  const [, , , port] = text.slice(open + 1, open + 64).split(text[open + 1] ?? '|');
  return open < 0 || !isPort(port) ? null : { ipVersion, words: null, port: Number(port) };
}

function isPort(text: string | undefined): boolean {
  return text !== undefined && /^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) < 65_536;
}

function ipv4Words(text: string): [number, number, number, number] | null {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return null;
  const [a, b, c, d] = parts.map(Number);
  return [(a << 24) | (b << 16) | (c << 8) | d, 0, 0, 0];
}

function ipv6Words(text: string): [number, number, number, number] | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const [head, tail = []] = groups;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const all = [...head, ...new Array<string>(missing).fill('0'), ...tail];
  if (!all.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return null;
  const n = all.map((group) => Number.parseInt(group, 16));
  const word = (i: number): number => (n[i] << 16) | n[i + 1];
  return [word(0), word(2), word(4), word(6)];
}
