// The shape of a golden case: a frame, and what decoding says of it level by level.

import type { Packet } from '../../../core/packet.ts';

/** Packet fields that are numbers, without what the caller sets. */
export type Said = Partial<Omit<Packet, 'bytes'>>;

export interface GoldenFrame {
  readonly name: string;
  readonly linkType: number;
  readonly bytes: readonly number[];
  /** Verdict of each call: decode first, then decodeInner. */
  readonly verdicts: readonly number[];
  /** What must hold after the last call. */
  readonly last: Said;
  /** What must hold after the first call, beyond its verdict. */
  readonly first?: Said;
  /** Name of the problem; none when left out. */
  readonly problem?: string;
}
