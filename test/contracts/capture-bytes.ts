// Builds captures byte by byte for tests: classic pcap, pcapng, snoop, and frames of Zstandard.

export interface TestFrame {
  readonly us: number;
  readonly ns?: number;
  readonly data: Uint8Array;
  readonly wire?: number;
  readonly iface?: number;
}

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Numbers in the widths named by `shape`: `b` 1, `h` 2, `w` 4, `d` 8 bytes. */
export function pack(big: boolean, shape: string, ...values: readonly (number | bigint)[]): Uint8Array {
  const width = { b: 1, h: 2, w: 4, d: 8 } as Record<string, number>;
  const out = new Uint8Array([...shape].reduce((sum, letter) => sum + width[letter], 0));
  const view = new DataView(out.buffer);
  let at = 0;
  [...shape].forEach((letter, i) => {
    const value = values[i];
    if (letter === 'b') view.setUint8(at, Number(value));
    else if (letter === 'h') view.setUint16(at, Number(value), !big);
    else if (letter === 'w') view.setUint32(at, Number(value), !big);
    else view.setBigUint64(at, BigInt.asUintN(64, BigInt(value)), !big);
    at += width[letter];
  });
  return out;
}

export interface PcapShape {
  readonly magic?: number;
  readonly big?: boolean;
  readonly major?: number;
  readonly minor?: number;
  readonly snapLen?: number;
  readonly network?: number;
  readonly moreFileHeader?: number;
  readonly moreRecordHeader?: number;
  readonly swapped?: boolean;
}

export function pcap(frames: readonly TestFrame[], shape: PcapShape = {}): Uint8Array {
  const big = shape.big ?? false;
  const magic = shape.magic ?? 0xa1b2c3d4;
  const isNano = [0xa1b23c4d, 0xa12b3c4d, 0x1c0001ac, 0x1c0001ab].includes(magic) || shape.minor === 2;
  const head = [magic, shape.major ?? 2, shape.minor ?? 4, 0, 0, shape.snapLen ?? 65_535, shape.network ?? 1];
  const parts = [pack(big, 'whhwwww', ...head), new Uint8Array(shape.moreFileHeader ?? 0)];
  for (const frame of frames) {
    const sec = Math.floor(frame.us / 1e6);
    const us = frame.us - sec * 1e6;
    const lengths = [frame.data.length, frame.wire ?? frame.data.length];
    if (shape.swapped === true) lengths.reverse();
    parts.push(pack(big, 'wwww', sec, isNano ? us * 1000 + (frame.ns ?? 0) : us, ...lengths));
    parts.push(new Uint8Array(shape.moreRecordHeader ?? 0), frame.data);
  }
  return join(...parts);
}

const padded = (data: Uint8Array): Uint8Array => join(data, new Uint8Array(-data.length & 3));

export function block(big: boolean, type: number, body: Uint8Array): Uint8Array {
  const total = padded(body).length + 12;
  return join(pack(big, 'ww', type, total), padded(body), pack(big, 'w', total));
}

export function option(big: boolean, code: number, value: Uint8Array | string): Uint8Array {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  return join(pack(big, 'hh', code, bytes.length), padded(bytes));
}

const noOptions = new Uint8Array(0);

export function section(big: boolean, options: Uint8Array = noOptions, major = 1): Uint8Array {
  return block(big, 0x0a0d0d0a, join(pack(big, 'whhd', 0x1a2b3c4d, major, 0, -1n), options));
}

export function iface(big: boolean, linkType: number, snapLen = 0, options: Uint8Array = noOptions): Uint8Array {
  return block(big, 1, join(pack(big, 'hhw', linkType, 0, snapLen), options));
}

/** An enhanced packet block; `ticks` in the resolution of its interface. */
export function packet(
  big: boolean,
  id: number,
  ticks: bigint,
  data: Uint8Array,
  options: Uint8Array = noOptions,
  wire = data.length,
): Uint8Array {
  const head = pack(big, 'wwwww', id, ticks >> 32n, ticks & 0xffffffffn, data.length, wire);
  return block(big, 6, join(head, padded(data), options));
}

/** All frames on interfaces that count microseconds. */
export function pcapng(frames: readonly TestFrame[], big = false, interfaces = 1): Uint8Array {
  const described = Array.from({ length: interfaces }, () => iface(big, 1));
  const packets = frames.map((f) => packet(big, f.iface ?? 0, BigInt(f.us), f.data, undefined, f.wire));
  return join(section(big), ...described, ...packets);
}

export function snoop(frames: readonly TestFrame[]): Uint8Array {
  const parts = [new TextEncoder().encode('snoop\0\0\0'), pack(true, 'ww', 2, 4)];
  for (const { us, data, wire } of frames) {
    const sec = Math.floor(us / 1e6);
    const record = 24 + padded(data).length;
    parts.push(pack(true, 'wwwwww', wire ?? data.length, data.length, record, 0, sec, us - sec * 1e6), padded(data));
  }
  return join(...parts);
}

/** A frame of Zstandard that holds `data` in raw blocks of `blockBytes`, with a window of 128 KiB and no checksum. */
export function zstd(data: Uint8Array, blockBytes = 1000): Uint8Array {
  const parts = [pack(false, 'wbb', 0xfd2fb528, 0, 0x38)];
  for (let at = 0; at < data.length || at === 0; at += blockBytes) {
    const piece = data.subarray(at, at + blockBytes);
    const head = (piece.length << 3) | (at + blockBytes >= data.length ? 1 : 0);
    parts.push(pack(false, 'bbb', head & 255, (head >> 8) & 255, head >> 16), piece);
  }
  return join(...parts);
}

/** Frames whose bytes, lengths and times all differ. */
export function someFrames(count: number, fromUs = 1_700_000_000_123_456): TestFrame[] {
  return Array.from({ length: count }, (_, i) => ({
    us: fromUs + i * 1_234_567,
    data: Uint8Array.from({ length: 14 + ((i * 37) % 90) }, (_, k) => (i * 7 + k * 13) & 255),
    wire: 14 + ((i * 37) % 90) + (i % 3),
  }));
}
