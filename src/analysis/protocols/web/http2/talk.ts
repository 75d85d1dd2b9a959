// Reads the frames of HTTP/2 (RFC 9113) both ways: header blocks decoded, data counted, streams told when they end.
//
//  0        3      4       5           9
// +--------+------+-------+-----------+=========+
// | length | type | flags | stream id | payload |
// +--------+------+-------+-----------+=========+

import { type AnyEvent, hasAscii, u16, u24, u32 } from '../../../../core/index.ts';
import { type Conversation, otherSide, type Side, type Talk } from '../../protocol.ts';
import { givenUpgrade } from '../hand-over.ts';
import { HpackDecoder } from './hpack.ts';
import { bodyOf, endBody, fieldOf, newStream, type Stream, streamEvent, takeFields } from './stream.ts';

/** What a client says first (section 3.4). */
export const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

export const frameHead = 9;
export const frameType = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  pushPromise: 5,
  goAway: 7,
  continuation: 9,
} as const;
const endStream = 1;
const endHeaders = 4;
const padded = 8;
const hasPriority = 32;

/** Streams open at a time, bytes of a header block, longest frame that is looked at, settings of a frame. */
const streamLimit = 256;
const blockLimit = 65_536;
const frameLimit = 60_000;
const settingLimit = 32;

const settingNames: Readonly<Record<number, string>> = {
  1: 'SETTINGSHEADERTABLESIZE',
  2: 'SETTINGSENABLEPUSH',
  3: 'SETTINGSMAXCONCURRENTSTREAMS',
  4: 'SETTINGSINITIALWINDOWSIZE',
  5: 'SETTINGSMAXFRAMESIZE',
  6: 'SETTINGSMAXHEADERLISTSIZE',
};
/** Section 7. */
const errorNames: readonly string[] = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
];
const errorName = (code: number): string => errorNames[code] ?? String(code);

interface Half {
  readonly side: Side;
  readonly hpack: HpackDecoder;
  isPrefaceDone: boolean;
  /** The frame whose payload passes by. */
  left: number;
  dataStream: Stream | null;
  isEndOfStream: boolean;
  /** Padding at the end of the payload, -1 while the byte that tells it is still to come. */
  padding: number;
  /** A header block that goes on in CONTINUATION frames. */
  block: Uint8Array | null;
  blockBytes: number;
  blockStream: number;
  blockEndsStream: boolean;
  isPromise: boolean;
}

const newHalf = (side: Side): Half => ({
  side,
  hpack: new HpackDecoder(),
  isPrefaceDone: side === 1,
  left: 0,
  dataStream: null,
  isEndOfStream: false,
  padding: 0,
  block: null,
  blockBytes: 0,
  blockStream: 0,
  blockEndsStream: false,
  isPromise: false,
});

export class Http2Talk implements Talk {
  readonly #conversation: Conversation;
  readonly #halves: readonly [Half, Half] = [newHalf(0), newHalf(1)];
  readonly #streams = new Map<number, Stream>();
  #depth = 0;
  #isNamed = false;
  #isOver = false;

  constructor(conversation: Conversation) {
    this.#conversation = conversation;
    const upgrade = givenUpgrade(conversation);
    if (upgrade === null) return;
    // The request that asked for the upgrade is that of stream 1 (RFC 7540 section 3.2).
    const [request] = this.#stream(1).sides;
    request.fields = [
      { name: ':method', value: upgrade.method },
      { name: ':path', value: upgrade.target },
    ];
    if (upgrade.host !== undefined) request.fields.push({ name: 'host', value: upgrade.host });
    if (upgrade.userAgent !== undefined) request.fields.push({ name: 'user-agent', value: upgrade.userAgent });
    request.startUs = upgrade.timeUs;
    request.endUs = upgrade.timeUs;
    request.isDone = true;
  }

  data(side: Side, b: Uint8Array, at: number, end: number): number {
    const half = this.#halves[side];
    let pos = at;
    while (pos < end && !this.#isOver) {
      const next = this.#step(half, b, pos, end);
      if (next < 0) break;
      pos = next;
    }
    return pos - at;
  }

  gap(side: Side, missing: number): void {
    const half = this.#halves[side];
    if (missing <= half.left) {
      const body = half.dataStream?.sides[side].body;
      if (body !== undefined && body !== null) body.missingBytes += missing;
      this.#passed(half, missing);
      return;
    }
    // Neither the next frame nor the table of headers can be found again.
    this.end();
    this.#isOver = true;
    this.#conversation.done();
  }

