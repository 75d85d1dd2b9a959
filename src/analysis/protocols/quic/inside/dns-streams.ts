// DNS over QUIC (RFC 9250): each stream of the client brings one query, after its length of two bytes, and takes the answers.

import { u16 } from '../../../../core/index.ts';
import type { Conversation, InnerTalk, Side } from '../../protocol.ts';
import { ByteStream } from '../packets/byte-stream.ts';
import { ClosedStreams } from './closed-streams.ts';
import type { StreamTaker } from './inside.ts';

const limits = { window: 65_537, pieces: 64 } as const;
/** Streams that are open at once; a query beyond them is not read. */
const streamLimit = 128;

interface DnsStream {
  readonly talk: InnerTalk;
  readonly sides: readonly [ByteStream, ByteStream];
  /** Offset where each side ends, -1 until it is told. */
  readonly finalAt: [number, number];
  answers: number;
}

export class DnsStreams implements StreamTaker {
  readonly #conversation: Conversation;
  readonly #hasLength: boolean;
  readonly #streams = new Map<number, DnsStream>();
  readonly #closed = new ClosedStreams();

  /** @param alpn until its third draft a message had no length: it ended with the stream */
  constructor(conversation: Conversation, alpn: string) {
    this.#conversation = conversation;
    this.#hasLength = !/^doq-i0[0-2]$/.test(alpn);
  }

  stream(side: Side, id: number, offset: number, b: Uint8Array, at: number, end: number, isLast: boolean): void {
    // Streams that the client opened, both ways (RFC 9000 §2.1).
    if ((id & 3) !== 0) return;
    const stream = this.#streams.get(id) ?? this.#open(id, side);
    if (stream === null) return;
    const bytes = stream.sides[side];
    bytes.add(offset, b, at, end);
    if (isLast) stream.finalAt[side] = offset + end - at;
    if (this.#hasLength) this.#messages(stream, side);
    else if (bytes.ready > 0 && bytes.ready === stream.finalAt[side]) this.#message(stream, side, 0, bytes.ready);
    if (side === 1 && stream.answers > 0 && bytes.base === stream.finalAt[1]) this.#close(id, stream);
  }

  #messages(stream: DnsStream, side: Side): void {
    const bytes = stream.sides[side];
    while (bytes.ready >= 2) {
      const end = 2 + u16(bytes.bytes, 0);
      if (bytes.ready < end) return;
      this.#message(stream, side, 2, end);
    }
  }

  #message(stream: DnsStream, side: Side, at: number, end: number): void {
    const bytes = stream.sides[side];
    stream.talk.data(side, bytes.bytes, at, end);
    bytes.take(end);
    stream.answers += side;
  }

  end(): void {
    for (const [id, stream] of this.#streams) this.#close(id, stream);
  }

  #open(id: number, side: Side): DnsStream | null {
    // An answer whose query was not seen, or that comes twice, opens nothing.
    if (side === 1 || this.#closed.has(id) || this.#streams.size >= streamLimit) return null;
    const stream: DnsStream = {
      talk: this.#conversation.inner('dns'),
      sides: [new ByteStream(limits), new ByteStream(limits)],
      finalAt: [-1, -1],
      answers: 0,
    };
    this.#streams.set(id, stream);
    return stream;
  }

  #close(id: number, stream: DnsStream): void {
    stream.talk.end();
    this.#streams.delete(id);
    this.#closed.add(id);
  }
}
