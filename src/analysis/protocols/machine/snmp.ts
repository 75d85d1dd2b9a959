// Simple Network Management Protocol: versions 1, 2c and 3 (RFC 1157, 3416, 3412, 3414). Communities are secrets.
//
//   SEQUENCE { version, community, PDU }
//   SEQUENCE { version, SEQUENCE { id, size, flags, model }, OCTETS { user … }, scoped PDU or OCTETS }

import { type AnyEvent, ipv4Text, masked, number, text, texts, wireText } from '../../../core/index.ts';
import { type Conversation, defineProtocol, notMine, oneOf, probed, startingWith, type Talk } from '../protocol.ts';
import { integerOf, oidText, readValue, tag, unsignedOf, value } from './ber.ts';

const port = 161;
/** Variables told of one message. */
const variableLimit = 64;
/** Questions whose answer is awaited. */
const pendingLimit = 32;
/** Bytes kept of a system's description. */
const descriptionLimit = 512;

const log = (zeek: string, unit?: string) =>
  unit === undefined ? ({ eve: false, zeek } as const) : ({ eve: false, zeek, unit } as const);

const fields = {
  version: number('1, 2 or 3', { eve: 'snmp.version' }),
  pduType: text('Kind of message', { eve: 'snmp.pdu_type' }),
  community: text('Community, never shown', { eve: 'snmp.community' }),
  trapType: text('What a trap of version 1 reports', { eve: 'snmp.trap_type' }),
  trapOid: text('What sends the trap', { eve: 'snmp.trap_oid', filter: 'snmp.enterprise' }),
  trapAddress: text('Address of what sends the trap', { eve: 'snmp.trap_address' }),
  usm: text('User of version 3', { eve: 'snmp.usm', filter: 'snmp.msgUserName' }),
  vars: texts('Variables', { eve: 'snmp.vars', filter: 'snmp.name' }),
  error: text('Error of an answer'),
  requestId: number('Number that ties answer to question', { filter: 'snmp.request_id' }),
  latencyUs: number('Time from question to answer', { unit: 'us' }),
  versionName: text('Version', log('version')),
  durationUs: number('Time from the first message to the last', log('duration', 'us')),
  secretOrUser: text('User of version 3; a community is not shown', log('community')),
  getRequests: number('Variables asked for', log('get_requests')),
  getBulkRequests: number('Variables asked for in bulk', log('get_bulk_requests')),
  getResponses: number('Variables answered', log('get_responses')),
  setRequests: number('Variables to be set', log('set_requests')),
  displayString: text('Description that the system gives of itself', log('display_string')),
  upSinceTime: number('When the system says it was started', log('up_since', 'time')),
};

const pduTypes = [
  'get_request',
  'get_next_request',
  'response',
  'set_request',
  'trap_v1',
  'get_bulk_request',
  'inform_request',
  'trap_v2',
  'report',
];
const response = 2;
const trapV1 = 4;
const trapV2 = 7;
const report = 8;
const trapTypes = [
  'ColdStart',
  'WarmStart',
  'LinkDown',
  'LinkUp',
  'AuthenticationFailure',
  'EgpNeighborLoss',
  'EnterpriseSpecific',
];
const errors = [
  '',
  'tooBig',
  'noSuchName',
  'badValue',
  'readOnly',
  'genErr',
  'noAccess',
  'wrongType',
  'wrongLength',
  'wrongEncoding',
  'wrongValue',
  'noCreation',
  'inconsistentValue',
  'resourceUnavailable',
  'commitFailed',
  'undoFailed',
  'authorizationError',
  'notWritable',
  'inconsistentName',
];
const descriptionOid = '1.3.6.1.2.1.1.1.0';
const upTimeOid = '1.3.6.1.2.1.1.3.0';
const timeTicks = 0x43;

/** A message as it was read; `binding` is called for each variable. */
interface Read {
  event: AnyEvent;
  /** Position in {@link pduTypes}; -1 when it is encrypted or unknown. */
  kind: number;
  bindings: number;
  description: string | null;
  upTicks: number;
}

