// How much one request may bring and take.

export const limits = {
  /** Of a body. */
  bodyBytes: 1 << 20,
  /** Of a window on live rows. */
  windowRows: 200,
  /** Frames of the live stream a second. */
  hz: 20,
  sqlRows: 10_000,
  /** Connections at once. */
  connections: 256,
} as const;
