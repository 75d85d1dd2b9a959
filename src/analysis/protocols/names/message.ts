// The message that DNS, mDNS, LLMNR and the NetBIOS name service share (RFC 1035 §4, RFC 6762, 4795, 1002).
//
//    0                   2                   4         6         8         10        12
//   +-------------------+-------------------+---------+---------+---------+---------+-----------
//   | ID                | flags             | QDCOUNT | ANCOUNT | NSCOUNT | ARCOUNT | sections …
//   +-------------------+-------------------+---------+---------+---------+---------+-----------
//   flags: QR(1) opcode(4) AA TC RD RA Z AD CD rcode(4)

import { u16, u32 } from '../../../core/index.ts';
import { freshDataNames, nameRead, readName } from './wire-name.ts';

export const headerBytes = 12;
/** Questions and records read of each section; what is beyond is not told. */
const questionLimit = 64;
const recordLimit = 1024;
/** Characters of names in one section: pointers make a few bytes into long names. */
const namesLimit = 65_536;

export const flagBits = {
  qr: 0x8000,
  aa: 0x0400,
  tc: 0x0200,
  rd: 0x0100,
  ra: 0x0080,
  z: 0x0040,
  ad: 0x0020,
  cd: 0x0010,
};

export interface Question {
  readonly name: string;
  readonly isTruncated: boolean;
  readonly type: number;
  readonly classNumber: number;
}

/** A record; its data stands between `at` and `end` of the bytes that were read. */
export interface ResourceRecord {
  readonly name: string;
  readonly type: number;
  readonly classNumber: number;
  readonly ttlSec: number;
  readonly at: number;
  readonly end: number;
}

export interface Message {
  readonly id: number;
  readonly flags: number;
  readonly opcode: number;
  readonly rcode: number;
  readonly isResponse: boolean;
  readonly questions: Question[];
  readonly answers: ResourceRecord[];
  readonly authorities: ResourceRecord[];
  readonly additionals: ResourceRecord[];
  /** Counts as the header gives them. */
  readonly counts: readonly [number, number, number, number];
  /** Where the message begins and ends in the bytes that were read. */
  readonly base: number;
  readonly end: number;
  /** What is wrong with it, in Zeek's words; null when nothing is. What could be read before is there. */
  problem: string | null;
}

/** Reads a message; null when there is no whole header. */
export function readMessage(b: Uint8Array, base: number, end: number): Message | null {
  if (end - base < headerBytes) return null;
  freshDataNames();
  const flags = u16(b, base + 2);
  const message: Message = {
    id: u16(b, base),
    flags,
    opcode: (flags >> 11) & 15,
    rcode: flags & 15,
    isResponse: (flags & flagBits.qr) !== 0,
    questions: [],
    answers: [],
    authorities: [],
    additionals: [],
    counts: [u16(b, base + 4), u16(b, base + 6), u16(b, base + 8), u16(b, base + 10)],
    base,
    end,
    problem: null,
  };
  let at = readQuestions(message, b, base + headerBytes);
  if (at >= 0) at = readRecords(message, b, at, message.answers, message.counts[1]);
  if (at >= 0) at = readRecords(message, b, at, message.authorities, message.counts[2]);
  if (at >= 0) readRecords(message, b, at, message.additionals, message.counts[3]);
  return message;
}

function readQuestions(message: Message, b: Uint8Array, at: number): number {
  const { base, end, questions } = message;
  const count = message.counts[0];
  for (let i = 0; i < count; i++) {
    const next = readName(b, at, end, base);
    if (next < 0 || next + 4 > end) return broken(message, 'DNS_truncated_quest_too_short');
    if (i < questionLimit) {
      questions.push({
        name: nameRead.text,
        isTruncated: nameRead.isTruncated,
        type: u16(b, next),
        classNumber: u16(b, next + 2),
      });
    }
    at = next + 4;
  }
  return at;
}

function readRecords(message: Message, b: Uint8Array, at: number, into: ResourceRecord[], count: number): number {
  const { base, end } = message;
  let characters = 0;
  for (let i = 0; i < count; i++) {
    if (i === recordLimit || characters > namesLimit) return broken(message, 'DNS_Conn_count_too_large');
    const next = readName(b, at, end, base);
    if (next < 0 || next + 10 > end) return broken(message, 'DNS_truncated_ans_too_short');
    characters += nameRead.text.length;
    const dataAt = next + 10;
    const dataEnd = dataAt + u16(b, next + 8);
    if (dataEnd > end) return broken(message, 'DNS_truncated_RR_rdlength_lt_len');
    into.push({
      name: nameRead.text,
      type: u16(b, next),
      classNumber: u16(b, next + 2),
      ttlSec: u32(b, next + 4),
      at: dataAt,
      end: dataEnd,
    });
    at = dataEnd;
  }
  return at;
}

function broken(message: Message, problem: string): number {
  message.problem = problem;
  return -1;
}
