// Questions and answers put together, one row each, in the way and with the words of Zeek's dns.log.

import { type EventOf, flag, hexText, ipv4Text, number, numbers, text, texts } from '../../../core/index.ts';
import type { Conversation } from '../protocol.ts';
import { flagBits, type Message, type Question, type ResourceRecord } from './message.ts';
import { dataText, nameData, shortIpv6, soaData, srvData, textsData } from './record-data.ts';
import { opcodeName, typeName, zeekClassName, zeekRcodeName, zeekTypeName } from './record-types.ts';

/** Questions without an answer, and answers without a question, that a flow keeps; the oldest is told when there are more. */
const pendingLimit = 64;
/** Answers listed in a row. */
const answerLimit = 256;

const log = (zeek: string) => ({ eve: false, zeek }) as const;

/** Fields of a row; protocols add their own. */
export const rowFields = {
  query: text('Name that was asked for', { ...log('query'), filter: 'dns.qry.name' }),
  qtypeName: text('Record type asked for', { ...log('qtype_name'), also: 'type' }),
  rcodeName: text('Answer code', { ...log('rcode_name'), also: 'rcode' }),
  results: texts('Addresses, names and other data of the answer', { ...log('answers'), also: 'answers' }),
  latencyUs: number('Time from the question to its answer', { unit: 'us' }),
  rttUs: number('Time from the question to records that answer it', { ...log('rtt'), unit: 'us' }),
  ttlsUs: numbers('How long each may be kept', { ...log('TTLs'), unit: 'us' }),
  transactionId: number('Number that ties answer to question', log('trans_id')),
  qtype: number('Record type asked for', { ...log('qtype'), filter: 'dns.qry.type' }),
  qclass: number('Class asked for', log('qclass')),
  qclassName: text('Class asked for', log('qclass_name')),
  rcodeNumber: number('Answer code', { ...log('rcode'), filter: 'dns.flags.rcode' }),
  opcodeNumber: number('Kind of question', log('opcode')),
  opcodeName: text('Kind of question', log('opcode_name')),
  isAuthoritative: flag('The answer is the authority’s', log('AA')),
  isTruncated: flag('The question was cut', log('TC')),
  wantsRecursion: flag('The client asks to have it looked up', log('RD')),
  hasRecursion: flag('The server looks up', log('RA')),
  zBits: number('Reserved bits, AD and CD of the question', log('Z')),
  isRejected: flag('The server refused', log('rejected')),
};

export type Row = EventOf<typeof rowFields>;

interface Pending {
  readonly row: Row;
  readonly id: number;
  readonly timeUs: number;
}

/** Where names and words of a protocol differ from those of DNS. */
export interface RowWords {
  /** Name of a question in a row. */
  readonly query?: (question: Question, row: Row) => string;
  readonly opcode?: (opcode: number) => string;
}

export interface Rows {
  /**
   * Takes a message.
   * @returns microseconds from question to answer when this is the answer to a question that was seen, else -1
   */
  take(b: Uint8Array, message: Message): number;
  /** Whether nothing waits for its other half. */
  isIdle(): boolean;
  end(): void;
}

/** Pairs messages of one flow by their number, first asked first answered, as Zeek does. */
export function pairRows(conversation: Conversation<typeof rowFields>, words: RowWords = {}): Rows {
  const asked: Pending[] = [];
  const answered: Pending[] = [];

  const tell = (one: Pending): void => conversation.emit(one.row, { only: 'log', timeUs: one.timeUs, side: 0 });
  const keep = (list: Pending[], one: Pending): void => {
    list.push(one);
    if (list.length > pendingLimit) tell(list.shift() as Pending);
  };

  return {
    take(b, message) {
      const isAnswer = message.isResponse;
      const found = takeById(isAnswer ? asked : answered, message.id);
      const pending = found ?? { row: newRow(message, words), id: message.id, timeUs: conversation.timeUs };
      if (isAnswer) fillAnswer(pending, b, message, conversation.timeUs);
      else fillQuestion(pending.row, b, message, words);
      if (found === undefined) {
        keep(isAnswer ? answered : asked, pending);
        return -1;
      }
      const latencyUs = isAnswer ? Math.max(0, conversation.timeUs - pending.timeUs) : -1;
      if (latencyUs >= 0) pending.row.latencyUs = latencyUs;
      tell(pending);
      return latencyUs;
    },
    isIdle: () => asked.length === 0 && answered.length === 0,
    end() {
      for (const one of asked) tell(one);
      for (const one of answered) tell(one);
    },
  };
}

function takeById(list: Pending[], id: number): Pending | undefined {
  for (let i = 0; i < list.length; i++) {
    if (list[i].id !== id) continue;
    const found = list[i];
    if (list.length === 1) list.length = 0;
    else list.splice(i, 1);
    return found;
  }
  return undefined;
}

function newRow(message: Message, words: RowWords): Row {
  return {
    transactionId: message.id,
    isAuthoritative: false,
    isTruncated: false,
    wantsRecursion: false,
    hasRecursion: false,
    zBits: 0,
    isRejected: false,
    opcodeNumber: message.opcode,
    opcodeName: (words.opcode ?? opcodeName)(message.opcode),
  };
}

