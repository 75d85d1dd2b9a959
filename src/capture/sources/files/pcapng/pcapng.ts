// pcapng (draft-ietf-opsawg-pcapng): blocks, each with its length in front and behind, in sections of one byte order.
//
//     any block   type 4 | total length 4 | body … | total length 4
//     section     0a0d0d0a | length | 1a2b3c4d | major 2 | minor 2 | section length 8 | options … | length
//     packet      6 | length | interface 4 | time high 4 | time low 4 | captured 4 | wire 4 | frame, padded | options | length
//
// Interfaces are numbered from 0 in each section; here they go on counting, so that an index is good for the whole file.

import { batchCapacity, type Damage, Failure, FrameBatch, type SourceInterface } from '../../../../core/index.ts';
import { type Annotations, emptyAnnotations } from '../annotations.ts';
import { u16, u32 } from '../byte-order.ts';
import type { ByteWindow } from '../bytes/input.ts';
import type { FrameReader } from '../input-source.ts';
import { captureLimit } from '../pcap.ts';
import { readInterface, readNames, readSecrets, readSection, readStatistics } from './pcapng-blocks.ts';
import { readPacketNote } from './pcapng-options.ts';
import { type Clock, clockOf, tellTime } from './pcapng-time.ts';

const block = {
  section: 0x0a0d0d0a,
  interface: 1,
  obsoletePacket: 2,
  simplePacket: 3,
  names: 4,
  statistics: 5,
  enhancedPacket: 6,
  secrets: 10,
} as const;

/** Bytes that a block of a type has at least; 0 for types that are passed over. */
function smallestBytes(type: number): number {
  switch (type) {
    case block.enhancedPacket:
    case block.obsoletePacket:
      return 32;
    case block.simplePacket:
      return 16;
    case block.section:
      return 28;
    case block.interface:
    case block.secrets:
      return 20;
    case block.names:
      return 12;
    case block.statistics:
      return 24;
    default:
      return 0;
  }
}

const holdsFrame = (type: number): boolean =>
  type === block.enhancedPacket || type === block.simplePacket || type === block.obsoletePacket;

/** Blocks that describe are held whole: this large and no larger. */
const largestNoteBytes = 16 * 1024 * 1024;
const byteOrderMagic = 0x1a2b3c4d;
const mostInterfaces = 65_535;

/** Whether a file starts like pcapng. */
export function isPcapng(b: Uint8Array, o: number): boolean {
  return u32(b, o, false) === block.section;
}

/** Bytes that the first section header takes, told by its first 12; 0 when it is none. */
export function sectionHeaderBytes(b: Uint8Array, o: number): number {
  const big = u32(b, o + 8, true) === byteOrderMagic;
  if (!big && u32(b, o + 8, false) !== byteOrderMagic) return 0;
  return u32(b, o + 4, big);
}

/** Gives the reader of a file whose first section header the window holds. Fails with UNKNOWN_FILE_FORMAT. */
export function pcapngReader(window: ByteWindow, name: string): FrameReader {
  const b = window.bytes;
  const o = window.start;
  const big = u32(b, o + 8, true) === byteOrderMagic;
  const major = u16(b, o + 12, big);
  if (major !== 1) {
    const what = `${name} is pcapng of version ${major}.${u16(b, o + 14, big)}, known is 1.0`;
    throw new Failure('UNKNOWN_FILE_FORMAT', what, 'Rewrite it with the tool that made it, as version 1.');
  }
  const reader = new PcapngReader(name);
  reader.take(window, new FrameBatch(), 0);
  return reader;
}

/** Blocks that hold no frame and nothing to keep (custom, journal, unknown ones) are passed over as they come. */
class PcapngReader implements FrameReader {
  readonly format = 'pcapng';
  readonly interfaces: SourceInterface[] = [];
  readonly annotations: Annotations;
  damage: Damage | null = null;
  readonly #clocks: Clock[] = [];
  readonly #limits: number[] = [];
  #big = false;
  /** Index of the section's first interface. */
  #firstInterface = 0;
  #section = -1;
  /** Frames read so far: comments are kept by packet number. */
  #packets = 0;
  /** Time of the last frame of the take before; a simple packet block has none of its own. */
  #lastUs = 0;
  #lastNs = 0;
  #hasTime = false;
  /** Body bytes of a block being passed over that are still to come, and the length that must stand behind them. */
  #passLeft = 0;
  #passTotal = 0;

  constructor(name: string) {
    this.annotations = emptyAnnotations(name);
  }

