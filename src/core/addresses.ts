// Network addresses between bytes, 32-bit words and text.

/** Dotted quad of an IPv4 address given as a (signed or unsigned) 32-bit integer in network order. */
export function formatIpv4(word: number): string {
  return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
}

/** Canonical text of an IPv6 address given as four 32-bit words (RFC 5952: lower case, longest zero run shortened). */
export function formatIpv6(w0: number, w1: number, w2: number, w3: number): string {
  const groups = [w0 >>> 16, w0 & 0xffff, w1 >>> 16, w1 & 0xffff, w2 >>> 16, w2 & 0xffff, w3 >>> 16, w3 & 0xffff];
  let bestAt = -1;
  let bestLen = 1; // a single zero group is not shortened (§4.2.2)
  for (let i = 0; i < 8; ) {
    let j = i;
    while (j < 8 && groups[j] === 0) j++;
    if (j - i > bestLen) {
      bestAt = i;
      bestLen = j - i;
    }
    i = j + 1;
  }
  // §5: IPv4-mapped addresses end in a dotted quad.
  if (w0 === 0 && w1 === 0 && w2 === 0xffff) return `::ffff:${formatIpv4(w3)}`;
  const hex = groups.map((g) => g.toString(16));
  if (bestAt < 0) return hex.join(':');
  return `${hex.slice(0, bestAt).join(':')}::${hex.slice(bestAt + bestLen).join(':')}`;
}

/** Text of an address of either family; IPv4 uses only the first word. */
export function formatAddress(ipVersion: number, w0: number, w1: number, w2: number, w3: number): string {
  return ipVersion === 4 ? formatIpv4(w0) : formatIpv6(w0, w1, w2, w3);
}

/** `00:1a:2b:3c:4d:5e` of six bytes. */
export function formatMac(bytes: Uint8Array, at: number): string {
  let text = '';
  for (let i = 0; i < 6; i++) text += (i === 0 ? '' : ':') + bytes[at + i].toString(16).padStart(2, '0');
  return text;
}

/** Networks of the IANA special-purpose registries (RFC 6890) that are not reachable from everywhere: first word and prefix. */
const local4: readonly (readonly [word: number, bits: number])[] = [
  [0x0a000000, 8],
  [0xac100000, 12],
  [0xc0a80000, 16],
  [0x7f000000, 8],
  [0xa9fe0000, 16],
  [0x64400000, 10],
  [0x00000000, 8],
  [0xc0000000, 24],
  [0xc0000200, 24],
  [0xc6120000, 15],
  [0xc6336400, 24],
  [0xcb007100, 24],
  [0xf0000000, 4],
  // Multicast that no router passes on, and that of a site (RFC 5771, RFC 2365).
  [0xe0000000, 24],
  [0xef000000, 8],
];

const isWithin = (word: number, [net, bits]: readonly [number, number]): boolean => (word ^ net) >>> (32 - bits) === 0;

/** By the first byte of an IPv4 address: 0 none of its addresses is local, 1 all are, 2 the list has to be looked at. */
const byFirstByte = Uint8Array.from({ length: 256 }, (_, first) => {
  const base = first << 24;
  if (local4.some(([net, bits]) => bits <= 8 && isWithin(base, [net, bits]))) return 1;
  return local4.some(([net]) => net >>> 24 === first) ? 2 : 0;
});

function isLocal4(word: number): boolean {
  const all = byFirstByte[word >>> 24];
  if (all !== 2) return all === 1;
  // No closures: this is asked for every conversation.
  for (let i = 0; i < local4.length; i++) {
    if ((word ^ local4[i][0]) >>> (32 - local4[i][1]) === 0) return true;
  }
  return false;
}

/** Whether an address is private, of this link, of this machine or for documentation: what Zeek takes for local unless told otherwise. */
export function isLocalAddress(ipVersion: number, w0: number, w1: number, w2: number, w3: number): boolean {
  if (ipVersion === 4) return isLocal4(w0);
  // ::, ::1, IPv4-mapped.
  if (w0 === 0 && w1 === 0 && (w2 === 0xffff || (w2 === 0 && w3 >>> 1 === 0))) return true;
  return (
    isWithin(w0, [0xfe800000, 10]) ||
    isWithin(w0, [0xfc000000, 7]) ||
    isWithin(w0, [0x20010db8, 32]) ||
    isWithin(w0, [0x20010000, 23]) ||
    (isWithin(w0, [0x20020000, 16]) && isLocal4((w0 << 16) | (w1 >>> 16)))
  );
}

const documentation4: readonly (readonly [word: number, bits: number])[] = [
  [0xc0000200, 24],
  [0xc6336400, 24],
  [0xcb007100, 24],
];

/**
 * Whether an address belongs to the house whose traffic in and out is counted: a local one, but for the IPv4 networks for
 * documentation, which stand for the Internet where they are met, in captures that were made to be shown.
 */
export function isOfHouse(ipVersion: number, w0: number, w1: number, w2: number, w3: number): boolean {
  if (!isLocalAddress(ipVersion, w0, w1, w2, w3)) return false;
  return ipVersion !== 4 || !documentation4.some((net) => isWithin(w0, net));
}
