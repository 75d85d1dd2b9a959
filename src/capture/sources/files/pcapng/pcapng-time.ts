// Time stamps of pcapng (§4.2 if_tsresol, if_tsoffset; §4.3): 64-bit ticks of any resolution, turned into microseconds.

import type { FrameBatch } from '../../../../core/index.ts';

/** How one interface counts time. */
export interface Clock {
  /** Ticks per microsecond when that is whole and at most 10⁶ (1 for µs, 1000 for ns), else 0. */
  readonly ticksPerUs: number;
  /** Microseconds per tick when that is whole (1000 for ms), else 0. */
  readonly usPerTick: number;
  /** Ticks per second, for the rest: powers of two and very fine ones. */
  readonly ticksPerSec: bigint;
  /** Microseconds to add. */
  readonly offsetUs: number;
}

/** The clock of `if_tsresol` 10^-exponent or, when `isBinary`, 2^-exponent seconds. */
export function clockOf(exponent: number, isBinary: boolean, offsetSec: number): Clock {
  const isDecimal = !isBinary;
  return {
    ticksPerUs: isDecimal && exponent >= 6 && exponent <= 12 ? 10 ** (exponent - 6) : 0,
    usPerTick: isDecimal && exponent < 6 ? 10 ** (6 - exponent) : 0,
    ticksPerSec: (isBinary ? 2n : 10n) ** BigInt(exponent),
    offsetUs: offsetSec * 1e6,
  };
}

const twoTo32 = 4_294_967_296;

/** Writes the time of `high`·2³² + `low` ticks as frame `n`. Exact for every date that a double of µs can hold. */
export function tellTime(clock: Clock, high: number, low: number, batch: FrameBatch, n: number): void {
  const perUs = clock.ticksPerUs;
  if (perUs === 1) {
    batch.timeUs[n] = high * twoTo32 + low + clock.offsetUs;
    batch.timeNs[n] = 0;
  } else if (perUs !== 0) {
    // Long division by a divisor below 2²¹, so that rest·2³² + low stays below 2⁵³.
    const quotientHigh = Math.floor(high / perUs);
    const carried = (high - quotientHigh * perUs) * twoTo32 + low;
    const quotientLow = Math.floor(carried / perUs);
    batch.timeUs[n] = quotientHigh * twoTo32 + quotientLow + clock.offsetUs;
    batch.timeNs[n] = Math.floor(((carried - quotientLow * perUs) * 1000) / perUs);
  } else if (clock.usPerTick !== 0) {
    batch.timeUs[n] = (high * twoTo32 + low) * clock.usPerTick + clock.offsetUs;
    batch.timeNs[n] = 0;
  } else {
    tellOddTime(clock, high, low, batch, n);
  }
}

/** Powers of two and resolutions below a picosecond: rare enough for arbitrary precision. */
function tellOddTime(clock: Clock, high: number, low: number, batch: FrameBatch, n: number): void {
  const ns = (((BigInt(high) << 32n) | BigInt(low)) * 1_000_000_000n) / clock.ticksPerSec;
  batch.timeUs[n] = Number(ns / 1000n) + clock.offsetUs;
  batch.timeNs[n] = Number(ns % 1000n);
}
