// Text of addresses and networks into words: for what users write.

/** An address as in Packet: IPv4 in the first word. */
export interface AddressWords {
  readonly ipVersion: 4 | 6;
  readonly words: readonly [number, number, number, number];
}

/** A network: address and how many leading bits count. */
export interface NetworkWords extends AddressWords {
  readonly bits: number;
}

const decimal = /^(?:0|[1-9]\d{0,2})$/;

/** Four decimal numbers without leading zeros; read sign by sign, as lists have millions of them. */
function parseIpv4(text: string): number | null {
  if (text.length < 7 || text.length > 15) return null;
  let word = 0;
  let part = 0;
  let digits = 0;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit === -2) {
      if (digits === 0 || ++dots > 3) return null;
      word = (word << 8) | part;
      part = digits = 0;
      continue;
    }
    if (digit < 0 || digit > 9 || (digits > 0 && part === 0)) return null;
    part = 10 * part + digit;
    if (++digits > 3 || part > 255) return null;
  }
  return dots === 3 && digits > 0 ? (word << 8) | part : null;
}

/** Groups of one side of `::`; the last may be a dotted quad. Null where it is no address. */
function groupsOf(text: string): number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    if (part.includes('.') && i === parts.length - 1) {
      const word = parseIpv4(part);
      if (word === null) return null;
      groups.push(word >>> 16, word & 0xffff);
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return null;
  }
  return groups;
}

/** An IPv4 or IPv6 address (RFC 4291 §2.2), null when the text is none. A zone (`%eth0`) is not accepted. */
export function parseAddress(text: string): AddressWords | null {
  if (!text.includes(':')) {
    const word = parseIpv4(text);
    return word === null ? null : { ipVersion: 4, words: [word, 0, 0, 0] };
  }
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const front = groupsOf(halves[0]);
  const back = halves.length === 2 ? groupsOf(halves[1]) : [];
  if (front === null || back === null) return null;
  const missing = 8 - front.length - back.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const groups = [...front, ...new Array<number>(missing).fill(0), ...back];
  const word = (i: number): number => (groups[2 * i] << 16) | groups[2 * i + 1];
  return { ipVersion: 6, words: [word(0), word(1), word(2), word(3)] };
}

/** `10.0.0.0/8`, or an address alone; null when the text is neither. Bits behind the prefix are cleared. */
export function parseNetwork(text: string): NetworkWords | null {
  const [address, prefix, ...more] = text.split('/');
  const parsed = parseAddress(address);
  if (parsed === null || more.length > 0) return null;
  const most = parsed.ipVersion === 4 ? 32 : 128;
  if (prefix !== undefined && (!decimal.test(prefix) || Number(prefix) > most)) return null;
  const bits = prefix === undefined ? most : Number(prefix);
  const keep = (i: number): number => parsed.words[i] & prefixMask(bits - 32 * i);
  return { ipVersion: parsed.ipVersion, bits, words: [keep(0), keep(1), keep(2), keep(3)] };
}

/** Mask of the first `bits` bits of a word; 0 or less: none, 32 or more: all. */
function prefixMask(bits: number): number {
  return bits <= 0 ? 0 : bits >= 32 ? -1 : -1 << (32 - bits);
}

/** Whether an address lies in a network. */
export function isInNetwork(net: NetworkWords, ipVersion: number, a: number, b: number, c: number, d: number): boolean {
  if (net.ipVersion !== ipVersion) return false;
  const { words: w, bits } = net;
  return (
    ((a ^ w[0]) & prefixMask(bits)) === 0 &&
    ((b ^ w[1]) & prefixMask(bits - 32)) === 0 &&
    ((c ^ w[2]) & prefixMask(bits - 64)) === 0 &&
    ((d ^ w[3]) & prefixMask(bits - 96)) === 0
  );
}
