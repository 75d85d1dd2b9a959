// EtherNet/IP (ODVA CIP volume 2): encapsulated commands with their answers, and the CIP messages inside.
//
//   +---------+--------+-----------------+-----------------+-- 8 --+---------+-- … --+   numbers are little endian
//   | command | length | session         | status          |context| options | data  |
//   +---------+--------+-----------------+-----------------+-------+---------+-------+

import { type AnyEvent, flag, hexText, number, object, text, u16le, u32le, wireText } from '../../../core/index.ts';
import {
  type Conversation,
  defineProtocol,
  notMine,
  otherSide,
  type Probe,
  probed,
  type Side,
  startingWith,
  type Talk,
} from '../protocol.ts';
import { type CipMessage, readCip } from './cip.ts';

const fields = {
  request: object('Request', { eve: 'enip.request' }),
  response: object('Response', { eve: 'enip.response' }),
  command: text('Command', { filter: 'enip.command' }),
  session: number('Session', { filter: 'enip.session' }),
  service: text('CIP service', { filter: 'cip.service' }),
  isChange: flag('Changes the device'),
  status: text('Status', { filter: 'cip.genstat' }),
  product: text('Product'),
  vendor: text('Vendor'),
  latencyUs: number('Latency', { unit: 'us' }),
};

const headerBytes = 24;
/** Requests waiting for an answer. */
const pendingLimit = 64;
/** Bytes of a message that are waited for; the rest is skipped. */
const keptBytes = 8192;
const itemLimit = 8;

const code = {
  listServices: 4,
  listIdentity: 0x63,
  registerSession: 0x65,
  unregisterSession: 0x66,
  sendRrData: 0x6f,
  sendUnitData: 0x70,
  cancel: 0x73,
} as const;

const commands: Readonly<Record<number, string>> = {
  0: 'nop',
  4: 'list_services',
  99: 'list_identity',
  100: 'list_interfaces',
  101: 'register_session',
  102: 'unregister_session',
  111: 'send_rr_data',
  112: 'send_unit_data',
  114: 'indicate_status',
  115: 'cancel',
};

const statuses: Readonly<Record<number, string>> = {
  0: 'success',
  1: 'invalid_cmd',
  2: 'no_resources',
  3: 'incorrect_data',
  100: 'invalid_session',
  101: 'invalid_length',
  105: 'unsupported_prot_rev',
  106: 'encap_header_error',
};

/** Some of ODVA's vendors. */
const vendors: Readonly<Record<number, string>> = {
  1: 'Rockwell Automation/Allen-Bradley',
  5: 'Rockwell Automation/Reliance Elec.',
  26: 'Festo Corporation',
  40: 'Wago Corporation',
  46: 'ABB Industrial Systems',
  47: 'Omron Corporation',
  48: 'Turck Inc.',
  57: 'Pepperl + Fuchs',
  90: 'HMS Industrial Networks AB',
  108: 'Beckhoff Automation GmbH',
  161: 'Mitsubishi Electric Corporation',
  243: 'Schneider Automation Inc.',
  283: 'Hilscher GmbH',
  367: 'Keyence Corporation',
};

const deviceTypes: Readonly<Record<number, string>> = {
  2: 'AC Drive',
  7: 'General Purpose Discrete I/O',
  12: 'Communications Adapter',
  14: 'Programmable Logic Controller',
  16: 'Position Controller',
  19: 'DC Drive',
  24: 'Human-Machine Interface',
  34: 'Encoder',
  37: 'CIP Motion Drive',
  43: 'Generic Device',
  44: 'Managed Ethernet Switch',
};

interface Request {
  readonly key: string;
  readonly startUs: number;
  readonly eve: AnyEvent;
  readonly known: AnyEvent;
}

class EnipTalk implements Talk {
  readonly #told: Conversation<typeof fields>;
  readonly #pending: Request[] = [];
  #isOriented = false;

  constructor(conversation: Conversation<typeof fields>) {
    this.#told = conversation;
  }

