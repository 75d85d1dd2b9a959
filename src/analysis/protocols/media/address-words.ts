// Addresses written as text, as words like in Packet.

type Words = [number, number, number, number];

/** `192.0.2.1`; null when it is no such address. */
export function ipv4Words(text: string): Words | null {
  const found = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (found === null) return null;
  let word = 0;
  for (const part of found.slice(1)) {
    if (Number(part) > 255) return null;
    word = (word << 8) | Number(part);
  }
  return [word, 0, 0, 0];
}

/** `2001:db8::1`; null when it is no such address. Without an IPv4 address at its end. */
export function ipv6Words(text: string): Words | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [head, tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const groups = [...head, ...new Array<string>(missing).fill('0'), ...tail];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return null;
  const n = groups.map((group) => Number.parseInt(group, 16));
  return [(n[0] << 16) | n[1], (n[2] << 16) | n[3], (n[4] << 16) | n[5], (n[6] << 16) | n[7]];
}
