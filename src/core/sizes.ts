// Byte sizes as users type them.

const factors: Record<string, number> = {
  '': 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  t: 1e12,
  ki: 1024,
  mi: 1024 ** 2,
  gi: 1024 ** 3,
  ti: 1024 ** 4,
};

/** Bytes of a size such as `100`, `64k`, `64MB`, `1GiB` (SI unless `i` is given); null when it is none. */
export function parseSize(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]i?)?b?$/i.exec(text.trim());
  if (match === null) return null;
  return Math.round(Number(match[1]) * (factors[(match[2] ?? '').toLowerCase()] ?? 1));
}
