// BACnet/IP (ANSI/ASHRAE 135, annex J; clauses 6 and 20): services asked for, with the answers to confirmed ones.
//
//   +----+----------+--------+---------+---------+-- addresses --+-- APDU … --+
//   | 81 | function | length | version | control | where told so | type, …    |
//   +----+----------+--------+---------+---------+---------------+------------+

import { type AnyEvent, flag, number, text, u16, u24, u32 } from '../../../core/index.ts';
import {
  type Conversation,
  defineProtocol,
  notMine,
  oneOf,
  type Probe,
  probed,
  type Side,
  startingWith,
  type Talk,
} from '../protocol.ts';

const fields = {
  service: text('Service', { filter: 'bacapp.confirmed_service' }),
  isConfirmed: flag('Confirmed service'),
  object: text('Object', { filter: 'bacapp.objectType' }),
  property: number('Property', { filter: 'bacapp.property_identifier' }),
  device: number('Device instance'),
  success: flag('Success'),
  error: text('Error, reject or abort'),
  isControl: flag('Changes or restarts a device'),
  invokeId: number('Invoke identifier', { filter: 'bacapp.invoke_id' }),
  latencyUs: number('Latency', { unit: 'us' }),
};

/** Confirmed requests waiting for an answer. */
const pendingLimit = 64;

const confirmed = [
  'acknowledge_alarm',
  'confirmed_cov_notification',
  'confirmed_event_notification',
  'get_alarm_summary',
  'get_enrollment_summary',
  'subscribe_cov',
  'atomic_read_file',
  'atomic_write_file',
  'add_list_element',
  'remove_list_element',
  'create_object',
  'delete_object',
  'read_property',
  'read_property_conditional',
  'read_property_multiple',
  'write_property',
  'write_property_multiple',
  'device_communication_control',
  'confirmed_private_transfer',
  'confirmed_text_message',
  'reinitialize_device',
  'vt_open',
  'vt_close',
  'vt_data',
  'authenticate',
  'request_key',
  'read_range',
  'life_safety_operation',
  'subscribe_cov_property',
  'get_event_information',
];
const unconfirmed = [
  'i_am',
  'i_have',
  'unconfirmed_cov_notification',
  'unconfirmed_event_notification',
  'unconfirmed_private_transfer',
  'unconfirmed_text_message',
  'time_synchronization',
  'who_has',
  'who_is',
  'utc_time_synchronization',
  'write_group',
];
/** Confirmed services that change or restart a device. */
const changing = new Set([7, 8, 9, 10, 11, 15, 16, 17, 20, 27]);
/** Confirmed services whose first argument is an object, and the second a property. */
const addressed = new Set([10, 11, 12, 14, 15, 26, 28]);

const objectTypes = [
  'analog-input',
  'analog-output',
  'analog-value',
  'binary-input',
  'binary-output',
  'binary-value',
  'calendar',
  'command',
  'device',
  'event-enrollment',
  'file',
  'group',
  'loop',
  'multi-state-input',
  'multi-state-output',
  'notification-class',
  'program',
  'schedule',
  'averaging',
  'multi-state-value',
  'trend-log',
];

/** Kinds of APDU, in the upper half of their first byte. */
const kind = {
  confirmed: 0,
  unconfirmed: 1,
  simpleAck: 2,
  complexAck: 3,
  segmentAck: 4,
  error: 5,
  reject: 6,
  abort: 7,
};

interface Request {
  readonly side: Side;
  readonly id: number;
  readonly known: AnyEvent;
  readonly startUs: number;
}

class BacnetTalk implements Talk {
  readonly #told: Conversation<typeof fields>;
  readonly #pending: Request[] = [];

  constructor(conversation: Conversation<typeof fields>) {
    this.#told = conversation;
  }

  data(side: Side, bytes: Uint8Array, at: number, end: number): number {
    if (end - at < 4 || bytes[at] !== 0x81 || u16(bytes, at + 2) !== end - at + this.#told.missing) return notMine;
    const network = networkAt(bytes, at, end);
    if (network < 0) return end - at;
    const o = applicationAt(bytes, network, end);
    if (o >= 0) this.#application(side, bytes, o, end);
    return end - at;
  }

  end(): void {
    for (const request of this.#pending) this.#tell(request.side, request.known, request.startUs);
    this.#pending.length = 0;
  }

  #application(side: Side, b: Uint8Array, o: number, end: number): void {
    const type = b[o] >> 4;
    if (type === kind.unconfirmed && end - o >= 2) {
      const known: AnyEvent = { service: unconfirmed[b[o + 1]] ?? `unknown-${b[o + 1]}`, isConfirmed: false };
      if (b[o + 1] === 0) Object.assign(known, announced(b, o + 2, end));
      this.#told.confirm();
      this.#tell(side, known, this.#told.timeUs);
    } else if (type === kind.confirmed && end - o >= 4) this.#ask(side, b, o, end);
    else if (type >= kind.simpleAck && type !== kind.segmentAck && end - o >= 3) this.#answer(side, type, b, o, end);
  }

  #ask(side: Side, b: Uint8Array, o: number, end: number): void {
    const isSegmented = (b[o] & 8) !== 0;
    // Later segments belong to the first.
    if (isSegmented && end - o >= 4 && b[o + 3] > 0) return;
    const at = o + (isSegmented ? 5 : 3);
    if (at >= end) return;
    const service = b[at];
    const known: AnyEvent = {
      service: confirmed[service] ?? `unknown-${service}`,
      isConfirmed: true,
      invokeId: b[o + 2],
      isControl: changing.has(service),
    };
    if (addressed.has(service)) addAddressed(b, at + 1, end, known);
    if (this.#pending.length >= pendingLimit) {
      const oldest = this.#pending.shift()!;
      this.#tell(oldest.side, oldest.known, oldest.startUs);
    }
    this.#pending.push({ side, id: b[o + 2], known, startUs: this.#told.timeUs });
  }