function readMessage(b: Uint8Array, at: number, end: number): Read | null {
  if (readValue(b, at, end) !== tag.sequence) return null;
  const stop = value.end;
  if (readValue(b, value.at, stop) !== tag.integer || value.end - value.at !== 1) return null;
  const wire = b[value.at];
  if (wire > 3 || wire === 2) return null;
  const read: Read = {
    event: { version: wire === 3 ? 3 : wire + 1 },
    kind: -1,
    bindings: 0,
    description: null,
    upTicks: -1,
  };
  if (wire === 3) return readVersion3(read, b, value.end, stop) ? read : null;
  if (readValue(b, value.end, stop) !== tag.octets) return null;
  read.event.community = masked;
  readPdu(read, b, value.end, stop);
  return read;
}

/** Head, security parameters and the scoped PDU (RFC 3412 §6). */
function readVersion3(read: Read, b: Uint8Array, at: number, end: number): boolean {
  if (readValue(b, at, end) !== tag.sequence) return false;
  const security = value.end;
  if (readValue(b, security, end) !== tag.octets) return false;
  const scoped = value.end;
  const user = userOf(b, value.at, value.end);
  if (user !== null) read.event.usm = user;
  const kind = readValue(b, scoped, end);
  if (kind === tag.octets) {
    read.event.pduType = 'encrypted';
    return true;
  }
  if (kind !== tag.sequence) return false;
  const stop = value.end;
  // The context's engine and name come first.
  if (readValue(b, value.at, stop) < 0 || readValue(b, value.end, stop) < 0) return false;
  readPdu(read, b, value.end, stop);
  return true;
}

/** The user among engine id, boots, time, user, and two digests (RFC 3414 §2.4). */
function userOf(b: Uint8Array, at: number, end: number): string | null {
  if (readValue(b, at, end) !== tag.sequence) return null;
  const stop = value.end;
  let next = value.at;
  for (let i = 0; i < 3; i++) {
    if (readValue(b, next, stop) < 0) return null;
    next = value.end;
  }
  return readValue(b, next, stop) === tag.octets ? wireText(b, value.at, value.end) : null;
}

function readPdu(read: Read, b: Uint8Array, at: number, end: number): void {
  const found = readValue(b, at, end);
  if (found < 0) return;
  const kind = found - 0xa0;
  read.kind = kind;
  read.event.pduType = pduTypes[kind] ?? `Unknown(0x${found.toString(16)})`;
  if (pduTypes[kind] === undefined) return;
  const stop = value.end;
  if (kind === trapV1) {
    readTrap(read, b, value.at, stop);
    return;
  }
  const numbers: number[] = [];
  let next = value.at;
  while (numbers.length < 3 && readValue(b, next, stop) >= 0) {
    numbers.push(integerOf(b, value.at, value.end));
    next = value.end;
  }
  if (numbers.length > 0) read.event.requestId = numbers[0];
  // Two numbers of a bulk request say how much is wanted.
  if (kind !== 5 && numbers[1] > 0) read.event.error = errors[numbers[1]] ?? String(numbers[1]);
  readVariables(read, b, next, stop);
}

function readTrap(read: Read, b: Uint8Array, at: number, end: number): void {
  const { event } = read;
  if (readValue(b, at, end) < 0) return;
  event.trapOid = oidText(b, value.at, value.end);
  if (readValue(b, value.end, end) < 0) return;
  if (value.end - value.at === 4) event.trapAddress = ipv4Text(b, value.at);
  if (readValue(b, value.end, end) < 0) return;
  const generic = integerOf(b, value.at, value.end);
  event.trapType = trapTypes[generic] ?? `TrapType(${generic})`;
  // The specific number and the time go before the variables.
  if (readValue(b, value.end, end) < 0 || readValue(b, value.end, end) < 0) return;
  readVariables(read, b, value.end, end);
}

function readVariables(read: Read, b: Uint8Array, at: number, end: number): void {
  if (readValue(b, at, end) !== tag.sequence) return;
  const stop = value.end;
  const vars: string[] = [];
  let next = value.at;
  while (readValue(b, next, stop) >= 0) {
    next = value.end;
    read.bindings++;
    if (readValue(b, value.at, next) !== tag.oid || vars.length >= variableLimit) continue;
    const oid = oidText(b, value.at, value.end);
    vars.push(oid);
    const kind = readValue(b, value.end, next);
    if (oid === descriptionOid && kind === tag.octets) {
      read.description = wireText(b, value.at, Math.min(value.end, value.at + descriptionLimit));
    } else if (oid === upTimeOid && kind === timeTicks) read.upTicks = unsignedOf(b, value.at, value.end);
  }
  if (vars.length > 0) read.event.vars = vars;
}