  data(from: Side, bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    let side = from;
    if (this.#told.proto === 17 && isInputOutput(bytes, start, end)) {
      this.#told.rename('cip-io');
      this.#told.done();
      return end - start;
    }
    while (end - at >= headerBytes) {
      const command = u16le(bytes, at);
      const length = u16le(bytes, at + 2);
      if (commands[command] === undefined) {
        if (!this.#isOriented) return notMine;
        this.end();
        this.#told.done();
        break;
      }
      if (!this.#isOriented) side = this.#orient(from);
      const body = at + headerBytes;
      if (end - body < Math.min(length, keptBytes)) break;
      this.#message(side, command, bytes, at, Math.min(end, body + length));
      at = body + length;
    }
    return at - start;
  }

  end(): void {
    for (const request of this.#pending) this.#emit(request, null);
    this.#pending.length = 0;
  }

  #orient(from: Side): Side {
    this.#isOriented = true;
    if (this.#told.oPort !== 44_818 || this.#told.rPort === 44_818) return from;
    this.#told.swap();
    return otherSide(from);
  }

  #message(side: Side, command: number, b: Uint8Array, at: number, end: number): void {
    const status = u32le(b, at + 8);
    const eve: AnyEvent = { command: commands[command], status: statuses[status] ?? `unknown-${status}` };
    const known: AnyEvent = { command: commands[command], session: u32le(b, at + 4) };
    let key = `${command} ${hexText(b, at + 12, at + 20)}`;
    const body = at + headerBytes;
    if (command === code.registerSession && end - body >= 4) {
      eve.register_session = { protocol_version: u16le(b, body), options: u16le(b, body + 2) };
    } else if (command === code.sendRrData || command === code.sendUnitData) {
      const items = readItems(b, body + 6, end);
      if (items.sequence >= 0) key = `${command} ${items.sequence}`;
      if (items.cip !== null) addCip(items.cip, eve, known);
    } else if (side === 1 && command === code.listIdentity) addIdentity(b, body, end, eve, known);
    else if (side === 1 && command === code.listServices) addServices(b, body, end, eve);
    if (side === 0) this.#asked({ key, startUs: this.#told.timeUs, eve, known }, command);
    else this.#answered(key, eve, known);
  }

  #asked(request: Request, command: number): void {
    if (command === code.unregisterSession || command === code.cancel || command === 0) {
      this.#emit(request, null);
      return;
    }
    if (this.#pending.length >= pendingLimit) this.#emit(this.#pending.shift()!, null);
    this.#pending.push(request);
  }

  #answered(key: string, eve: AnyEvent, known: AnyEvent): void {
    const index = this.#pending.findIndex((one) => one.key === key);
    const request = index < 0 ? null : this.#pending.splice(index, 1)[0];
    if (request !== null) this.#told.confirm();
    this.#emit(request, eve, known);
  }

  #emit(request: Request | null, response: AnyEvent | null, known: AnyEvent = {}): void {
    const waited = request === null ? 0 : this.#told.timeUs - request.startUs;
    this.#told.emit({
      ...(request !== null && { request: request.eve }),
      ...(response !== null && { response }),
      ...request?.known,
      ...known,
      ...(request !== null && response !== null && { latencyUs: Math.max(0, waited) }),
    });
  }
}

function addCip(cip: CipMessage, eve: AnyEvent, known: AnyEvent): void {
  if (cip.isResponse && cip.response !== null) {
    eve.cip = cip.response;
    if (cip.response.status !== undefined) known.status = cip.response.status;
  } else if (cip.request !== null) {
    eve.cip = cip.request;
    known.service = cip.request.service;
    known.isChange = cip.isChange;
  }
}

interface Items {
  cip: CipMessage | null;
  /** Of a connected message; -1 when it is none. */
  sequence: number;
}

/** Items of the common packet format: addresses, and a message with or without a connection. */
function readItems(b: Uint8Array, o: number, end: number): Items {
  const items: Items = { cip: null, sequence: -1 };
  if (end - o < 2) return items;
  const count = Math.min(itemLimit, u16le(b, o));
  let at = o + 2;
  for (let i = 0; i < count && at + 4 <= end; i++) {
    const type = u16le(b, at);
    const from = at + 4;
    const to = Math.min(end, from + u16le(b, at + 2));
    if (type === 0xb2) items.cip = readCip(b, from, to);
    else if (type === 0xb1 && to - from >= 2) {
      items.sequence = u16le(b, from);
      items.cip = readCip(b, from + 2, to);
    }
    at = to;
  }
  return items;
}