  #answer(side: Side, type: number, b: Uint8Array, o: number, end: number): void {
    const id = b[o + 1];
    const index = this.#pending.findIndex((request) => request.id === id && request.side !== side);
    if (index < 0) return;
    const request = this.#pending.splice(index, 1)[0];
    this.#told.confirm();
    const result: AnyEvent = {
      success: type <= kind.complexAck,
      latencyUs: Math.max(0, this.#told.timeUs - request.startUs),
    };
    if (type === kind.error) result.error = errorOf(b, o + 3, end);
    else if (type === kind.reject) result.error = `reject ${b[o + 2]}`;
    else if (type === kind.abort) result.error = `abort ${b[o + 2]}`;
    this.#tell(request.side, { ...request.known, ...result }, request.startUs);
  }

  #tell(side: Side, event: AnyEvent, timeUs: number): void {
    this.#told.emit(event, { side, timeUs });
  }
}

/** Where the network layer begins; -1 when the function carries none. */
function networkAt(b: Uint8Array, at: number, end: number): number {
  const code = b[at + 1];
  // Forwarded: the address of who sent it stands before.
  const o = code === 4 ? at + 10 : code === 9 || code === 10 || code === 11 ? at + 4 : -1;
  return o >= 0 && o + 2 <= end ? o : -1;
}

/** Where the application layer begins behind addresses and hops; -1 for messages of the network layer. */
function applicationAt(b: Uint8Array, o: number, end: number): number {
  const control = b[o + 1];
  if (b[o] !== 1 || (control & 0x80) !== 0) return -1;
  let at = o + 2;
  const hasDestination = (control & 0x20) !== 0;
  if (hasDestination) at += at + 3 <= end ? 3 + b[at + 2] : end;
  if ((control & 8) !== 0) at += at + 3 <= end ? 3 + b[at + 2] : end;
  if (hasDestination) at++;
  return at < end ? at : -1;
}

/** The device of an I-Am: an object identifier first. */
function announced(b: Uint8Array, o: number, end: number): AnyEvent {
  return end - o >= 5 && b[o] === 0xc4 ? { device: u32(b, o + 1) & 0x3fffff, object: objectText(u32(b, o + 1)) } : {};
}

/** Context tags 0 (object) and 1 (property). */
function addAddressed(b: Uint8Array, o: number, end: number, known: AnyEvent): void {
  if (end - o < 5 || b[o] !== 0x0c) return;
  known.object = objectText(u32(b, o + 1));
  const tag = o + 5;
  if (tag + 2 > end) return;
  if (b[tag] === 0x19) known.property = b[tag + 1];
  else if (b[tag] === 0x1a && tag + 3 <= end) known.property = u16(b, tag + 1);
  else if (b[tag] === 0x1b && tag + 4 <= end) known.property = u24(b, tag + 1);
}

function objectText(identifier: number): string {
  const type = identifier >>> 22;
  return `${objectTypes[type] ?? `type-${type}`} ${identifier & 0x3fffff}`;
}

/** Two enumerated values: class and code. */
function errorOf(b: Uint8Array, o: number, end: number): string {
  if (end - o < 4 || b[o] !== 0x91) return 'error';
  return `class ${b[o + 1]} code ${b[o + 3]}`;
}

/** The type byte, a known function, and the datagram's length. */
const probe: Probe = (b, at, end, hint) => {
  if (b[at] !== 0x81 || end - at < 4 || b[at + 1] > 12) return probed.no;
  return u16(b, at + 2) === hint.length ? probed.yes : probed.no;
};

export const bacnet = defineProtocol({
  name: 'bacnet',
  title: 'BACnet/IP',
  family: 'industry',
  ports: { udp: [47_808] },
  fields,
  probe: startingWith(oneOf(0x81), probe),
  open: (conversation) => new BacnetTalk(conversation),
});