  end(): void {
    for (const stream of [...this.#streams.values()]) this.#close(stream, false);
  }

  #step(half: Half, b: Uint8Array, at: number, end: number): number {
    if (half.left > 0) return this.#payload(half, b, at, end);
    if (!half.isPrefaceDone) {
      // A connection taken up later has none.
      const isIt = hasAscii(b, at, end, preface.slice(0, Math.min(preface.length, end - at)));
      if (isIt && end - at < preface.length) return -1;
      half.isPrefaceDone = true;
      if (isIt) return at + preface.length;
    }
    if (end - at < frameHead) return -1;
    const length = u24(b, at);
    const type = b[at + 3];
    const flags = b[at + 4];
    const id = u32(b, at + 5) & 0x7fffffff;
    if (type === frameType.data) {
      this.#beginData(half, id, length, flags);
      return at + frameHead;
    }
    if (length > frameLimit) {
      if (isHeaders(type)) this.#lost('http2_long_header_frame');
      half.left = length;
      half.padding = 0;
      half.dataStream = null;
      return at + frameHead;
    }
    const from = at + frameHead;
    if (end - from < length) return -1;
    this.#frame(half, type, flags, id, b, from, from + length);
    return from + length;
  }

  // --- data ------------------------------------------------------------------------------------------------------

  #beginData(half: Half, id: number, length: number, flags: number): void {
    half.dataStream = this.#streams.get(id) ?? null;
    half.isEndOfStream = (flags & endStream) !== 0;
    half.left = length;
    half.padding = (flags & padded) !== 0 && length > 0 ? -1 : 0;
    if (half.dataStream !== null && length > 0) bodyOf(half.dataStream.sides[half.side]);
    if (length === 0) this.#dataEnd(half);
  }

