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
