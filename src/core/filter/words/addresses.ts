// Addresses as filters compare them: 16 bytes in network order, IPv4 as ::ffff:a.b.c.d (RFC 4291 §2.5.5.2).

import { type NetworkWords, parseAddress, parseNetwork } from '../../address-words.ts';
import { formatAddress } from '../../addresses.ts';

const inner = [0, 0, 0xffff] as const;

function bytesOf({ ipVersion, words }: Pick<NetworkWords, 'ipVersion' | 'words'>): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  const all = ipVersion === 4 ? [...inner, words[0]] : words;
  for (const [i, word] of all.entries()) view.setInt32(4 * i, word);
  return bytes;
}

/** Of an address as text; null when it is none. */
export function addressBytes(text: string): Uint8Array | null {
  const address = parseAddress(text);
  return address === null ? null : bytesOf(address);
}

/** First and last address of a network, or of an address alone; null when the text is neither. */
export function addressRange(text: string): { low: Uint8Array; high: Uint8Array } | null {
  const network = parseNetwork(text);
  if (network === null) return null;
  const low = bytesOf(network);
  const high = low.slice();
  const bits = network.bits + (network.ipVersion === 4 ? 96 : 0);
  for (let i = 0; i < 16; i++) {
    const free = Math.min(8, Math.max(0, 8 * (i + 1) - bits));
    high[i] |= 0xff >>> (8 - free);
  }
  return { low, high };
}

/** Negative, 0 or positive. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < 16; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return 0;
}

/** `192.168` or `10.1.2.`: the beginning of an IPv4 address, as a network; null when it is none. */
export function addressBeginning(text: string): string | null {
  const match = /^(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3}))?\.?$/.exec(text);
  if (match === null) return null;
  const octets = match.slice(1).filter((octet) => octet !== undefined);
  const network = `${[...octets, 0, 0].slice(0, 4).join('.')}/${8 * octets.length}`;
  return parseNetwork(network) === null ? null : network;
}

/** What finds addresses of a network in plain text: a pattern, or one address; null where no pattern can say it. */
export function addressPattern(text: string): { address: string } | { pattern: string } | null {
  const network = parseNetwork(text);
  if (network === null) return null;
  const { ipVersion, bits, words } = network;
  const address = formatAddress(ipVersion, ...words);
  if (bits === (ipVersion === 4 ? 32 : 128)) return { address };
  if (ipVersion === 6) return null;
  const octets = address.split('.');
  const whole = Math.floor(bits / 8);
  const first = Number(octets[whole]);
  const parts = octets.slice(0, whole);
  if (bits % 8 !== 0) {
    parts.push(`(?:${Array.from({ length: 1 << (8 - (bits % 8)) }, (_, i) => first + i).join('|')})`);
  }
  while (parts.length < 4) parts.push('[0-9]{1,3}');
  return { pattern: `^${parts.join('\\.')}$` };
}
