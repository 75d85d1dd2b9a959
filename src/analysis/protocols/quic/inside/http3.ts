// HTTP/3 (RFC 9114) of a decrypted QUIC connection: requests and responses with their fields; of bodies only the size.

import { type AnyEvent, number } from '../../../../core/index.ts';
import { type Conversation, defineProtocol, otherSide, type Side } from '../../protocol.ts';
import { hostPort } from '../../web/http/values.ts';
import type { HeaderField } from '../../web/http2/hpack.ts';
import { http2 } from '../../web/http2/http2.ts';
import { fieldOf, newStream, type Stream, streamEvent, takeFields } from '../../web/http2/stream.ts';
import { ByteStream } from '../packets/byte-stream.ts';
import { VarintReader } from '../packets/header.ts';
import { ClosedStreams } from './closed-streams.ts';
import type { StreamTaker } from './inside.ts';
import { QpackDecoder } from './qpack.ts';

// What frames of HTTP/2 say has no counterpart here.
const { requestFrames: _request, responseFrames: _response, streamId: _id, ...sharedFields } = http2.fields;

/** Told by QUIC when there are keys; the fields are those of HTTP/2. */
export const http3 = defineProtocol({
  name: 'http3',
  title: 'HTTP/3',
  family: 'web',
  eveType: 'http',
  fields: { ...sharedFields, streamId: number('Number of the stream', { filter: 'quic.stream.stream_id' }) },
});

const limits = { window: 65_536, pieces: 64 } as const;
/** Streams that are open at once, and sections that wait for the table to be filled. */
const streamLimit = 128;
const blockedLimit = 16;
/** Longest frame besides DATA that is read. */
const frameLimit = 32_768;

/** RFC 9114 §7.2, §6.2; RFC 9204 §4.2. */
const frame = { data: 0, headers: 1, settings: 4 } as const;
const streamType = { control: 0, encoder: 2 } as const;
const tableCapacitySetting = 1;

/** One direction of a stream. */
class Half {
  readonly bytes = new ByteStream(limits);
  /** Bytes of a frame that are passed over. */
  skip = 0;
  dataBytes = 0;
  /** Of a stream of one direction: its type, -1 until it came. */
  type = -1;
  /** Offset where the stream ends, -1 until it is told. */
  finalAt = -1;
}

interface Open {
  readonly halves: readonly [Half, Half];
  readonly stream: Stream;
}

interface Blocked {
  readonly open: Open;
  readonly side: Side;
  readonly section: Uint8Array;
  readonly timeUs: number;
}

const ints = new VarintReader();

export class Http3 implements StreamTaker {
  readonly #conversation: Conversation;
  readonly #decoders: readonly [QpackDecoder, QpackDecoder] = [new QpackDecoder(), new QpackDecoder()];
  readonly #requests = new Map<number, Open>();
  readonly #single = new Map<number, Half>();
  #blocked: Blocked[] = [];
  #depth = 0;
  readonly #closed = new ClosedStreams();

  constructor(conversation: Conversation) {
    this.#conversation = conversation;
  }

  stream(side: Side, id: number, offset: number, b: Uint8Array, at: number, end: number, isLast: boolean): void {
    if ((id & 2) !== 0) this.#oneWay(side, id, offset, b, at, end);
    else if ((id & 1) === 0) this.#request(side, id, offset, b, at, end, isLast);
  }

