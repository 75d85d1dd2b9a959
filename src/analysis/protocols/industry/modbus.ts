// Modbus/TCP (MODBUS Messaging on TCP/IP V1.0b; MODBUS Application Protocol V1.1b3): requests with their answers.
//
//   +-----------+-----------+-----------+------+----------+-- … --+
//   | transact. | protocol 0| length    | unit | function | data  |   length counts from the unit on
//   +-----------+-----------+-----------+------+----------+-- … --+

import { type AnyEvent, flag, number, numbers, object, text, u16, wireText } from '../../../core/index.ts';
import {
  type Conversation,
  defineProtocol,
  notMine,
  otherSide,
  type Probe,
  type ProbeHint,
  probed,
  type Side,
  type Talk,
} from '../protocol.ts';
import {
  accessOf,
  categoryOf,
  diagnosticOf,
  eveException,
  eveFunction,
  interfaceOf,
  isKnownFunction,
  zeekException,
  zeekFunction,
} from './modbus-functions.ts';

const fields = {
  transaction: number('Transaction', { eve: 'modbus.id' }),
  request: object('Request', { eve: 'modbus.request' }),
  response: object('Response', { eve: 'modbus.response' }),
  function: text('Function', { filter: 'modbus.func_code' }),
  unit: number('Unit', { filter: 'mbtcp.unit_id' }),
  address: number('First address', { filter: 'modbus.reference_num' }),
  quantity: number('Quantity', { filter: 'modbus.word_cnt' }),
  values: numbers('Values'),
  isWrite: flag('Writes'),
  exception: text('Exception', { filter: 'modbus.exception_code' }),
  latencyUs: number('Latency', { unit: 'us' }),
};

/** Rows of Zeek's modbus.log: one for each message. */
export const modbusMessage = defineProtocol({
  name: 'modbus_message',
  title: 'Modbus messages',
  zeekLog: 'modbus',
  family: 'industry',
  fields: {
    transaction: number('Transaction', { eve: false, zeek: 'tid' }),
    unit: number('Unit', { eve: false, zeek: 'unit' }),
    function: text('Function', { eve: false, zeek: 'func' }),
    direction: text('Direction', { eve: false, zeek: 'pdu_type' }),
    exception: text('Exception', { eve: false, zeek: 'exception' }),
  },
});

const headerBytes = 7;
/** A message's longest length field: unit and 253 bytes. */
const lengthLimit = 254;
/** Requests waiting for an answer. */
const pendingLimit = 64;
/** Times that the reading may begin anew after a header that is none. */
const lossLimit = 16;
/** Registers or bits of a message that are kept. */
const valueLimit = 128;

interface Request {
  readonly id: number;
  readonly unit: number;
  readonly code: number;
  readonly startUs: number;
  readonly eve: AnyEvent;
  /** What is told besides EVE's words. */
  readonly known: AnyEvent;
}

class ModbusTalk implements Talk {
  readonly #told: Conversation<typeof fields>;
  readonly #pending: Request[] = [];
  #transactions = 0;
  #isOriented = false;
  #losses = 0;

  constructor(conversation: Conversation<typeof fields>) {
    this.#told = conversation;
  }

