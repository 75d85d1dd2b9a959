// RADIUS (RFC 2865, 2866, 5176): who logs on where, and whether the server lets them. Passwords are not read at all.
//
//   | code | id | length (2) | authenticator (16) | type | length | value …

import { type AnyEvent, hexText, ipv4Text, number, text, u16, u32, wireText } from '../../../core/index.ts';
import {
  type Conversation,
  defineProtocol,
  notMine,
  otherSide,
  type ProbeHint,
  probed,
  type Side,
  startingWith,
  type Talk,
} from '../protocol.ts';

const headerBytes = 20;
/** Attributes looked at in one message; questions whose answer is awaited. */
const attributeLimit = 128;
const pendingLimit = 32;

const fields = {
  id: number('Number that ties answer to question', { filter: 'radius.id' }),
  request: text('What was asked', { filter: 'radius.code' }),
  response: text('What was answered'),
  userName: text('User', { zeek: 'username', filter: 'radius.User_Name' }),
  mac: text('Hardware address of the caller', { zeek: 'mac' }),
  framedAddress: text('Address for the user', { zeek: 'framed_addr', filter: 'radius.Framed-IP-Address' }),
  tunnelClient: text('Where the tunnel begins', { zeek: 'tunnel_client' }),
  connectInfo: text('Kind of connection', { zeek: 'connect_info' }),
  replyMessage: text('What the server tells the user', { zeek: 'reply_msg' }),
  result: text('`success`, `failed` or `unknown`', { zeek: 'result' }),
  latencyUs: number('Time from question to answer', { unit: 'us' }),
  logonUs: number('Time from the first question to the decision', { eve: false, zeek: 'ttl', unit: 'us' }),
  nasAddress: text('Address of the machine that asks', { filter: 'radius.NAS_IP_Address' }),
  nasName: text('Name of the machine that asks', { filter: 'radius.NAS-Identifier' }),
  nasPort: number('Port at the machine that asks'),
  calledStation: text('What the user called'),
  accounting: text('Start, stop or interim report of a session'),
  sessionId: text('Session', { filter: 'radius.Acct_Session_Id' }),
  sessionSec: number('Length of the session', { unit: 'sec' }),
};

const codes: Readonly<Record<number, string>> = {
  1: 'Access-Request',
  2: 'Access-Accept',
  3: 'Access-Reject',
  4: 'Accounting-Request',
  5: 'Accounting-Response',
  11: 'Access-Challenge',
  12: 'Status-Server',
  13: 'Status-Client',
  40: 'Disconnect-Request',
  41: 'Disconnect-ACK',
  42: 'Disconnect-NAK',
  43: 'CoA-Request',
  44: 'CoA-ACK',
  45: 'CoA-NAK',
};
const isRequest = (code: number): boolean => code === 1 || code === 4 || code === 12 || code === 40 || code === 43;

const accountings: Readonly<Record<number, string>> = { 1: 'start', 2: 'stop', 3: 'interim', 7: 'on', 8: 'off' };

/** `00:11:22:33:44:55` of the many ways to write it; as it is when it is none. */
function macOf(text: string): string {
  const digits = text.replace(/[-:.]/g, '').toLowerCase();
  return /^[0-9a-f]{12}$/.test(digits) ? (digits.match(/../g) ?? []).join(':') : text;
}

function addAttribute(event: AnyEvent, b: Uint8Array, type: number, at: number, stop: number): void {
  switch (type) {
    case 1:
      event.userName = wireText(b, at, stop);
      return;
    case 18:
      event.replyMessage ??= wireText(b, at, stop);
      return;
    case 30:
      event.calledStation = wireText(b, at, stop);
      return;
    case 31:
      event.mac = macOf(wireText(b, at, stop));
      return;
    case 32:
      event.nasName = wireText(b, at, stop);
      return;
    case 44:
      event.sessionId = wireText(b, at, stop);
      return;
    case 66:
      event.tunnelClient = wireText(b, b[at] < 0x20 ? at + 1 : at, stop);
      return;
    case 77:
      event.connectInfo = wireText(b, at, stop);
      return;
    default:
      if (stop - at === 4) addWord(event, b, type, at);
  }
}

/** Attributes of four bytes. */
function addWord(event: AnyEvent, b: Uint8Array, type: number, at: number): void {
  if (type === 4) event.nasAddress = ipv4Text(b, at);
  else if (type === 5) event.nasPort = u32(b, at);
  else if (type === 8) event.framedAddress = ipv4Text(b, at);
  else if (type === 40) event.accounting = accountings[u32(b, at)] ?? String(u32(b, at));
  else if (type === 46) event.sessionSec = u32(b, at);
}

/** Reads the attributes that belong to `event`; false when they do not fill the message. */
function readAttributes(event: AnyEvent, b: Uint8Array, at: number, end: number): boolean {
  for (let left = attributeLimit; at + 2 <= end && left > 0; left--) {
    const stop = at + b[at + 1];
    if (b[at + 1] < 2 || stop > end) return false;
    if (stop > at + 2) addAttribute(event, b, b[at], at + 2, stop);
    at = stop;
  }
  return at === end;
}