function open(conversation: Conversation<typeof fields>): Talk {
  const asked: { id: number; timeUs: number }[] = [];
  const row: AnyEvent = { getRequests: 0, getBulkRequests: 0, getResponses: 0, setRequests: 0 };
  let firstUs = -1;

  const count = (read: Read): void => {
    const { event, kind, bindings } = read;
    const nowUs = conversation.timeUs;
    if (firstUs < 0) {
      firstUs = nowUs;
      row.versionName = ['1', '2c', '3'][(event.version as number) - 1];
    }
    row.durationUs = Math.max(0, nowUs - firstUs);
    if (event.community !== undefined) row.secretOrUser = masked;
    else if (kind >= 0 && event.usm !== undefined && event.usm !== '') row.secretOrUser ??= event.usm;
    const counter = ['getRequests', 'getRequests', 'getResponses', 'setRequests', '', 'getBulkRequests'][kind];
    if (counter) row[counter] = (row[counter] as number) + bindings;
    if (kind !== response) return;
    if (read.description !== null) row.displayString = read.description;
    if (read.upTicks >= 0) row.upSinceTime = nowUs - read.upTicks * 10_000;
  };

  const pair = (read: Read): void => {
    const id = read.event.requestId as number | undefined;
    if (id === undefined) return;
    const { kind } = read;
    if (kind !== response && kind !== report) {
      if (kind === trapV2) return;
      asked.push({ id, timeUs: conversation.timeUs });
      if (asked.length > pendingLimit) asked.shift();
      return;
    }
    const i = asked.findIndex((one) => one.id === id);
    if (i < 0) return;
    read.event.latencyUs = Math.max(0, conversation.timeUs - asked[i].timeUs);
    asked.splice(i, 1);
    conversation.confirm();
  };

  return {
    data(side, b, at, end) {
      const read = readMessage(b, at, end);
      if (read === null) {
        if (firstUs < 0) return notMine;
        conversation.weird('snmp_malformed');
        return end - at;
      }
      let from = side;
      if (firstUs < 0 && side === 0 && read.kind === response && conversation.oPort === port) {
        conversation.swap();
        from = 1;
      }
      count(read);
      pair(read);
      conversation.emit(read.event, { only: 'eve', side: from });
      return end - at;
    },
    end() {
      if (firstUs >= 0) conversation.emit(row, { only: 'log', timeUs: firstUs, side: 0 });
    },
  };
}

export const snmp = defineProtocol({
  name: 'snmp',
  title: 'SNMP',
  family: 'machine',
  ports: { udp: [port, 162] },
  zeekLog: 'snmp',
  zeekService: 'snmp',
  perMessage: [
    'version',
    'pduType',
    'community',
    'trapType',
    'trapOid',
    'trapAddress',
    'usm',
    'vars',
    'error',
    'requestId',
    'latencyUs',
  ],
  fields,
  probe: startingWith(oneOf(tag.sequence), (b, at, end, hint) => {
    if (end - at < 8) return probed.no;
    const from = b[at + 1] < 0x80 ? at + 2 : at + 2 + (b[at + 1] & 0x7f);
    // A version of one byte, then a community, or the head of version 3.
    if (from + 5 > end || b[from] !== tag.integer || b[from + 1] !== 1) return probed.no;
    const version = b[from + 2];
    if (version > 3 || version === 2 || b[from + 3] !== (version === 3 ? tag.sequence : tag.octets)) return probed.no;
    if (hint.isPort) return probed.yes;
    if (version === 3) return readMessage(b, at, end) === null ? probed.no : probed.yes;
    const pdu = from + 5 + b[from + 4];
    return pdu < end && b[pdu] >= 0xa0 && b[pdu] <= 0xa8 && readValue(b, at, end) > 0 ? probed.yes : probed.no;
  }),
  open,
});