/**
 * The identity item of a List Identity reply.
 *
 *   count | type, length | version | socket address (16) | vendor, type, product, revision, status, serial, name, state
 */
function addIdentity(b: Uint8Array, o: number, end: number, eve: AnyEvent, known: AnyEvent): void {
  const at = o + 6;
  if (end - at < 33 || u16le(b, o + 2) !== 0x0c) return;
  const nameBytes = b[at + 32];
  const nameEnd = Math.min(end, at + 33 + nameBytes);
  const vendor = u16le(b, at + 18);
  const type = u16le(b, at + 20);
  known.product = wireText(b, at + 33, nameEnd);
  known.vendor = vendors[vendor] ?? `unknown-${vendor}`;
  eve.identity = {
    protocol_version: u16le(b, at),
    vendor_id: known.vendor,
    device_type: deviceTypes[type] ?? `unknown-${type}`,
    product_code: u16le(b, at + 22),
    revision: `${b[at + 24]}.${b[at + 25]}`,
    status: u16le(b, at + 26),
    serial: u32le(b, at + 28),
    product_name: known.product,
    ...(nameEnd < end && { state: b[nameEnd] }),
  };
}

function addServices(b: Uint8Array, o: number, end: number, eve: AnyEvent): void {
  const at = o + 6;
  if (end - at < 4) return;
  let nameEnd = Math.min(end, at + 4);
  while (nameEnd < end && nameEnd < at + 20 && b[nameEnd] !== 0) nameEnd++;
  eve.list_services = {
    protocol_version: u16le(b, at),
    capabilities: u16le(b, at + 2),
    service_name: wireText(b, at + 4, nameEnd),
  };
}

/** Class 0 and 1 data: a sequenced address item and a connected data item. */
function isInputOutput(b: Uint8Array, at: number, end: number): boolean {
  if (end - at < 18 || u16le(b, at) !== 2 || u16le(b, at + 2) !== 0x8002 || u16le(b, at + 4) !== 8) return false;
  return u16le(b, at + 14) === 0xb1 && at + 18 + u16le(b, at + 16) === end;
}

/** A known command, a known status and options of zero, with the length of the payload; I/O data on UDP. */
const probe: Probe = (b, at, end, hint) => {
  if (end - at < 2 || (end - at < headerBytes && hint.proto === 6)) {
    return commands[b[at]] !== undefined && (end - at < 2 || b[at + 1] === 0) ? probed.maybe : probed.no;
  }
  if (hint.proto === 17 && isInputOutput(b, at, end)) return probed.yes;
  const command = u16le(b, at);
  if (end - at < headerBytes || commands[command] === undefined || statuses[u32le(b, at + 8)] === undefined) {
    return probed.no;
  }
  if (u32le(b, at + 20) !== 0) return probed.no;
  const length = u16le(b, at + 2);
  if (at + headerBytes + Math.min(length, 32) > end) return probed.maybe;
  const isWhole = at + headerBytes + length === end;
  if (hint.isPort) return isWhole || at + headerBytes + length < end ? probed.yes : probed.no;
  // Elsewhere only what opens a session, or carries an interface handle of zero.
  if (command === code.registerSession)
    return isWhole && length === 4 && u16le(b, at + 24) === 1 ? probed.yes : probed.no;
  const isData = command === code.sendRrData || command === code.sendUnitData;
  return isData && isWhole && length > 16 && u32le(b, at + 24) === 0 && u32le(b, at + 4) !== 0 ? probed.yes : probed.no;
};

export const ethernetIp = defineProtocol({
  name: 'enip',
  title: 'EtherNet/IP',
  family: 'industry',
  ports: { tcp: [44_818], udp: [44_818, 2222] },
  variants: ['cip-io'],
  fields,
  // The lower byte of a command, or of two items.
  probe: startingWith((first) => first === 2 || commands[first] !== undefined, probe),
  open: (conversation) => new EnipTalk(conversation),
});