interface Pending {
  readonly id: number;
  readonly side: Side;
  readonly event: AnyEvent;
  readonly timeUs: number;
}

/** A user's logon, from the first question over challenges to the decision: a row of Zeek's radius.log. */
interface Logon {
  readonly row: AnyEvent;
  readonly firstUs: number;
}

function addToLogon(row: AnyEvent, code: number, said: AnyEvent): void {
  if (code === 1) for (const key of ['userName', 'mac', 'tunnelClient', 'connectInfo']) row[key] ??= said[key];
  if (code === 11) for (const key of ['framedAddress', 'replyMessage']) row[key] ??= said[key];
  for (const key of Object.keys(row)) if (row[key] === undefined) delete row[key];
}

function open(conversation: Conversation<typeof fields>): Talk {
  let logon: Logon | null = null;
  const asked: Pending[] = [];
  let isFirst = true;

  const ask = (id: number, side: Side, event: AnyEvent): void => {
    // The same question again waits for the same answer.
    if (asked.some((one) => one.id === id && one.side === side)) return;
    asked.push({ id, side, event, timeUs: conversation.timeUs });
    if (asked.length > pendingLimit) tellOpen(asked.shift() as Pending);
  };

  const answer = (id: number, side: Side, code: number, said: AnyEvent): void => {
    const i = asked.findIndex((one) => one.id === id && one.side !== side);
    const pending = i < 0 ? undefined : asked.splice(i, 1)[0];
    const event: AnyEvent = { id, ...pending?.event, ...said, response: codes[code] };
    if (code === 2 || code === 5 || code === 41 || code === 44) event.result = 'success';
    else if (code === 3 || code === 42 || code === 45) event.result = 'failed';
    if (pending !== undefined) {
      event.latencyUs = Math.max(0, conversation.timeUs - pending.timeUs);
      conversation.confirm();
    }
    conversation.emit(event, { side: 0, only: 'eve', timeUs: pending?.timeUs ?? conversation.timeUs });
  };

  const logOn = (code: number, said: AnyEvent): void => {
    const nowUs = conversation.timeUs;
    logon ??= { row: {}, firstUs: nowUs };
    const { row, firstUs } = logon;
    addToLogon(row, code, said);
    if (code !== 2 && code !== 3) return;
    row.result = code === 2 ? 'success' : 'failed';
    if (nowUs > firstUs) row.logonUs = nowUs - firstUs;
    conversation.emit(row, { side: 0, only: 'log', timeUs: firstUs });
    logon = null;
  };

  const tellOpen = (one: Pending): void => {
    const event = { ...one.event, result: 'unknown' };
    conversation.emit(event, { side: one.side, only: 'eve', timeUs: one.timeUs });
  };

  return {
    data(side, b, at, end) {
      if (end - at < headerBytes || codes[b[at]] === undefined) return isFirst ? notMine : end - at;
      const code = b[at];
      let from = side;
      if (isFirst && isRequest(code) !== (side === 0)) {
        conversation.swap();
        from = otherSide(side);
      }
      isFirst = false;
      const event: AnyEvent = {};
      const stop = Math.min(end, at + Math.max(headerBytes, u16(b, at + 2)));
      if (!readAttributes(event, b, at + headerBytes, stop) && conversation.missing === 0) {
        conversation.weird('radius_bad_attributes', hexText(b, at, at + 4));
      }
      if (code <= 3 || code === 11) logOn(code, event);
      if (isRequest(code)) ask(b[at + 1], from, { id: b[at + 1], request: codes[code], ...event });
      else answer(b[at + 1], from, code, event);
      return end - at;
    },
    end() {
      for (const one of asked) tellOpen(one);
      if (logon !== null)
        conversation.emit({ ...logon.row, result: 'unknown' }, { side: 0, only: 'log', timeUs: logon.firstUs });
    },
  };
}

function probe(b: Uint8Array, at: number, end: number, hint: ProbeHint): number {
  if (end - at < headerBytes || codes[b[at]] === undefined) return probed.no;
  const length = u16(b, at + 2);
  if (length < headerBytes || length > hint.length || length > 4096) return probed.no;
  if (!hint.isPort && (length !== hint.length || length < headerBytes + 6)) return probed.no;
  const stop = Math.min(end, at + length);
  let o = at + headerBytes;
  while (o + 2 <= stop) {
    const size = b[o + 1];
    if (size < 2 || b[o] === 0) return probed.no;
    o += size;
  }
  return o === at + length || (end < at + length && o > end) ? probed.yes : probed.no;
}

export const radius = defineProtocol({
  name: 'radius',
  title: 'RADIUS',
  family: 'login',
  ports: { udp: [1812, 1813, 1645, 1646, 3799] },
  zeekLog: 'radius',
  zeekService: 'radius',
  fields,
  probe: startingWith((first) => codes[first] !== undefined, probe),
  open,
});