  /** With `most` 0 it goes as far as the first frame: so that a file's interfaces are known once it is open. */
  take(window: ByteWindow, batch: FrameBatch, most: number = batchCapacity): number {
    let n = 0;
    while (this.damage === null) {
      if (this.#passTotal !== 0) {
        if (!this.#pass(window)) break;
        continue;
      }
      const o = window.start;
      const left = window.end - o;
      if (left < 12) break;
      const b = window.bytes;
      const type = u32(b, o, this.#big);
      if (type === block.section && !this.#turn(window)) break;
      const total = u32(b, o + 4, this.#big);
      if (!this.#isSaneLength(window, type, total)) break;
      if (smallestBytes(type) === 0) {
        this.#passTotal = total;
        this.#passLeft = total - 12;
        window.start = o + 8;
        continue;
      }
      if (left < total) break;
      if (u32(b, o + total - 4, this.#big) !== total) {
        this.#trailer(window.base + o, total, u32(b, o + total - 4, this.#big));
        break;
      }
      if (n === most && holdsFrame(type)) break;
      if (type === block.enhancedPacket || type === block.obsoletePacket) {
        if (!this.#packet(window, batch, n, type === block.obsoletePacket, total)) break;
        n++;
      } else if (type === block.simplePacket) {
        if (!this.#simplePacket(window, batch, n, total)) break;
        n++;
      } else if (!this.#note(window, type, total)) break;
      window.start = o + total;
    }
    if (n > 0) {
      this.#lastUs = batch.timeUs[n - 1];
      this.#lastNs = batch.timeNs[n - 1];
    }
    return n;
  }

  endedInside(window: ByteWindow): Damage | null {
    const left = window.end - window.start;
    if (left === 0 && this.#passTotal === 0) return null;
    const need =
      this.#passTotal !== 0 ? this.#passLeft + 4 : left < 12 ? 12 : u32(window.bytes, window.start + 4, this.#big);
    const because = `a block needs ${need} bytes, the file ends after ${left}`;
    return { name: 'pcapng.truncated', at: window.position, because };
  }

  #fail(name: string, at: number, because: string): false {
    this.damage = { name: `pcapng.${name}`, at, because };
    return false;
  }

  #trailer(at: number, total: number, behind: number): false {
    return this.#fail('trailer', at, `a block of ${total} bytes must repeat its length at its end, there is ${behind}`);
  }

  /** Takes the byte order of the section that starts here. */
  #turn(window: ByteWindow): boolean {
    const magic = u32(window.bytes, window.start + 8, false);
    this.#big = magic !== byteOrderMagic;
    if (!this.#big || u32(window.bytes, window.start + 8, true) === byteOrderMagic) return true;
    return this.#fail('byte-order', window.position, `a section must have 1a2b3c4d, it has ${magic.toString(16)}`);
  }

  #isSaneLength(window: ByteWindow, type: number, total: number): boolean {
    const smallest = Math.max(12, smallestBytes(type));
    if (total < smallest || (total & 3) !== 0) {
      const because = `a block of type ${type} has at least ${smallest} bytes and whole words, this one ${total}`;
      return this.#fail('length', window.position, because);
    }
    // A frame has its own bound, found once its interface is known; 128 MiB is the most any has.
    const largest = holdsFrame(type) ? largestNoteBytes + 128 * 1024 * 1024 : largestNoteBytes;
    if (total > largest && smallestBytes(type) !== 0) {
      return this.#fail(
        'length',
        window.position,
        `a block of ${total} bytes was announced, at most ${largest} can be`,
      );
    }
    return true;
  }

  /** Goes on passing over a block; false when more bytes are needed or its end is wrong. */
  #pass(window: ByteWindow): boolean {
    const step = Math.min(this.#passLeft, window.end - window.start);
    window.start += step;
    this.#passLeft -= step;
    if (this.#passLeft > 0 || window.end - window.start < 4) return false;
    const behind = u32(window.bytes, window.start, this.#big);
    if (behind !== this.#passTotal) return this.#trailer(window.position, this.#passTotal, behind);
    window.start += 4;
    this.#passTotal = 0;
    return true;
  }

  /** An enhanced packet block, or its obsolete form with 16-bit interface and drop count. */
  #packet(window: ByteWindow, batch: FrameBatch, n: number, isObsolete: boolean, total: number): boolean {
    const b = window.bytes;
    const o = window.start;
    const big = this.#big;
    const id = isObsolete ? u16(b, o + 8, big) : u32(b, o + 8, big);
    const iface = this.#firstInterface + id;
    if (iface >= this.interfaces.length) return this.#noInterface(window, id);
    const captured = u32(b, o + 20, big);
    if (captured > total - 32) {
      return this.#fail('packet-length', window.position, `a frame of ${captured} bytes stands in a block of ${total}`);
    }
    if (captured > this.#limits[iface]) return this.#tooLong(window, captured, iface);
    const wire = u32(b, o + 24, big);
    tellTime(this.#clocks[iface], u32(b, o + 12, big), u32(b, o + 16, big), batch, n);
    if (!this.#hasTime) this.#giveFirstTime(batch, n);
    this.#put(batch, n, o + 28, captured, wire, iface);
    const options = o + 28 + ((captured + 3) & ~3);
    const end = o + total - 4;
    const dropped = isObsolete ? u16(b, o + 10, big) : 0xffff;
    if (options + 4 <= end || dropped !== 0xffff) {
      readPacketNote(this.annotations, this.#packets, b, options, end, big, dropped === 0xffff ? null : dropped);
    }
    return true;
  }

  /** The first time of the file: frames before it in this batch had none and get it, too. */
  #giveFirstTime(batch: FrameBatch, n: number): void {
    this.#hasTime = true;
    batch.timeUs.fill(batch.timeUs[n], 0, n);
    batch.timeNs.fill(batch.timeNs[n], 0, n);
  }

  /**
   * A simple packet block: of the section's first interface, without a time; it gets that of the frame before it, or of
   * the first frame behind it that has one, 0 in a file without any.
   */
  #simplePacket(window: ByteWindow, batch: FrameBatch, n: number, total: number): boolean {
    const iface = this.#firstInterface;
    if (iface >= this.interfaces.length) return this.#noInterface(window, 0);
    const wire = u32(window.bytes, window.start + 8, this.#big);
    const snapLen = this.interfaces[iface].snapLen;
    const captured = snapLen > 0 && wire > snapLen ? snapLen : wire;
    if (captured > total - 16) {
      return this.#fail('packet-length', window.position, `a frame of ${captured} bytes stands in a block of ${total}`);
    }
    if (captured > this.#limits[iface]) return this.#tooLong(window, captured, iface);
    batch.timeUs[n] = n > 0 ? batch.timeUs[n - 1] : this.#lastUs;
    batch.timeNs[n] = n > 0 ? batch.timeNs[n - 1] : this.#lastNs;
    this.#put(batch, n, window.start + 12, captured, wire, iface);
    return true;
  }

  #put(batch: FrameBatch, n: number, at: number, captured: number, wire: number, iface: number): void {
    batch.at[n] = at;
    batch.capLen[n] = captured;
    batch.wireLen[n] = Math.min(wire, 0x7fffffff);
    batch.iface[n] = iface;
    this.#packets++;
  }

  #noInterface(window: ByteWindow, id: number): false {
    const known = this.interfaces.length - this.#firstInterface;
    return this.#fail('interface', window.position, `a packet of interface ${id} in a section that describes ${known}`);
  }

  #tooLong(window: ByteWindow, captured: number, iface: number): false {
    const because = `a frame of ${captured} bytes was announced, at most ${this.#limits[iface]} can be`;
    return this.#fail('packet-length', window.position, because);
  }

  /** A block that holds no frame: section, interface, names, statistics, secrets. */
  #note(window: ByteWindow, type: number, total: number): boolean {
    const b = window.bytes;
    const o = window.start;
    const end = o + total - 4;
    if (type === block.section) return this.#startSection(window, end);
    if (type === block.interface) return this.#startInterface(window, end);
    if (type === block.names) readNames(this.annotations, b, o + 8, end, this.#big);
    else if (type === block.secrets) readSecrets(this.annotations, b, o + 8, end, this.#big);
    else {
      const iface = this.#firstInterface + u32(b, o + 8, this.#big);
      if (iface < this.interfaces.length) readStatistics(this.annotations, iface, b, o + 20, end, this.#big);
    }
    return true;
  }

  #startSection(window: ByteWindow, end: number): boolean {
    const major = u16(window.bytes, window.start + 12, this.#big);
    if (major !== 1) return this.#fail('version', window.position, `a section of version ${major}, known is 1`);
    this.#section++;
    this.#firstInterface = this.interfaces.length;
    readSection(this.annotations, window.bytes, window.start + 24, end, this.#big);
    return true;
  }

  #startInterface(window: ByteWindow, end: number): boolean {
    if (this.#section < 0) return this.#fail('order', window.position, 'an interface before any section');
    if (this.interfaces.length >= mostInterfaces) {
      return this.#fail('interface', window.position, `more than ${mostInterfaces} interfaces`);
    }
    const index = this.interfaces.length - this.#firstInterface;
    const { iface, exponent, isBinary } = readInterface(
      this.annotations,
      window.bytes,
      window.start + 8,
      end,
      this.#big,
      this.#section,
      index,
    );
    this.interfaces.push(iface);
    this.#clocks.push(clockOf(exponent, isBinary, iface.offsetSec ?? 0));
    this.#limits.push(captureLimit(iface.linkType, iface.snapLen));
    return true;
  }
}
