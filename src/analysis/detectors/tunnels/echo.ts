// What an ICMP echo carries, judged by itself: an IP packet, words, or what pings usually carry (RFC 792, RFC 4443 §4).

/** Bytes of a payload that are looked at. */
const lookMost = 512;
const wordsLeast = 32;

/** Whether the payload is a whole IPv4 packet: version, lengths and header checksum fit (RFC 791 §3.1). */
export function isIpv4Packet(b: Uint8Array, at: number, end: number, length: number): boolean {
  if (length < 20 || end - at < 20 || b[at] >>> 4 !== 4) return false;
  const header = (b[at] & 15) << 2;
  const total = (b[at + 2] << 8) | b[at + 3];
  if (header < 20 || end - at < header || total !== length || b[at + 8] === 0) return false;
  let sum = 0;
  for (let i = at; i < at + header; i += 2) sum += (b[i] << 8) | b[i + 1];
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum === 0xffff;
}

/** Payloads of known monitoring systems, in the letters they begin with. */
const monitors =
  /what(?:s)?up|solarwinds|opmanager|nagios|zabbix|paessler|prtg|monitor|ping|icmp|probe|test|hello|echo/i;

const isLetter = (c: number): boolean => (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a);

/**
 * Whether the payload says something in words: letters and spaces that are neither a row (abcdef…) nor one thing repeated,
 * and that no monitoring system is known to send. Bytes in front (a time, a counter) may be anything.
 */
export function isText(b: Uint8Array, at: number, end: number): boolean {
  const to = Math.min(end, at + lookMost);
  let from = to;
  while (from > at && ((b[from - 1] >= 0x20 && b[from - 1] < 0x7f) || b[from - 1] === 0)) from--;
  while (from < to && b[from] === 0) from++;
  if (to - from < wordsLeast) return false;
  let letters = 0;
  let words = 0;
  let steps = 0;
  const seen = new Set<number>();
  for (let i = from; i < to; i++) {
    const c = b[i];
    seen.add(c);
    if (i > from && (c - b[i - 1] === 1 || c === b[i - 1])) steps++;
    if (!isLetter(c)) continue;
    letters++;
    if (i > from && !isLetter(b[i - 1])) words++;
  }
  const length = to - from;
  if (letters < 24 || words < 4 || seen.size < 12 || steps > length * 0.75) return false;
  let text = '';
  for (let i = from; i < Math.min(to, from + 64); i++) text += String.fromCharCode(b[i]);
  return !monitors.test(text);
}
