// Times as the outputs write them. Internally: whole microseconds since the epoch in a double (exact until year 2255).

const pad = (n: number, digits: number): string => String(n).padStart(digits, '0');

/** Seconds since the epoch whose year has four digits, the only ones that ISO 8601 writes plainly: 0000 to 9999. */
const firstSec = -62_167_219_200;
const lastSec = 253_402_300_799;

/**
 * Date and time of day in UTC, `2023-09-18T06:13:21.216460`, without a zone; 1970-01-01T00:00:00.000000 for what no
 * four-digit year holds (damaged files).
 */
function stem(timeUs: number): string {
  const sec = Math.floor(timeUs / 1e6);
  if (!(sec >= firstSec && sec <= lastSec)) return '1970-01-01T00:00:00.000000';
  const us = Math.min(Math.max(Math.floor(timeUs - sec * 1e6), 0), 999_999);
  if (sec !== latestSec) {
    latestSec = sec;
    latestText = new Date(sec * 1000).toISOString().slice(0, -5);
  }
  return `${latestText}.${pad(us, 6)}`;
}

// Times asked for one after the other are mostly of the same second.
let latestSec = Number.NaN;
let latestText = '';

/** `2023-09-18T06:13:21.216460Z`. */
export function formatTime(timeUs: number): string {
  return `${stem(timeUs)}Z`;
}

/** `2023-09-18T06:13:21.216460+0000`, as in EVE. */
export function formatEveTime(timeUs: number): string {
  return `${stem(timeUs)}+0000`;
}

const units: Record<string, number> = { us: 1e-6, ms: 1e-3, s: 1, m: 60, min: 60, h: 3600, d: 86400 };

/** Seconds of a duration such as `10s`, `1.5m`, `2h`, `500ms`, or a bare number of seconds; null when it is none. */
export function parseDuration(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*(us|ms|s|m|min|h|d)?$/.exec(text.trim());
  if (match === null) return null;
  return Number(match[1]) * (units[match[2] ?? 's'] ?? 1);
}
