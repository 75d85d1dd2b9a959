// QUIC frames (RFC 9000 §19): those with bytes of a handshake or of a stream are told, the others are passed over.

import { VarintReader } from './header.ts';

/** Is told what the frames of one packet bring. */
export interface FrameTaker {
  crypto(offset: number, bytes: Uint8Array, at: number, end: number): void;
  stream(id: number, offset: number, bytes: Uint8Array, at: number, end: number, isLast: boolean): void;
  closed(): void;
}

const ints = new VarintReader();

/**
 * Walks the frames of an opened packet.
 * @returns false when something is no frame: the rest of the packet is not known
 */
export function readFrames(b: Uint8Array, taker: FrameTaker): boolean {
  ints.start(b, 0, b.length);
  while (ints.at < b.length) {
    const type = ints.next();
    if (ints.isCut || !readFrame(b, type, taker) || ints.isCut || ints.at > b.length) return false;
  }
  return true;
}

/** Integers that follow the type, of frames that are nothing but integers. */
const plainInts: Readonly<Record<number, number>> = {
  0: 0, // PADDING
  1: 0, // PING
  4: 3, // RESET_STREAM
  5: 2, // STOP_SENDING
  16: 1, // MAX_DATA
  17: 2, // MAX_STREAM_DATA
  18: 1, // MAX_STREAMS
  19: 1,
  20: 1, // DATA_BLOCKED
  21: 2, // STREAM_DATA_BLOCKED
  22: 1, // STREAMS_BLOCKED
  23: 1,
  25: 1, // RETIRE_CONNECTION_ID
  30: 0, // HANDSHAKE_DONE
};

function readFrame(b: Uint8Array, type: number, taker: FrameTaker): boolean {
  const count = plainInts[type];
  if (count !== undefined) {
    for (let i = 0; i < count; i++) ints.next();
    return true;
  }
  if (type >= 0x08 && type <= 0x0f) return readStream(b, type, taker);
  switch (type) {
    case 0x02:
    case 0x03:
      return skipAck(type === 0x03);
    case 0x06:
      return readCrypto(b, taker);
    case 0x07: // NEW_TOKEN
      return skip(ints.next());
    case 0x18: // NEW_CONNECTION_ID: sequence, retire prior to, length(1), id, reset token(16)
      ints.next();
      ints.next();
      return ints.at < b.length && skip(1 + b[ints.at] + 16);
    case 0x1a: // PATH_CHALLENGE, PATH_RESPONSE
    case 0x1b:
      return skip(8);
    case 0x1c: // CONNECTION_CLOSE: error, frame type, length, reason; 0x1d has no frame type
    case 0x1d:
      ints.next();
      if (type === 0x1c) ints.next();
      if (!skip(ints.next())) return false;
      taker.closed();
      return true;
    case 0x30: // DATAGRAM to the end of the packet (RFC 9221)
      return skip(b.length - ints.at);
    case 0x31:
      return skip(ints.next());
    default:
      return false;
  }
}

function skip(count: number): boolean {
  ints.at += count;
  return !ints.isCut;
}

/** largest, delay, range count, first range, then gap and length of each range, then three counts of ECN marks. */
function skipAck(hasMarks: boolean): boolean {
  ints.next();
  ints.next();
  const ranges = ints.next();
  ints.next();
  for (let i = 0; i < ranges && !ints.isCut; i++) {
    ints.next();
    ints.next();
  }
  if (hasMarks) for (let i = 0; i < 3; i++) ints.next();
  return !ints.isCut;
}

function readCrypto(b: Uint8Array, taker: FrameTaker): boolean {
  const offset = ints.next();
  const length = ints.next();
  const at = ints.at;
  if (ints.isCut || at + length > b.length) return false;
  ints.at = at + length;
  taker.crypto(offset, b, at, at + length);
  return true;
}

/** type 0b00001olf: offset, length and end of the stream are told. */
function readStream(b: Uint8Array, type: number, taker: FrameTaker): boolean {
  const id = ints.next();
  const offset = (type & 4) !== 0 ? ints.next() : 0;
  const length = (type & 2) !== 0 ? ints.next() : b.length - ints.at;
  const at = ints.at;
  if (ints.isCut || at + length > b.length) return false;
  ints.at = at + length;
  taker.stream(id, offset, b, at, at + length, (type & 1) !== 0);
  return true;
}
