// Reads DCE/RPC messages (C706 chapter 12, MS-RPCE): connection-oriented (version 5) and datagrams (version 4).
//
//   version 5, minor, type, flags | representation (4) | length of the fragment (2), of its proof (2) | call (4) | body

import { hexText, latin1, u16, u16le, u32, u32le } from '../../../../core/index.ts';

export const headerBytes = 16;
/** Bytes of a request or response that are read; what follows is stub data. */
export const stubAt = 24;

export const pduType = {
  request: 0,
  response: 2,
  fault: 3,
  bind: 11,
  bindAck: 12,
  bindNak: 13,
  alter: 14,
  alterAck: 15,
} as const;

const typeNames = [
  'REQUEST',
  'PING',
  'RESPONSE',
  'FAULT',
  'WORKING',
  'NOCALL',
  'REJECT',
  'ACK',
  'CL_CANCEL',
  'FACK',
  'CANCEL_ACK',
  'BIND',
  'BINDACK',
  'BINDNAK',
  'ALTER_CONTEXT',
  'ALTER_CONTEXT_RESP',
  'AUTH3',
  'SHUTDOWN',
  'CO_CANCEL',
  'ORPHANED',
  'RTS',
] as const;
const lastType = typeNames.length - 1;

export const typeName = (type: number): string => typeNames[type] ?? `UNKNOWN_${type}`;

/** Whether a client sends messages of the type. */
export const isFromClient = (type: number): boolean =>
  type === 0 || type === pduType.bind || type === pduType.alter || type === 16 || type === 18 || type === 19;

export interface Context {
  readonly id: number;
  readonly uuid: string;
  /** `1.0`. */
  readonly version: string;
  readonly callId: number;
  /** Undefined until the server has answered. */
  result?: number;
  reason?: number;
}

export interface Pdu {
  readonly type: number;
  readonly minor: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly length: number;
  readonly callId: number;
  /** Of a request or response. */
  readonly contextId: number;
  readonly opnum: number;
  /** Bytes behind the header; the object a request may name is counted, as Suricata does. */
  readonly stubBytes: number;
  /** What a bind or alter context asks for. */
  readonly contexts: readonly Context[];
  /** What its answer says, in the same order. */
  readonly results: readonly { readonly result: number; readonly reason: number }[];
  /** Port or pipe that a bind acknowledgement tells. */
  readonly secondAddress: string;
  /** Position and end of the proof (NTLM, Kerberos, ...) inside the bytes; -1 when there is none. */
  readonly proofAt: number;
  readonly proofEnd: number;
}

const contextLimit = 16;

/** Whether a message may begin at `at`; of its header, 16 bytes are needed. */
export function isHeader(b: Uint8Array, at: number): boolean {
  if (b[at] !== 5 || b[at + 1] > 1 || b[at + 2] > lastType) return false;
  // Integers little or big endian, characters ASCII or EBCDIC, floats IEEE, VAX, Cray or IBM; nothing more.
  if ((b[at + 4] & 0xee) !== 0 || b[at + 5] > 3 || b[at + 6] !== 0 || b[at + 7] !== 0) return false;
  return fragmentBytes(b, at) >= headerBytes;
}

const isLittle = (b: Uint8Array, at: number): boolean => (b[at + 4] & 0x10) !== 0;

export const fragmentBytes = (b: Uint8Array, at: number): number =>
  isLittle(b, at) ? u16le(b, at + 8) : u16(b, at + 8);

/** The message at `at`, as much of it as is there: its header at least. */
export function readPdu(b: Uint8Array, at: number, limit: number): Pdu {
  const little = isLittle(b, at);
  const type = b[at + 2];
  const length = fragmentBytes(b, at);
  const proofBytes = little ? u16le(b, at + 10) : u16(b, at + 10);
  const end = Math.min(limit, at + length);
  const isCall = type === pduType.request || type === pduType.response || type === pduType.fault;
  const hasStub = isCall && end - at >= stubAt;
  const hasProof = proofBytes > 0 && at + length <= limit && proofBytes + headerBytes + 8 <= length;
  const offers = type === pduType.bind || type === pduType.alter;
  const answers = type === pduType.bindAck || type === pduType.alterAck;
  const answer = answers ? readAnswer(b, at, end, little) : noAnswer;
  const callId = little ? u32le(b, at + 12) : u32(b, at + 12);
  return {
    type,
    minor: b[at + 1],
    isFirst: (b[at + 3] & 1) !== 0,
    isLast: (b[at + 3] & 2) !== 0,
    length,
    callId,
    contextId: hasStub ? (little ? u16le(b, at + 20) : u16(b, at + 20)) : 0,
    opnum: hasStub && type === pduType.request ? (little ? u16le(b, at + 22) : u16(b, at + 22)) : 0,
    stubBytes: isCall ? Math.max(0, length - stubAt) : 0,
    contexts: offers ? readContexts(b, at, end, little, callId) : [],
    results: answer.results,
    secondAddress: answer.address,
    proofAt: hasProof ? at + length - proofBytes : -1,
    proofEnd: at + length,
  };
}