  data(from: Side, bytes: Uint8Array, start: number, end: number): number {
    const side = this.#isOriented ? from : this.#orient(from, bytes, start, end);
    let at = start;
    while (end - at >= headerBytes + 1) {
      const length = u16(bytes, at + 4);
      if (u16(bytes, at + 2) !== 0 || length < 2 || length > lengthLimit) {
        if (this.#transactions === 0 && this.#pending.length === 0) return notMine;
        this.#told.weird('modbus_wrong_header');
        if (++this.#losses > lossLimit) this.#told.done();
        // A segment usually begins with a message: go on with the next one.
        return end - start;
      }
      if (end - at - 6 < length) break;
      this.#message(side, bytes, at, at + 6 + length);
      at += 6 + length;
    }
    return at - start;
  }

  /** Messages are short and usually fill a segment: what follows the hole can be read. */
  gap(): void {
    this.#losses++;
  }

  end(): void {
    for (const request of this.#pending) this.#emit(request, null);
    this.#pending.length = 0;
  }

  /** The capture may begin with the server: its port is the usual one, or it answers with an exception. */
  #orient(from: Side, b: Uint8Array, at: number, end: number): Side {
    if (end - at < headerBytes + 1) return from;
    this.#isOriented = true;
    const { oPort, rPort } = this.#told;
    const isTurned = (oPort === 502 && rPort !== 502) || (from === 0 && b[at + 7] >= 0x80 && rPort !== 502);
    if (!isTurned) return from;
    this.#told.swap();
    return otherSide(from);
  }

  #message(side: Side, b: Uint8Array, at: number, end: number): void {
    const code = b[at + 7];
    const isException = side === 1 && code >= 0x80;
    const row: AnyEvent = {
      transaction: u16(b, at),
      unit: b[at + 6],
      function: zeekFunction(code),
      direction: side === 0 ? 'REQ' : 'RESP',
    };
    if (isException) row.exception = zeekException(end - at > 8 ? b[at + 8] : 0);
    this.#told.emitAs(modbusMessage, row, { only: 'log', side });
    if (side === 0) this.#request(b, at, end);
    else this.#response(b, at, end, isException);
  }

  #request(b: Uint8Array, at: number, end: number): void {
    const code = b[at + 7];
    const known: AnyEvent = { function: zeekFunction(code), unit: b[at + 6] };
    const eve = { ...headOf(b, at), ...requestParts(code, b, at + 8, end, known) };
    if (this.#pending.length >= pendingLimit) this.#emit(this.#pending.shift()!, null);
    this.#pending.push({ id: u16(b, at), unit: b[at + 6], code, startUs: this.#told.timeUs, eve, known });
  }

  #response(b: Uint8Array, at: number, end: number, isException: boolean): void {
    const id = u16(b, at);
    const code = b[at + 7] & 0x7f;
    const index = this.#pending.findIndex((one) => one.id === id && one.unit === b[at + 6] && one.code === code);
    const request = index < 0 ? null : this.#pending.splice(index, 1)[0];
    const known: AnyEvent = request?.known ?? { function: zeekFunction(code), unit: b[at + 6] };
    const eve = headOf(b, at);
    if (isException) {
      const raw = end - at > 8 ? b[at + 8] : 0;
      eve.exception = { raw, code: eveException(raw) };
      known.exception = zeekException(raw);
    } else Object.assign(eve, responseParts(code, b, at + 8, end, known));
    if (request !== null) this.#told.confirm();
    this.#emit(request, eve, known);
  }

  #emit(request: Request | null, response: AnyEvent | null, known: AnyEvent = request?.known ?? {}): void {
    const waited = request === null ? 0 : this.#told.timeUs - request.startUs;
    this.#told.emit({
      transaction: ++this.#transactions,
      ...(request !== null && { request: request.eve }),
      ...(response !== null && { response }),
      ...known,
      ...(request !== null && response !== null && { latencyUs: Math.max(0, waited) }),
    });
  }
}

/** What EVE has of every message. */
function headOf(b: Uint8Array, at: number): AnyEvent {
  const code = b[at + 7];
  return {
    transaction_id: u16(b, at),
    protocol_id: u16(b, at + 2),
    unit_id: b[at + 6],
    function_raw: code,
    function_code: eveFunction(code),
    access_type: accessOf(code),
    category: categoryOf(code),
    error_flags: 'NONE',
  };
}

/** A request's own parts for EVE; `known` gets what is told besides. */
function requestParts(code: number, b: Uint8Array, o: number, end: number, known: AnyEvent): AnyEvent {
  if (end - o < 4 || code === 8 || code > 23) return otherParts(code, b, o, end);
  const address = u16(b, o);
  const second = u16(b, o + 2);
  switch (code) {
    case 1:
    case 2:
    case 3:
    case 4:
      known.address = address;
      known.quantity = second;
      return { read: { address, quantity: second } };
    case 5:
    case 6:
      Object.assign(known, { address, quantity: 1, values: [second], isWrite: true });
      return { write: { address, data: second } };
    case 15:
    case 16:
      Object.assign(known, { address, quantity: second, isWrite: true });
      known.values = code === 16 ? registers(b, o + 5, end) : bits(b, o + 5, end, second);
      return { write: { address } };
    case 22:
      Object.assign(known, { address, quantity: 1, isWrite: true });
      return { write: { address } };
    case 23: {
      if (end - o < 9) return {};
      const writeAddress = u16(b, o + 4);
      Object.assign(known, { address: writeAddress, quantity: u16(b, o + 6), isWrite: true });
      known.values = registers(b, o + 9, end);
      return { read: { address, quantity: second }, write: { address: writeAddress } };
    }
    default:
      return otherParts(code, b, o, end);
  }
}