  end(): void {
    for (const open of [...this.#requests.values()]) this.#close(open);
  }

  // --- control and table -----------------------------------------------------------------------------------------

  #oneWay(side: Side, id: number, offset: number, b: Uint8Array, at: number, end: number): void {
    let half = this.#single.get(id);
    if (half === undefined) {
      if (this.#single.size >= streamLimit) return;
      half = new Half();
      this.#single.set(id, half);
    }
    if (half.type === 1 || half.type > streamType.encoder) return;
    half.bytes.add(offset, b, at, end);
    if (half.type < 0) this.#readType(half);
    if (half.type === streamType.control)
      this.#frames(half, (type, bytes, from, to) => this.#control(side, type, bytes, from, to));
    if (half.type !== streamType.encoder) return;
    half.bytes.take(this.#decoders[side].instructions(half.bytes.bytes, 0, half.bytes.ready));
    if (this.#blocked.length > 0) this.#unblock();
  }

  #readType(half: Half): void {
    ints.start(half.bytes.bytes, 0, half.bytes.ready);
    const type = ints.next();
    if (ints.isCut) return;
    half.type = type;
    half.bytes.take(ints.at);
  }

  /** SETTINGS: identifier and value of each (RFC 9114 §7.2.4). The table that a side allows is the other side's. */
  #control(side: Side, type: number, b: Uint8Array, at: number, end: number): void {
    if (type !== frame.settings) return;
    ints.start(b, at, end);
    while (ints.at < end) {
      const id = ints.next();
      const value = ints.next();
      if (ints.isCut) return;
      if (id === tableCapacitySetting) this.#decoders[otherSide(side)].maximum = value;
    }
  }

  // --- requests --------------------------------------------------------------------------------------------------

  #request(side: Side, id: number, offset: number, b: Uint8Array, at: number, end: number, isLast: boolean): void {
    const open = this.#requests.get(id) ?? this.#open(id);
    if (open === null) return;
    const half = open.halves[side];
    half.bytes.add(offset, b, at, end);
    if (isLast) half.finalAt = offset + end - at;
    this.#frames(half, (type, bytes, from, to) => {
      if (type === frame.headers) this.#section(open, side, bytes.slice(from, to));
    });
    if (half.bytes.base === half.finalAt) open.stream.sides[side].isDone = true;
    open.stream.sides[side].endUs = this.#conversation.timeUs;
    if (open.stream.sides[0].isDone && open.stream.sides[1].isDone) this.#close(open);
  }

  #open(id: number): Open | null {
    if (this.#closed.has(id) || this.#requests.size >= streamLimit) return null;
    const open: Open = { halves: [new Half(), new Half()], stream: newStream(id, ++this.#depth) };
    this.#requests.set(id, open);
    return open;
  }

  /** Whole frames; DATA is passed over as it comes. */
  #frames(half: Half, take: (type: number, b: Uint8Array, at: number, end: number) => void): void {
    for (;;) {
      const { bytes } = half;
      if (half.skip > 0) {
        const step = Math.min(half.skip, bytes.ready);
        half.skip -= step;
        bytes.take(step);
        if (half.skip > 0) return;
      }
      ints.start(bytes.bytes, 0, bytes.ready);
      const type = ints.next();
      const length = ints.next();
      if (ints.isCut) return;
      const at = ints.at;
      if (type === frame.data || length > frameLimit) {
        if (type === frame.data) half.dataBytes += length;
        bytes.take(at);
        half.skip = length;
        continue;
      }
      if (bytes.ready < at + length) return;
      take(type, bytes.bytes, at, at + length);
      bytes.take(at + length);
    }
  }

  #section(open: Open, side: Side, section: Uint8Array): void {
    const { timeUs } = this.#conversation;
    const fields = this.#decoders[side].section(section, 0, section.length);
    if (fields === 'blocked') {
      if (this.#blocked.length < blockedLimit) this.#blocked.push({ open, side, section, timeUs });
    } else if (fields === 'damaged') this.#conversation.weird('http3_bad_field_section');
    else this.#took(open, side, fields, timeUs);
  }

  #unblock(): void {
    const waiting = this.#blocked;
    this.#blocked = [];
    for (const one of waiting) {
      const fields = this.#decoders[one.side].section(one.section, 0, one.section.length);
      if (fields === 'blocked') this.#blocked.push(one);
      else if (fields !== 'damaged') this.#took(one.open, one.side, fields, one.timeUs);
    }
  }

  #took(open: Open, side: Side, fields: HeaderField[], timeUs: number): void {
    const half = open.stream.sides[side];
    takeFields(half, fields, timeUs);
    if (side === 0 && open.stream.depth === 1) {
      const host = fieldOf(half, ':authority');
      if (host !== undefined) this.#conversation.serverName(hostPort(host).host);
    }
  }

  #close(open: Open): void {
    const { stream, halves } = open;
    this.#requests.delete(stream.id);
    this.#closed.add(stream.id);
    this.#blocked = this.#blocked.filter((one) => one.open !== open);
    const [request, response] = stream.sides;
    if (request.fields === null && response.fields === null) return;
    const event: AnyEvent = { ...streamEvent(stream), majorVersion: '3' };
    event.requestBytes = halves[0].dataBytes;
    event.responseBytes = halves[1].dataBytes;
    event.length = halves[1].dataBytes;
    const timeUs = request.startUs > 0 ? request.startUs : response.startUs;
    this.#conversation.emitAs(http3, event, { timeUs });
  }
}
