// DHCP for IPv6 (RFC 8415): who asks for addresses and prefixes, who gives them.
//
//   | type (1) | transaction (3) | code (2) | length (2) | data …        a client's or server's message
//   | 12 or 13 (1) | hops (1) | link address (16) | peer address (16) | options …, 9 carries the message

import {
  type AnyEvent,
  formatIpv6,
  hexText,
  number,
  numbers,
  text,
  texts,
  u16,
  u24,
  u32,
  wireText,
} from '../../../core/index.ts';
import { between, type Conversation, defineProtocol, onPort, probed, startingWith, type Talk } from '../protocol.ts';

/** Relays a message is unwrapped from, options looked at, and values kept of one kind. */
const relayLimit = 8;
const optionLimit = 128;
const listLimit = 32;

const fields = {
  type: text('Kind of message', { filter: 'dhcpv6.msgtype' }),
  id: number('Number of the transaction', { filter: 'dhcpv6.xid' }),
  clientDuid: text('Identifier of the client'),
  serverDuid: text('Identifier of the server'),
  mac: text('Hardware address out of the client’s identifier'),
  addresses: texts('Addresses asked for or given'),
  prefixes: texts('Prefixes asked for or given'),
  lifetimeSec: number('How long the first of them is valid', { unit: 'sec' }),
  hostname: text('Name that the client gives itself'),
  dnsServers: texts('Name servers'),
  domains: texts('Domains to search'),
  vendorClass: text('What the client is'),
  wanted: numbers('Numbers of the options that the client would like to have'),
  status: text('What went wrong'),
  relays: texts('Relays on the way, the nearest to the server first'),
  latencyUs: number('Time from the question to its answer', { unit: 'us' }),
};

const kinds = [
  '',
  'solicit',
  'advertise',
  'request',
  'confirm',
  'renew',
  'rebind',
  'reply',
  'release',
  'decline',
  'reconfigure',
  'information-request',
  'relay-forward',
  'relay-reply',
  'leasequery',
  'leasequery-reply',
];
const relayForward = 12;
const relayReply = 13;
const isAnswer = (kind: number): boolean => kind === 2 || kind === 7 || kind === 15;

const ipv6Text = (b: Uint8Array, at: number): string =>
  formatIpv6(u32(b, at), u32(b, at + 4), u32(b, at + 8), u32(b, at + 12));

/** Names as labels without pointers (RFC 8415 §10). */
function names(b: Uint8Array, at: number, stop: number): string[] {
  const all: string[] = [];
  let name = '';
  while (at < stop && all.length < listLimit) {
    const size = b[at];
    if (size === 0) {
      all.push(name);
      name = '';
      at++;
      continue;
    }
    if (size > 63 || at + 1 + size > stop) break;
    name += (name === '' ? '' : '.') + wireText(b, at + 1, at + 1 + size);
    at += 1 + size;
  }
  if (name !== '') all.push(name);
  return all;
}

/** Hardware address of an identifier that is built from one (RFC 8415 §11.2, 11.4); empty of others. */
function macOf(b: Uint8Array, at: number, stop: number): string {
  if (stop - at === 14 && u16(b, at) === 1 && u16(b, at + 2) === 1) return hexText(b, at + 8, stop, ':');
  if (stop - at === 10 && u16(b, at) === 3 && u16(b, at + 2) === 1) return hexText(b, at + 4, stop, ':');
  return '';
}

function push(event: AnyEvent, key: 'addresses' | 'prefixes', value: string): void {
  const list = event[key] as string[] | undefined;
  if (list === undefined) event[key] = [value];
  else if (list.length < listLimit) list.push(value);
}

/** Options of a message, those of associations inside them. Depth is bounded: only associations nest, twice. */
function readOptions(event: AnyEvent, b: Uint8Array, at: number, end: number, depth: number): void {
  for (let left = optionLimit; at + 4 <= end && left > 0; left--) {
    const code = u16(b, at);
    const stop = at + 4 + u16(b, at + 2);
    if (stop > end) return;
    readOption(event, b, code, at + 4, stop, depth);
    at = stop;
  }
}