/** A response's own parts for EVE. */
function responseParts(code: number, b: Uint8Array, o: number, end: number, known: AnyEvent): AnyEvent {
  if (code >= 1 && code <= 4) {
    if (end <= o) return {};
    const last = Math.min(end, o + 1 + b[o]);
    known.values = code <= 2 ? bits(b, o + 1, last, Number(known.quantity ?? valueLimit)) : registers(b, o + 1, last);
    return { read: { data: wireText(b, o + 1, last) } };
  }
  if (code === 23) {
    const last = end > o ? Math.min(end, o + 1 + b[o]) : o;
    return last > o ? { read: { data: wireText(b, o + 1, last) } } : {};
  }
  const isWrite = code === 5 || code === 6 || code === 15 || code === 16;
  if (isWrite) return end - o >= 4 ? { write: { address: u16(b, o), data: u16(b, o + 2) } } : {};
  if (code === 22) return end - o >= 2 ? { write: { address: u16(b, o) } } : {};
  // EVE knows the interface of an encapsulated message only in requests.
  if (code === 43) return end > o ? { data: wireText(b, o, end) } : {};
  return otherParts(code, b, o, end);
}

function otherParts(code: number, b: Uint8Array, o: number, end: number): AnyEvent {
  if (end <= o) return {};
  if (code === 8 && end - o >= 2) {
    const raw = u16(b, o);
    return { diagnostic: { raw, code: diagnosticOf(raw), data: wireText(b, o + 2, end) } };
  }
  if (code === 43) return { mei: { raw: b[o], code: interfaceOf(b[o]), data: wireText(b, o + 1, end) } };
  return { data: wireText(b, o, end) };
}

function registers(b: Uint8Array, o: number, end: number): number[] {
  const out: number[] = [];
  for (let i = o; i + 2 <= end && out.length < valueLimit; i += 2) out.push(u16(b, i));
  return out;
}

function bits(b: Uint8Array, o: number, end: number, count: number): number[] {
  const out: number[] = [];
  const most = Math.min(count, valueLimit, (end - o) * 8);
  for (let i = 0; i < most; i++) out.push((b[o + (i >> 3)] >> (i & 7)) & 1);
  return out;
}

/** A header whose length is that of the payload; without the usual port the function must be known and fit its length. */
const probe: Probe = (b, at, end, hint) => {
  // Protocol and upper length are zero; so far as they are there.
  for (let i = at + 2; i < end && i < at + 5; i++) if (b[i] !== 0) return probed.no;
  if (end - at < headerBytes + 1) return probed.maybe;
  const length = b[at + 5];
  if (length < 2 || length > lengthLimit) return probed.no;
  const next = at + 6 + length;
  if (next > end) {
    if (!isKnownFunction(b[at + 7] & 0x7f)) return probed.no;
    return hint.isPort ? probed.yes : probed.maybe;
  }
  if (next !== end && !(end - next >= 6 && b[next + 2] === 0 && b[next + 3] === 0)) return probed.no;
  if (hint.isPort) return b[at + 7] !== 0 ? probed.yes : probed.no;
  return isFitting(b, at, length, hint) ? probed.yes : probed.no;
};

function isFitting(b: Uint8Array, at: number, length: number, hint: ProbeHint): boolean {
  const code = b[at + 7];
  const isSmall = u16(b, at + 10) > 0 && u16(b, at + 10) <= 2000;
  if (code >= 1 && code <= 4) {
    if (length === 6) return isSmall;
    return hint.side === 1 && length >= 4 && length === 3 + b[at + 8];
  }
  if (code === 5) return length === 6 && b[at + 11] === 0 && (b[at + 10] === 0 || b[at + 10] === 0xff);
  if (code === 15 || code === 16) return isSmall && length > 7 && length === 7 + b[at + 12];
  return code === 43 && length === 5 && b[at + 8] === 14;
}

export const modbus = defineProtocol({
  name: 'modbus',
  title: 'Modbus/TCP',
  zeekService: 'modbus',
  family: 'industry',
  ports: { tcp: [502] },
  fields,
  probe,
  open: (conversation) => new ModbusTalk(conversation),
});