  #payload(half: Half, b: Uint8Array, at: number, end: number): number {
    if (half.padding < 0) {
      half.padding = Math.min(b[at], half.left - 1);
      this.#passed(half, 1);
      return at + 1;
    }
    const stream = half.dataStream;
    const contents = half.left - half.padding;
    const to = Math.min(end, at + (contents > 0 ? contents : half.left));
    if (stream !== null && contents > 0) {
      const { timeUs, crypto } = this.#conversation;
      const side = stream.sides[half.side];
      side.endUs = timeUs;
      bodyOf(side).take(b, at, to, timeUs, crypto);
    }
    this.#passed(half, to - at);
    return to;
  }

  #passed(half: Half, count: number): void {
    half.left -= count;
    if (half.left === 0) this.#dataEnd(half);
  }

  #dataEnd(half: Half): void {
    const stream = half.dataStream;
    half.dataStream = null;
    if (stream !== null && half.isEndOfStream) this.#endSide(stream, half.side);
  }

  // --- other frames ----------------------------------------------------------------------------------------------

  #frame(half: Half, type: number, flags: number, id: number, b: Uint8Array, at: number, end: number): void {
    const length = end - at;
    if (isHeaders(type)) this.#headers(half, type, flags, id, b, at, end);
    else if (type === frameType.settings) this.#settings(half, b, at, end);
    else if (type === frameType.goAway && length >= 8) {
      this.#global(half.side, { error_code: errorName(u32(b, at + 4)) });
    } else if (type === frameType.reset && length >= 4) {
      const stream = this.#streams.get(id);
      if (stream === undefined) return;
      stream.sides[half.side].errorCode = errorName(u32(b, at));
      this.#close(stream, stream.sides[0].isDone && stream.sides[1].isDone);
    } else if (type === frameType.priority && length >= 5) {
      const stream = this.#streams.get(id);
      if (stream !== undefined) stream.sides[half.side].priority ??= b[at + 4];
    }
  }

  #settings(half: Half, b: Uint8Array, at: number, end: number): void {
    const settings: AnyEvent[] = [];
    for (let o = at; o + 6 <= end && settings.length < settingLimit; o += 6) {
      const id = u16(b, o);
      const value = u32(b, o + 2);
      // The table that a side allows is the one the other side fills.
      if (id === 1) this.#halves[otherSide(half.side)].hpack.allow(value);
      settings.push({ settings_id: settingNames[id] ?? `SETTINGS${id}`, settings_value: value });
    }
    this.#conversation.confirm();
    if (settings.length > 0) this.#global(half.side, { settings });
  }

  /** A frame of the whole connection: EVE has a line for it, the logs have none. */
  #global(side: Side, frames: AnyEvent): void {
    const key = side === 0 ? 'requestFrames' : 'responseFrames';
    const event = { transaction: this.#depth++, majorVersion: '2', streamId: 0, [key]: frames };
    this.#conversation.emit(event, { only: 'eve', side });
  }

  #headers(half: Half, type: number, flags: number, id: number, b: Uint8Array, at: number, end: number): void {
    let from = at;
    let to = end;
    if (type === frameType.continuation) {
      if (half.block === null || id !== half.blockStream) return;
    } else {
      half.block = null;
      if ((flags & padded) !== 0) to -= b[from++];
      if (type === frameType.headers && (flags & hasPriority) !== 0) {
        this.#stream(id).sides[half.side].priority = b[from + 4];
        from += 5;
      }
      half.blockStream = id;
      half.isPromise = type === frameType.pushPromise;
      if (half.isPromise) {
        half.blockStream = from + 4 <= to ? u32(b, from) & 0x7fffffff : 0;
        from += 4;
      }
      half.blockEndsStream = (flags & endStream) !== 0 && !half.isPromise;
      if (from > to) {
        this.#lost('http2_bad_padding');
        return;
      }
    }
    if ((flags & endHeaders) === 0 || half.block !== null) {
      if (!keepBlock(half, b, from, to)) {
        this.#lost('http2_long_header_block');
        return;
      }
      if ((flags & endHeaders) === 0) return;
    }
    const { block } = half;
    half.block = null;
    if (block === null) this.#block(half, b, from, to);
    else this.#block(half, block, 0, half.blockBytes);
  }

  #block(half: Half, b: Uint8Array, at: number, end: number): void {
    const fields = half.hpack.decode(b, at, end);
    if (fields === null) {
      this.#lost('http2_bad_header_block');
      return;
    }
    const { timeUs } = this.#conversation;
    const stream = this.#stream(half.blockStream);
    // A promised request is told by the server.
    const side: Side = half.isPromise ? 0 : half.side;
    takeFields(stream.sides[side], fields, timeUs);
    if (side === 0) this.#name(stream);
    if (half.isPromise) stream.sides[0].isDone = true;
    else if (half.blockEndsStream) this.#endSide(stream, side);
  }

  #name(stream: Stream): void {
    const [request] = stream.sides;
    if (fieldOf(request, 'content-type')?.startsWith('application/grpc') === true) this.#conversation.rename('grpc');
    if (this.#isNamed) return;
    const { hostname } = streamEvent(stream);
    if (typeof hostname !== 'string') return;
    this.#isNamed = true;
    this.#conversation.serverName(hostname);
  }

  /** Header blocks cannot be read any more: what is open is told, the rest is left alone. */
  #lost(weird: string): void {
    this.#conversation.weird(weird);
    this.end();
    this.#isOver = true;
    this.#conversation.done();
  }

  // --- streams ---------------------------------------------------------------------------------------------------

  #stream(id: number): Stream {
    const known = this.#streams.get(id);
    if (known !== undefined) return known;
    if (this.#streams.size >= streamLimit) {
      for (const oldest of this.#streams.values()) {
        this.#close(oldest, false);
        break;
      }
    }
    const stream = newStream(id, ++this.#depth);
    this.#streams.set(id, stream);
    return stream;
  }

  #endSide(stream: Stream, side: Side): void {
    if (stream.sides[side].isDone) return;
    endBody(this.#conversation, stream, side, true);
    if (stream.sides[0].isDone && stream.sides[1].isDone) this.#close(stream, true);
  }

  #close(stream: Stream, isWhole: boolean): void {
    this.#streams.delete(stream.id);
    for (const side of [0, 1] as const) {
      if (!stream.sides[side].isDone) endBody(this.#conversation, stream, side, isWhole);
      const half = this.#halves[side];
      if (half.dataStream === stream) half.dataStream = null;
    }
    const [request, response] = stream.sides;
    if (request.fields === null && response.fields === null && request.errorCode === undefined) return;
    const timeUs = request.startUs > 0 ? request.startUs : response.startUs;
    this.#conversation.emit(streamEvent(stream), timeUs > 0 ? { timeUs } : {});
  }
}

const isHeaders = (type: number): boolean =>
  type === frameType.headers || type === frameType.pushPromise || type === frameType.continuation;

/** Appends a piece of a header block; false when it gets too long. */
function keepBlock(half: Half, b: Uint8Array, at: number, end: number): boolean {
  const had = half.block === null ? 0 : half.blockBytes;
  const need = had + end - at;
  if (need > blockLimit) return false;
  let room = half.block;
  if (room === null || need > room.length) {
    room = new Uint8Array(Math.min(blockLimit, Math.max(1024, need * 2)));
    if (half.block !== null) room.set(half.block.subarray(0, had));
    half.block = room;
  }
  room.set(b.subarray(at, end), had);
  half.blockBytes = need;
  return true;
}
