// DNS over UDP and TCP (RFC 1035, 6891, 7766): every question and every answer, and the time between them.

import { type AnyEvent, flag, number, object, objects, text, u16 } from '../../../core/index.ts';
import { type Conversation, defineProtocol, type ProbeHint, probed, type Talk } from '../protocol.ts';
import { eveQueries, eveRecords, grouped } from './eve-records.ts';
import { flagBits, headerBytes, type Message } from './message.ts';
import { nameTalk } from './name-talk.ts';
import { isKnownType, rcodeName } from './record-types.ts';
import { skipName } from './wire-name.ts';
import { pairRows, rowFields } from './zeek-rows.ts';

const port = 53;

const fields = {
  version: number('Version of this form', { eve: 'dns.version' }),
  type: text('`request` or `response`', { eve: 'dns.type' }),
  txId: number('Number of the message within its flow', { eve: 'dns.tx_id' }),
  id: number('Number that ties answer to question', { eve: 'dns.id', filter: 'dns.id' }),
  flags: text('Flags of the header, hexadecimal', { eve: 'dns.flags' }),
  qr: flag('It is an answer', { eve: 'dns.qr', filter: 'dns.flags.response' }),
  aa: flag('The answer is the authority’s', { eve: 'dns.aa', filter: 'dns.flags.authoritative' }),
  tc: flag('The message was cut', { eve: 'dns.tc', filter: 'dns.flags.truncated' }),
  rd: flag('The client asks to have it looked up', { eve: 'dns.rd', filter: 'dns.flags.recdesired' }),
  ra: flag('The server looks up', { eve: 'dns.ra', filter: 'dns.flags.recavail' }),
  z: flag('The reserved bit is set', { eve: 'dns.z', filter: 'dns.flags.z' }),
  opcode: number('Kind of question', { eve: 'dns.opcode', filter: 'dns.flags.opcode' }),
  rcode: text('Answer code', { eve: 'dns.rcode' }),
  queries: objects('What was asked', { eve: 'dns.queries' }),
  answers: objects('Records that answer', { eve: 'dns.answers' }),
  grouped: object('Data of the answers by type', { eve: 'dns.grouped' }),
  authorities: objects('Records that name the authority', { eve: 'dns.authorities' }),
  additionals: objects('Records that go with it', { eve: 'dns.additionals' }),
  ednsBytes: number('Largest answer that the sender takes over UDP', {
    unit: 'bytes',
    filter: 'dns.rr.udp_payload_size',
  }),
  isDnssecOk: flag('The sender wants signatures', { filter: 'dns.resp.z.do' }),
  messageBytes: number('Length of the message', { eve: false, unit: 'bytes' }),
  ...rowFields,
};

/**
 * Whether the bytes begin with a message of DNS. Strict: header, first question and records up to the end must fit.
 * @param isWhole whether all of the message is there
 */
function looksLikeMessage(b: Uint8Array, at: number, end: number, isWhole: boolean, isPort: boolean): boolean {
  if (end - at < headerBytes) return false;
  const opcode = (b[at + 2] >> 3) & 15;
  if (opcode > 6 || opcode === 3) return false;
  const questions = u16(b, at + 4);
  const records = u16(b, at + 6) + u16(b, at + 8) + u16(b, at + 10);
  const isResponse = b[at + 2] >= 0x80;
  // No question: a refusal, or an inverse query that has only an answer (RFC 3425).
  if (isPort && questions === 0) return isResponse || (opcode === 1 && records === 1);
  if (questions === 0 || questions > (isPort ? 2048 : 1)) return false;
  if (!isResponse && !isPort && ((b[at + 3] & 0xcf) !== 0 || records > 3)) return false;
  if (isResponse && !isPort && (b[at + 3] & 0x40) !== 0) return false;
  const next = skipName(b, at + headerBytes, end);
  // On the usual port a broken name is DNS gone wrong, or cut by the capture.
  if (next < 0 || next + 4 > end) return isPort && (at + headerBytes === end || b[at + headerBytes] < 0x40);
  const type = u16(b, next);
  const known = isKnownType(type) && (b[next + 2] === 0 || isPort);
  if (isPort) return known || b[next + 2] === 0;
  const kind = b[next + 3];
  if (!known || (kind !== 1 && kind !== 3 && kind !== 4 && kind < 254)) return false;
  return recordsFit(b, next + 4, end, records, isWhole);
}