function fillQuestion(row: Row, b: Uint8Array, message: Message, words: RowWords): void {
  if (message.opcode === 5 && words.opcode === undefined) {
    fillUpdate(row, b, message);
    return;
  }
  const question = message.questions.at(-1);
  if (question === undefined) return;
  row.wantsRecursion = (message.flags & flagBits.rd) !== 0;
  row.isTruncated = (message.flags & flagBits.tc) !== 0;
  row.zBits = (message.flags >> 4) & 7;
  row.qclass = question.classNumber;
  row.qclassName = zeekClassName(question.classNumber);
  row.qtype = question.type;
  row.qtypeName = zeekTypeName(question.type);
  // Zeek has all names in lower case.
  row.query = words.query?.(question, row) ?? question.name.toLowerCase();
}

function fillAnswer(pending: Pending, b: Uint8Array, message: Message, timeUs: number): void {
  const { row } = pending;
  row.rcodeNumber = message.rcode;
  row.rcodeName = zeekRcodeName(message.rcode);
  const [questions, answers, authorities, additionals] = message.counts;
  if (message.rcode !== 0 && (questions === 0 || answers + authorities + additionals === 0)) row.isRejected = true;
  const isUpdate = message.opcode === 5;
  if (isUpdate ? row.results === undefined : message.answers.length === 0) return;
  if (timeUs > pending.timeUs) row.rttUs = timeUs - pending.timeUs;
  if (isUpdate) return;
  row.query ??= message.answers[0].name.toLowerCase();
  row.isAuthoritative = (message.flags & flagBits.aa) !== 0;
  row.hasRecursion = (message.flags & flagBits.ra) !== 0;
  for (const record of message.answers) {
    if ((row.results?.length ?? 0) >= answerLimit) break;
    addResult(row, zeekAnswer(b, message.base, record), record.ttlSec);
  }
}

function addResult(row: Row, result: string, ttlSec: number): void {
  if (result === '') return;
  row.results ??= [];
  row.ttlsUs ??= [];
  row.results.push(result);
  row.ttlsUs.push(ttlSec * 1_000_000);
}

/** Prerequisites and changes of a dynamic update (RFC 2136 §2.4, 2.5). */
function fillUpdate(row: Row, b: Uint8Array, message: Message): void {
  for (const record of message.answers) {
    const name = record.name.toLowerCase();
    row.query ??= name;
    const type = typeName(record.type);
    const has = record.classNumber !== 254;
    addResult(row, `pre: ${has ? '' : 'No'}RRSet ${type} ${name}`, record.ttlSec);
  }
  for (const record of message.authorities.slice(0, answerLimit)) {
    const name = record.name.toLowerCase();
    row.query ??= name;
    const type = typeName(record.type);
    if (record.classNumber === 255) addResult(row, `del: RRSet ${type}`, record.ttlSec);
    else {
      const data = zeekAnswer(b, message.base, record);
      addResult(row, `${record.classNumber === 254 ? 'del' : 'add'}: ${type} ${name} ${data}`, record.ttlSec);
    }
  }
}

const lowerName = (b: Uint8Array, base: number, record: ResourceRecord, skip: number): string =>
  nameData(b, base, record, skip)?.toLowerCase() ?? '';

/** Data of a record in the words of dns.log's `answers`; empty for what is not listed there. */
function zeekAnswer(b: Uint8Array, base: number, record: ResourceRecord): string {
  const { at, end } = record;
  const length = end - at;
  switch (record.type) {
    case 1:
      return length === 4 ? ipv4Text(b, at) : '';
    case 28:
      return length === 16 ? shortIpv6(b, at) : '';
    case 2:
    case 5:
    case 12:
      return lowerName(b, base, record, 0);
    case 15:
      return lowerName(b, base, record, 2);
    case 6:
      return soaData(b, base, record)?.mname.toLowerCase() ?? '';
    case 33:
      return srvData(b, base, record)?.name.toLowerCase() ?? '';
    case 16:
    case 99:
      return textsData(b, record)
        .map((one) => `${record.type === 16 ? 'TXT' : 'SPF'} ${one.length} ${one}`)
        .join(' ');
    case 11:
      return '';
    case 35:
      return `NAPTR ${dataText(b, base, record)}`;
    case 29:
      return length < 16 ? '' : `LOC:  ${b[at + 1]} ${b[at + 2]} ${b[at + 3]}`;
    default:
      return zeekSecurityAnswer(b, base, record);
  }
}

function zeekSecurityAnswer(b: Uint8Array, base: number, record: ResourceRecord): string {
  const { at, end } = record;
  const length = end - at;
  switch (record.type) {
    case 43:
      return length < 4 ? '' : `DS ${b[at + 2]} ${b[at + 3]}`;
    case 44:
      return length < 3 ? '' : `SSHFP: ${hexText(b, at + 2, end)}`;
    case 46:
      return length < 19 ? '' : `RRSIG ${(b[at] << 8) | b[at + 1]} ${lowerName(b, base, record, 18) || '<Root>'}`;
    case 47:
      return `NSEC ${record.name.toLowerCase()} ${lowerName(b, base, record, 0)}`;
    case 48:
      return length < 4 ? '' : `DNSKEY ${b[at + 3]}`;
    case 50:
      return 'NSEC3';
    case 51:
      return 'NSEC3PARAM';
    case 64:
    case 65:
    case 257:
      return dataText(b, base, record);
    case 65534:
      return 'BIND9 signing signal';
    default:
      return `<unknown type=${record.type}>`;
  }
}
