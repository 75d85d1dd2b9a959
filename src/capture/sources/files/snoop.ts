// snoop (RFC 1761), what Solaris writes: everything big-endian, microseconds.
//
//     file    "snoop" and three zeros 8 | version 4 | link type 4
//     record  wire length 4 | captured length 4 | record length 4 | drops so far 4 | seconds 4 | microseconds 4 | frame, padded

import { batchCapacity, type Damage, Failure, type FrameBatch, type SourceInterface } from '../../../core/index.ts';
import { u32 } from './byte-order.ts';
import type { ByteWindow } from './bytes/input.ts';
import type { FrameReader } from './input-source.ts';
import { captureLimit } from './pcap.ts';

export const snoopHeaderBytes = 16;
const recordHeaderBytes = 24;

/** LINKTYPE_ numbers of snoop's link types (RFC 1761 §4): IEEE 802.3, 802.5, Ethernet, HDLC, FDDI. */
const linkTypes: Record<number, number> = { 0: 1, 2: 6, 4: 1, 5: 104, 8: 10 };

/** Whether a file starts like snoop; 8 bytes must be there. */
export function isSnoop(b: Uint8Array, o: number): boolean {
  return u32(b, o, true) === 0x736e6f6f && u32(b, o + 4, true) === 0x70000000;
}

/** Reads the file header that the window holds whole. Fails with UNKNOWN_FILE_FORMAT for what RFC 1761 does not know. */
export function snoopReader(window: ByteWindow, name: string): FrameReader {
  const version = u32(window.bytes, window.start + 8, true);
  const link = u32(window.bytes, window.start + 12, true);
  const known = linkTypes[link];
  if (version !== 2 || known === undefined) {
    const what = `${name} is snoop of version ${version} and link type ${link}, which is not read`;
    throw new Failure('UNKNOWN_FILE_FORMAT', what, 'Rewrite it with: editcap -F pcapng in out');
  }
  window.start += snoopHeaderBytes;
  return new SnoopReader({ name, linkType: known, snapLen: 0, ticksPerSec: 1e6 });
}

class SnoopReader implements FrameReader {
  readonly format = 'snoop';
  readonly interfaces: readonly SourceInterface[];
  readonly annotations = null;
  damage: Damage | null = null;

  constructor(iface: SourceInterface) {
    this.interfaces = [iface];
  }

  take(window: ByteWindow, batch: FrameBatch): number {
    const b = window.bytes;
    const limit = captureLimit(this.interfaces[0].linkType, 0);
    let n = 0;
    while (n < batchCapacity) {
      const o = window.start;
      if (window.end - o < recordHeaderBytes) break;
      const captured = u32(b, o + 4, true);
      const record = u32(b, o + 8, true);
      if (captured > limit || record > limit + 1024 || record < captured + recordHeaderBytes) {
        const because = `a frame of ${captured} bytes in a record of ${record} cannot be`;
        this.damage = { name: 'snoop.length', at: window.position, because };
        break;
      }
      if (window.end - o < record) break;
      batch.at[n] = o + recordHeaderBytes;
      batch.capLen[n] = captured;
      batch.wireLen[n] = Math.min(u32(b, o, true), 0x7fffffff);
      batch.timeUs[n] = u32(b, o + 16, true) * 1e6 + u32(b, o + 20, true);
      batch.timeNs[n] = 0;
      batch.iface[n] = 0;
      n++;
      window.start = o + record;
    }
    return n;
  }

  endedInside(window: ByteWindow): Damage | null {
    const left = window.end - window.start;
    if (left === 0) return null;
    const need = left < recordHeaderBytes ? recordHeaderBytes : u32(window.bytes, window.start + 8, true);
    const because = `a record needs ${need} bytes, the file ends after ${left}`;
    return { name: 'snoop.truncated', at: window.position, because };
  }
}
