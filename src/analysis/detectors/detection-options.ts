// How detectors are set: memory, options, which are on.

/** Bytes that all detectors may keep unless told otherwise; capacities in the code are meant for it. */
export const defaultDetectBytes = 64 << 20;

export interface DetectionOptions {
  /** Bytes that all detectors may keep together. */
  readonly memoryBytes: number;
  /** By detector name: options that differ from their defaults. */
  readonly settings: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Names, or groups like `scan.*`, that are off; and optional ones that are on. */
  readonly off: readonly string[];
  readonly on: readonly string[];
}

export const defaultDetection: DetectionOptions = { memoryBytes: defaultDetectBytes, settings: {}, off: [], on: [] };