function readOption(event: AnyEvent, b: Uint8Array, code: number, at: number, stop: number, depth: number): void {
  const size = stop - at;
  switch (code) {
    case 1:
      event.clientDuid = hexText(b, at, Math.min(stop, at + 130));
      if (macOf(b, at, stop) !== '') event.mac = macOf(b, at, stop);
      return;
    case 2:
      event.serverDuid = hexText(b, at, Math.min(stop, at + 130));
      return;
    case 3:
    case 25:
      if (size > 12 && depth < 2) readOptions(event, b, at + 12, stop, depth + 1);
      return;
    case 4:
      if (size > 4 && depth < 2) readOptions(event, b, at + 4, stop, depth + 1);
      return;
    case 5:
      if (size < 24) return;
      push(event, 'addresses', ipv6Text(b, at));
      event.lifetimeSec ??= u32(b, at + 20);
      return;
    case 26:
      if (size < 25) return;
      push(event, 'prefixes', `${ipv6Text(b, at + 9)}/${b[at + 8]}`);
      event.lifetimeSec ??= u32(b, at + 4);
      return;
    case 6:
      event.wanted = wantedOptions(b, at, stop);
      return;
    case 13:
      if (size >= 2 && u16(b, at) !== 0) event.status = wireText(b, at + 2, stop) || String(u16(b, at));
      return;
    case 16:
      if (size > 6) event.vendorClass = wireText(b, at + 6, Math.min(stop, at + 6 + u16(b, at + 4)));
      return;
    case 23:
      event.dnsServers = servers(b, at, stop);
      return;
    case 24:
      event.domains = names(b, at, stop);
      return;
    case 39:
      if (size > 1) event.hostname = names(b, at + 1, stop)[0] ?? '';
      return;
  }
}

function wantedOptions(b: Uint8Array, at: number, stop: number): number[] {
  const all: number[] = [];
  for (; at + 2 <= stop && all.length < optionLimit; at += 2) all.push(u16(b, at));
  return all;
}

function servers(b: Uint8Array, at: number, stop: number): string[] {
  const all: string[] = [];
  for (; at + 16 <= stop && all.length < listLimit; at += 16) all.push(ipv6Text(b, at));
  return all;
}

/** Place of option 9 among the options at `at`, as start and end; null when it is missing. */
function relayed(b: Uint8Array, at: number, end: number): readonly [number, number] | null {
  for (let left = optionLimit; at + 4 <= end && left > 0; left--) {
    const stop = at + 4 + u16(b, at + 2);
    if (stop > end) return null;
    if (u16(b, at) === 9) return [at + 4, stop];
    at = stop;
  }
  return null;
}

function readMessage(b: Uint8Array, at: number, end: number): AnyEvent | null {
  const relays: string[] = [];
  let from = at;
  let stop = end;
  while (stop - from >= 34 && (b[from] === relayForward || b[from] === relayReply) && relays.length < relayLimit) {
    relays.push(ipv6Text(b, from + 2));
    const inner = relayed(b, from + 34, stop);
    if (inner === null) break;
    [from, stop] = inner;
  }
  if (stop - from < 4) return null;
  const event: AnyEvent = { type: kinds[b[from]] ?? String(b[from]), id: u24(b, from + 1) };
  if (relays.length > 0) event.relays = relays;
  if (b[from] !== relayForward && b[from] !== relayReply) readOptions(event, b, from + 4, stop, 0);
  return event;
}

function open(conversation: Conversation<typeof fields>): Talk {
  let askedId = -1;
  let askedUs = 0;
  return {
    data(side, b, at, end) {
      const event = readMessage(b, at, end);
      if (event === null) return end - at;
      if (isAnswer(b[at])) {
        if (askedId === event.id) {
          event.latencyUs = Math.max(0, conversation.timeUs - askedUs);
          conversation.confirm();
        }
      } else {
        askedId = event.id as number;
        askedUs = conversation.timeUs;
      }
      conversation.emit(event, { side });
      return end - at;
    },
  };
}

export const dhcpv6 = defineProtocol({
  name: 'dhcpv6',
  title: 'DHCPv6',
  family: 'machine',
  ports: { udp: [547, 546] },
  fields,
  probe: onPort(
    startingWith(between(1, 36), (b, at, end, hint) => {
      if (end - at < 4) return probed.no;
      const options = b[at] === relayForward || b[at] === relayReply ? at + 34 : at + 4;
      if (options + 4 > end) return options === end ? probed.yes : probed.no;
      return b[options] === 0 && options + 4 + u16(b, options + 2) <= at + hint.length ? probed.yes : probed.no;
    }),
  ),
  open,
});
