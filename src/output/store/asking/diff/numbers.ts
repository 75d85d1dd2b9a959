// Numbers of sentences, in full.

/** `1,234,567`. */
export function inFull(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** `1 flow`, `1,234 bytes`; of microseconds milliseconds. */
export function amount(value: number, unit: string): string {
  if (unit === 'us') return `${(value / 1000).toFixed(value < 10_000 ? 2 : 1)} ms`;
  return `${inFull(value)} ${value === 1 ? unit.replace(/s$/, '') : unit}`;
}

/** `rose from 10 flows to 30 flows (×3.0)`. */
export function shift(before: number, after: number, unit: string): string {
  const how = after > before ? 'rose' : 'fell';
  const times = before > 0 ? `, ×${(after / before).toFixed(after / before < 10 ? 2 : 0)}` : '';
  return `${how} from ${amount(before, unit)} to ${amount(after, unit)}${times}`;
}