/** Fragment sizes (2 + 2), group (4), number of contexts (1 of 4), then each: number, syntaxes, UUID, version, syntaxes. */
function readContexts(b: Uint8Array, at: number, end: number, little: boolean, callId: number): Context[] {
  const contexts: Context[] = [];
  let o = at + 28;
  const count = at + 24 < end ? Math.min(b[at + 24], contextLimit) : 0;
  while (contexts.length < count && o + 24 <= end) {
    const id = little ? u16le(b, o) : u16(b, o);
    const version = little ? u16le(b, o + 20) : u16(b, o + 22);
    const minor = little ? u16le(b, o + 22) : u16(b, o + 20);
    contexts.push({ id, uuid: uuidText(b, o + 4, little), version: `${version}.${minor}`, callId });
    o += 24 + 20 * b[o + 2];
  }
  return contexts;
}

const noAnswer = { address: '', results: [] as { result: number; reason: number }[] };

/** Fragment sizes and group (8), second address (2 + n), gap to a multiple of 4, number of results (1 of 4), each 24 bytes. */
function readAnswer(b: Uint8Array, at: number, end: number, little: boolean): typeof noAnswer {
  if (end - at < 26) return noAnswer;
  const addressBytes = little ? u16le(b, at + 24) : u16(b, at + 24);
  const addressEnd = at + 26 + addressBytes;
  if (addressEnd > end) return noAnswer;
  // Its zero at the end counts with it, where there is one.
  const textEnd = addressBytes > 0 && b[addressEnd - 1] === 0 ? addressEnd - 1 : addressEnd;
  const address = latin1(b, at + 26, Math.min(textEnd, at + 26 + 256)).replace(/[^\x20-\x7e]/g, '?');
  const results: { result: number; reason: number }[] = [];
  let o = at + 26 + addressBytes;
  o += (4 - ((o - at) & 3)) & 3;
  const count = o < end ? Math.min(b[o], contextLimit) : 0;
  o += 4;
  while (results.length < count && o + 4 <= end) {
    results.push({ result: little ? u16le(b, o) : u16(b, o), reason: little ? u16le(b, o + 2) : u16(b, o + 2) });
    o += 24;
  }
  return { address, results };
}

/** Text of a UUID whose first three parts stand in the sender's order of bytes. */
export function uuidText(b: Uint8Array, o: number, little: boolean): string {
  if (!little) return plainUuid(b, o);
  const first = u32le(b, o).toString(16).padStart(8, '0');
  const second = u16le(b, o + 4)
    .toString(16)
    .padStart(4, '0');
  const third = u16le(b, o + 6)
    .toString(16)
    .padStart(4, '0');
  return `${first}-${second}-${third}-${hexText(b, o + 8, o + 10)}-${hexText(b, o + 10, o + 16)}`;
}

/** Text of a UUID, byte by byte. */
export const plainUuid = (b: Uint8Array, o: number): string =>
  `${hexText(b, o, o + 4)}-${hexText(b, o + 4, o + 6)}-${hexText(b, o + 6, o + 8)}-${hexText(b, o + 8, o + 10)}-${hexText(b, o + 10, o + 16)}`;

export interface DatagramPdu {
  readonly type: number;
  readonly interfaceUuid: string;
  /** Tells the calls of a client apart, together with the sequence number. */
  readonly activity: string;
  readonly sequence: number;
  readonly opnum: number;
  readonly stubBytes: number;
  readonly isLast: boolean;
}

/** Bytes of a datagram's header: version 4, type, flags (2), representation (3), serial, 3 UUIDs (48), numbers. */
export const datagramHeaderBytes = 80;

export function isDatagramHeader(b: Uint8Array, at: number, end: number): boolean {
  if (end - at < datagramHeaderBytes || b[at] !== 4 || b[at + 1] > 10) return false;
  return (b[at + 4] & 0xee) === 0 && b[at + 5] <= 3 && b[at + 6] === 0;
}

export function readDatagram(b: Uint8Array, at: number): DatagramPdu {
  const little = isLittle(b, at);
  const isFragment = (b[at + 2] & 0x04) !== 0;
  return {
    type: b[at + 1],
    interfaceUuid: uuidText(b, at + 24, little),
    activity: uuidText(b, at + 40, true),
    sequence: little ? u32le(b, at + 64) : u32(b, at + 64),
    opnum: little ? u16le(b, at + 68) : u16(b, at + 68),
    stubBytes: little ? u16le(b, at + 74) : u16(b, at + 74),
    isLast: !isFragment || (b[at + 2] & 0x02) !== 0,
  };
}
