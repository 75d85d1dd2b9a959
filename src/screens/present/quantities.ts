// Numbers as people read them: three significant digits, SI units (powers of 1,000), zero is `0`, unknown is `–`.

/** What stands where a value is not known. */
export const unknown = '–';

const prefixes = ['', 'k', 'M', 'G', 'T', 'P', 'E'] as const;

/** Three significant digits without an exponent; never more digits than three before the point. */
function threeDigits(value: number): string {
  if (value >= 99.95) return value.toFixed(0);
  if (value >= 9.995) return value.toFixed(1);
  return value.toFixed(2);
}

/** A value with an SI prefix: `1.23 M`; whole numbers below 1,000 are written as they are. */
function scaled(value: number, unit: string): string {
  if (!Number.isFinite(value)) return unknown;
  if (value === 0) return `0 ${unit}`;
  const sign = value < 0 ? '-' : '';
  let rest = Math.abs(value);
  let step = 0;
  while (rest >= 999.5 && step < prefixes.length - 1) {
    rest /= 1000;
    step++;
  }
  const digits = step === 0 && Number.isInteger(rest) ? String(rest) : threeDigits(rest);
  return `${sign}${digits} ${prefixes[step]}${unit}`;
}

/** `64 B`, `38.2 MB`. */
export function formatBytes(bytes: number): string {
  return scaled(bytes, 'B');
}

/** `38.2 Mb/s` of bits per second. */
export function formatBitRate(bitsPerSec: number): string {
  return scaled(bitsPerSec, 'b/s');
}

/** `12.5 kpkt/s` of packets per second. */
export function formatPacketRate(packetsPerSec: number): string {
  return scaled(packetsPerSec, 'pkt/s');
}

/** A whole number in full, `1,234,567`. */
export function formatCount(count: number): string {
  if (!Number.isFinite(count)) return unknown;
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** `1 packet`, `1,234 packets`. */
export function formatPackets(packets: number): string {
  return counted(packets, 'packet');
}

/** A count with its noun in the right number; `plural` where an s does not make it. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`;
}

/** Share of a whole: `61.2 %`, `<0.1 %` where rounding would hide it; unknown when the whole is nothing. */
export function formatPercent(part: number, whole: number): string {
  if (!(whole > 0) || !Number.isFinite(part)) return unknown;
  const percent = (part / whole) * 100;
  if (percent === 0) return '0 %';
  if (percent < 0.1) return '<0.1 %';
  // Everything but all is not shown as all.
  if (percent > 99.9 && percent < 100) return '>99.9 %';
  return `${percent.toFixed(1)} %`;
}

/** `640 µs`, `23 ms`, `1.2 s`, `00:12:41`, `3d 04:12:41` of seconds. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return unknown;
  if (seconds === 0) return '0 s';
  if (seconds < 0.0009995) return `${Math.max(1, Math.round(seconds * 1e6))} µs`;
  if (seconds < 0.9995) return `${twoDigits(seconds * 1e3)} ms`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const days = Math.floor(whole / 86_400);
  const parts = [Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60, whole % 60];
  const clock = parts.map((part) => String(part).padStart(2, '0')).join(':');
  return days > 0 ? `${days}d ${clock}` : clock;
}

/** Milliseconds: one decimal below ten, none above. */
function twoDigits(value: number): string {
  return value < 9.95 ? value.toFixed(1) : value.toFixed(0);
}
