// Options of pcapng blocks (§3.5): code 2 | length 2 | value, padded to 4 … until code 0 or the end of the block.

import { type Annotations, annotationLimits } from '../annotations.ts';
import { u16, u32, u64 } from '../byte-order.ts';

const decoder = new TextDecoder();

/** UTF-8 text; a terminating zero, which some writers add, is left out. */
export function text(b: Uint8Array, from: number, length: number): string {
  let end = from + length;
  while (end > from && b[end - 1] === 0) end--;
  return decoder.decode(b.subarray(from, end));
}

/** Calls `see` for every option between `from` and `end`; stops at the first that does not fit. */
export function eachOption(
  b: Uint8Array,
  from: number,
  end: number,
  big: boolean,
  see: (code: number, at: number, length: number) => void,
): void {
  let o = from;
  while (o + 4 <= end) {
    const code = u16(b, o, big);
    const length = u16(b, o + 2, big);
    if (code === 0 || o + 4 + length > end) return;
    see(code, o + 4, length);
    o += 4 + ((length + 3) & ~3);
  }
}

export const commentOption = 1;
const flagsOption = 2;
const dropCountOption = 4;

/**
 * Keeps what the options of packet number `packet` say, when they say more than flags. `dropped` is the drop count of
 * an obsolete packet block, null for others.
 */
export function readPacketNote(
  annotations: Annotations,
  packet: number,
  b: Uint8Array,
  from: number,
  end: number,
  big: boolean,
  dropped: number | null,
): void {
  let flags: number | null = null;
  let droppedBefore = dropped;
  const comments: string[] = [];
  let o = from;
  while (o + 4 <= end) {
    const code = u16(b, o, big);
    const length = u16(b, o + 2, big);
    if (code === 0 || o + 4 + length > end) break;
    if (code === commentOption) comments.push(text(b, o + 4, length));
    else if (code === flagsOption && length === 4) flags = u32(b, o + 4, big);
    else if (code === dropCountOption && length === 8) droppedBefore = u64(b, o + 4, big);
    o += 4 + ((length + 3) & ~3);
  }
  if (comments.length === 0 && (droppedBefore === null || droppedBefore === 0)) return;
  if (annotations.packets.size >= annotationLimits.notes) annotations.left++;
  else annotations.packets.set(packet, { comments, flags, droppedBefore });
}
