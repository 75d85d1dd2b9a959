// Layout of a flow's health: 40 words (160 bytes) parallel to the flow table's rows, touched once a flow carries data.
//
//   words 0 ‥ 15    of the flow: flags, times of the last packet and request, what it waited for, response times
//   words 16 ‥ 27   what direction 0 sends, and the round trip from here to its receiver and back
//   words 28 ‥ 39   the same of direction 1
//
// Times are microseconds modulo 2^32 (71 minutes); durations saturate. All words 0: nothing known.

export const healthWords = 40;
/** F_ bits, and in the highest byte how many packets the capture saw twice. */
export const H_FLAGS = 0;
/** When the flow was told last, in 2^20 µs, low 16 bits; number of responses, high 16 bits. */
export const H_TOLD = 1;
export const H_LAST = 2;
/** Eight counters of waiting time, all shifted right by the same number of bits (F_SHIFT). */
export const H_WAITS = 3;
export const waitCount = 8;
export const H_REQUEST = 11;
export const H_RESPONSE_MEAN = 12;
export const H_RESPONSE_MOST = 13;
/** Since when a window is shut. */
export const H_SHUT_SINCE = 14;
/** Most bytes under way while the round trip was short, in 256 bytes: direction 0 low half, 1 high half. */
export const H_CALM_FLIGHT = 15;

/** Where a direction begins, and its words. */
export const sideAt = (dir: number): number => 16 + 12 * dir;
/** Two segments that wait for their acknowledgment: end of segment or TSval, then times. */
export const S_KEYS = 0;
export const S_TIMES = 2;
/** Lowest round trip ever in 64 µs + 1 << 16, at the most 4 s, 0 unknown | IP identification of the last data segment. */
export const S_MIN_ID = 4;
/** Round trips + 1, 0 unknown: lowest on the present path, running average. */
export const S_BASE = 5;
export const S_SMOOTH = 6;
/** Segments sent again that came as soon as if they were late << 16 | highest average round trip in 1,024 µs + 1. */
export const S_TOP = 7;
/** Data segments. */
export const S_SEGMENTS = 8;
/** Largest payload << 16 | most bytes under way in 256 bytes. */
export const S_SIZES = 9;
/** Time that this side's window was shut. */
export const S_SHUT = 10;
/** M_ fields. */
export const S_MISC = 11;

// H_FLAGS. Those of a direction are shifted left by it.
export const F_USED = 1;
/** Direction of the latest data + 1, two bits. */
export const F_SPOKE_SHIFT = 1;
/** A request awaits its response; it was sent more than once. */
export const F_AWAITS = 1 << 3;
export const F_RETRIED = 1 << 4;
/** Of the direction's data: some is under way; it fills the window; the window is shut; more than one segment. */
export const F_OUT = 1 << 5;
export const F_FULL = 1 << 7;
export const F_BLOCKED = 1 << 9;
export const F_BULK = 1 << 11;
/** A large segment was acknowledged; large ones vanish. */
export const F_BIG_PASSED = 1 << 13;
export const F_BLACK_HOLE = 1 << 15;
/** The direction's own window is shut. */
export const F_SHUT = 1 << 17;
/** It was told that a window is shut. */
export const F_STALL_TOLD = 1 << 19;
/** Segments carry timestamps (RFC 7323). */
export const F_STAMPS = 1 << 20;
/** By how much the waiting times are shifted, three bits. */
export const F_SHIFT_AT = 21;
export const F_DUPLICATES_AT = 24;
/** What is set anew by each packet. */
export const F_FLIGHT = 3 * (F_OUT | F_FULL | F_BLOCKED | F_BULK);

// Counters of H_WAITS.
export const waited = {
  server: 0,
  client: 1,
  window: 2,
  loss: 3,
  queue: 4,
  transfer: 5,
  roundTrips: 6,
  notCaptured: 7,
} as const;

// S_MISC: lowest bit, and highest value of each field.
export const M_RING = 3;
/** Repetitions in a row that were not acknowledged, and the most of them. */
export const M_RUN_AT = 2;
export const M_RUN_MOST_AT = 5;
export const M_SAMPLES_AT = 8;
export const M_STEP_AT = 13;
export const M_STEPPED = 1 << 16;
export const M_DUPLICATE_AT = 17;
export const M_DUPLICATE_RUNS_AT = 19;
/** Of the two segments timed: which are large. */
export const M_LARGE_AT = 27;

/** A field of a word. */
export const field = (word: number, at: number, most: number): number => (word >>> at) & most;

/** The word with a field set, at the most to `most`. */
export function withField(word: number, at: number, most: number, value: number): number {
  return (word & ~(most << at)) | (Math.min(value, most) << at);
}