/** Whether so many records stand up to the end. */
function recordsFit(b: Uint8Array, at: number, end: number, count: number, isWhole: boolean): boolean {
  for (let i = 0; i < count && at < end; i++) {
    const next = skipName(b, at, end);
    if (next < 0 || next + 10 > end) return !isWhole;
    if (!isKnownType(u16(b, next))) return false;
    at = next + 10 + u16(b, next + 8);
  }
  return isWhole ? at === end : true;
}

function probe(b: Uint8Array, at: number, end: number, hint: ProbeHint): number {
  if (hint.proto === 17) {
    return looksLikeMessage(b, at, end, hint.length === end - at, hint.isPort) ? probed.yes : probed.no;
  }
  if (end - at >= 2 && u16(b, at) < headerBytes) return probed.no;
  if (end - at < headerBytes + 2 + 5) {
    // Opcode and the count of questions tell most others apart before the rest is there.
    if (end - at >= 8 && (b[at + 6] !== 0 || (b[at + 4] & 0x78) > 0x30)) return probed.no;
    return probed.maybe;
  }
  const stop = at + 2 + u16(b, at);
  return looksLikeMessage(b, at + 2, Math.min(stop, end), stop <= end, hint.isPort) ? probed.yes : probed.no;
}

/** Most sockets ask once or twice; one that asks more keeps its talk. */
const restBelow = 16;

function open(conversation: Conversation<typeof fields>): Talk {
  const rows = pairRows(conversation);
  // Each packet was a message, also before this talk was opened.
  let messages = conversation.proto === 17 ? conversation.earlier : 0;
  return nameTalk(conversation, {
    port,
    canSwap: true,
    hear(b, message, side) {
      const latencyUs = rows.take(b, message);
      if (latencyUs >= 0) conversation.confirm();
      conversation.emit(eveEvent(b, message, messages++, latencyUs), { only: 'eve', side });
      if (conversation.proto === 17 && messages < restBelow && rows.isIdle()) conversation.rest();
    },
    fits(b, at, end) {
      const stop = at + u16(b, at - 2);
      return looksLikeMessage(b, at, Math.min(stop, end), stop <= end, false);
    },
    end: rows.end,
  });
}

function eveEvent(b: Uint8Array, message: Message, txId: number, latencyUs: number): AnyEvent {
  const { flags } = message;
  const event: AnyEvent = {
    version: 3,
    type: message.isResponse ? 'response' : 'request',
    txId,
    id: message.id,
    flags: flags.toString(16),
  };
  if (message.isResponse) event.qr = true;
  if ((flags & flagBits.aa) !== 0) event.aa = true;
  if ((flags & flagBits.tc) !== 0) event.tc = true;
  if ((flags & flagBits.rd) !== 0) event.rd = true;
  if ((flags & flagBits.ra) !== 0) event.ra = true;
  if ((flags & flagBits.z) !== 0) event.z = true;
  event.opcode = message.opcode;
  event.rcode = rcodeName(message.rcode);
  event.messageBytes = message.end - message.base;
  if (message.questions.length > 0) event.queries = eveQueries(message.questions);
  if (message.answers.length > 0) {
    const answers = eveRecords(b, message, 'answers');
    event.answers = answers;
    event.grouped = grouped(answers);
  }
  if (message.authorities.length > 0) event.authorities = eveRecords(b, message, 'authorities');
  if (message.additionals.length > 0) addAdditionals(event, b, message);
  if (latencyUs >= 0) event.latencyUs = latencyUs;
  return event;
}

function addAdditionals(event: AnyEvent, b: Uint8Array, message: Message): void {
  for (const record of message.additionals) {
    if (record.type !== 41) continue;
    // EDNS keeps its numbers in the class and the time to live (RFC 6891 §6.1.2).
    event.ednsBytes = record.classNumber;
    if ((record.ttlSec & 0x8000) !== 0) event.isDnssecOk = true;
  }
  const additionals = eveRecords(b, message, 'additionals');
  if (additionals.length > 0) event.additionals = additionals;
}

export const dns = defineProtocol({
  name: 'dns',
  title: 'DNS',
  family: 'names',
  ports: { udp: [port], tcp: [port] },
  zeekLog: 'dns',
  zeekService: 'dns',
  perMessage: [
    'version',
    'type',
    'txId',
    'id',
    'flags',
    'qr',
    'aa',
    'tc',
    'rd',
    'ra',
    'z',
    'opcode',
    'rcode',
    'queries',
    'answers',
    'grouped',
    'authorities',
    'additionals',
    'ednsBytes',
    'isDnssecOk',
    'messageBytes',
  ],
  fields,
  probe,
  open,
});
