// Rates from two readings of a device's counters, for the interface picker.

/** Counters of one device at one moment, as /sys/class/net/X/statistics tells them. */
export interface CounterSample {
  /** Any clock that does not jump, milliseconds. */
  readonly timeMs: number;
  readonly rxBytes: number;
  readonly txBytes: number;
  readonly rxPackets: number;
  readonly txPackets: number;
}

export interface Rates {
  readonly rxBytesPerSec: number;
  readonly txBytesPerSec: number;
  readonly rxPacketsPerSec: number;
  readonly txPacketsPerSec: number;
}

/** Rates between two samples. A counter that went back (the driver was reloaded) and no time between give 0. */
export function ratesBetween(before: CounterSample, after: CounterSample): Rates {
  const seconds = (after.timeMs - before.timeMs) / 1000;
  const rate = (from: number, to: number) => (seconds > 0 && to > from ? (to - from) / seconds : 0);
  return {
    rxBytesPerSec: rate(before.rxBytes, after.rxBytes),
    txBytesPerSec: rate(before.txBytes, after.txBytes),
    rxPacketsPerSec: rate(before.rxPackets, after.rxPackets),
    txPacketsPerSec: rate(before.txPackets, after.txPackets),
  };
}
