// Records of a capture file until they are handed over.

import type { RecordSpace } from '../../../capture/writers/format.ts';

const pieceBytes = 1 << 18;

export class RecordPieces implements RecordSpace {
  bytes = new Uint8Array(2 * pieceBytes);
  view = new DataView(this.bytes.buffer);
  used = 0;

  get isFull(): boolean {
    return this.used >= pieceBytes;
  }

  reserve(size: number): void {
    if (this.used + size <= this.bytes.length) return;
    const bytes = new Uint8Array(2 * (this.used + size));
    bytes.set(this.bytes.subarray(0, this.used));
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }

  /** The caller's own. */
  take(): Uint8Array {
    const taken = this.bytes.slice(0, this.used);
    this.used = 0;
    return taken;
  }
}
