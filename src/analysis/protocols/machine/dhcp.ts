// DHCP for IPv4, and BOOTP which it grew out of (RFC 2131, 2132, 951).

import { type AnyEvent, hexText, ipv4Text, number, text, texts, u32, wireText } from '../../../core/index.ts';
import {
  type Conversation,
  defineProtocol,
  notMine,
  oneOf,
  type ProbeHint,
  probed,
  type Side,
  startingWith,
  type Talk,
} from '../protocol.ts';
import { cookieAt, eachOption, optionsAt } from './dhcp-options.ts';
import { addMessage, endTransactions, type Said, transactionFields } from './dhcp-transactions.ts';

const serverPort = 67;
const clientPort = 68;
/** What must have been captured: all up to the client's hardware address. */
const headBytes = 44;
/** Addresses listed of one option. */
const listLimit = 32;
const noAddress = '0.0.0.0';
const broadcast = '255.255.255.255';

const fields = {
  type: text('`request` or `reply`', { eve: 'dhcp.type' }),
  id: number('Number of the transaction', { eve: 'dhcp.id', filter: 'dhcp.id' }),
  clientMac: text('Hardware address of the client', { eve: 'dhcp.client_mac', filter: 'dhcp.hw.mac_addr' }),
  assignedIp: text('Address given', { eve: 'dhcp.assigned_ip', filter: 'dhcp.ip.your' }),
  clientIp: text('Address that the client has', { eve: 'dhcp.client_ip', filter: 'dhcp.ip.client' }),
  relayIp: text('Address of the relay', { eve: 'dhcp.relay_ip', filter: 'dhcp.ip.relay' }),
  nextServerIp: text('Address of the server to boot from', { eve: 'dhcp.next_server_ip', filter: 'dhcp.ip.server' }),
  dhcpType: text('Kind of message', { eve: 'dhcp.dhcp_type' }),
  clientId: text('Identifier of the client', { eve: 'dhcp.client_id' }),
  hostname: text('Name that the client gives itself', { eve: 'dhcp.hostname', filter: 'dhcp.option.hostname' }),
  requestedIp: text('Address asked for', { eve: 'dhcp.requested_ip' }),
  params: texts('What the client would like to know', { eve: 'dhcp.params' }),
  vendorClass: text('What the client is', { eve: 'dhcp.vendor_class_identifier' }),
  subnetMask: text('Mask of the network', { eve: 'dhcp.subnet_mask' }),
  routers: texts('Routers', { eve: 'dhcp.routers' }),
  dnsServers: texts('Name servers', { eve: 'dhcp.dns_servers' }),
  leaseSec: number('How long the address is lent', { eve: 'dhcp.lease_time', unit: 'sec' }),
  renewalSec: number('When to ask again', { eve: 'dhcp.renewal_time', unit: 'sec' }),
  rebindingSec: number('When to ask any server', { eve: 'dhcp.rebinding_time', unit: 'sec' }),
  serverId: text('Address of the server that is meant'),
  fqdn: text('Full name of the client'),
  domainName: text('Domain'),
  message: text('Why it was refused or declined'),
  fingerprint: text('Numbers of what the client would like to know, in its order'),
  ...transactionFields,
};

const kinds = ['', 'discover', 'offer', 'request', 'decline', 'ack', 'nak', 'release', 'inform'];
/** Kinds beyond those Suricata knows, as Zeek writes them. */
const laterKinds = ['FORCERENEW', 'LEASEQUERY', 'LEASEUNASSIGNED', 'LEASEUNKNOWN', 'LEASEACTIVE'];

const paramNames: Readonly<Record<number, string>> = {
  1: 'subnet_mask',
  3: 'router',
  6: 'dns_server',
  15: 'domain',
  35: 'arp_timeout',
  42: 'ntp_server',
  66: 'tftp_server_name',
  150: 'tftp_server_ip',
};

function addresses(b: Uint8Array, at: number, stop: number): string[] {
  const all: string[] = [];
  for (; at + 4 <= stop && all.length < listLimit; at += 4) all.push(ipv4Text(b, at));
  return all;
}

/** Text of an option without the zero bytes some put behind it. */
function optionText(b: Uint8Array, at: number, stop: number): string {
  while (stop > at && b[stop - 1] === 0) stop--;
  return wireText(b, at, stop);
}

/** Name of option 81 (RFC 4702 §2): plain text, or labels when the bit of encoding is set. */
function fqdnText(b: Uint8Array, at: number, stop: number): string {
  if (stop - at < 3) return '';
  if ((b[at] & 4) === 0) return optionText(b, at + 3, stop);
  const labels: string[] = [];
  for (let o = at + 3; o < stop && b[o] > 0 && o + 1 + b[o] <= stop; o += 1 + b[o]) {
    labels.push(wireText(b, o + 1, o + 1 + b[o]));
  }
  return labels.join('.');
}

function addOption(event: AnyEvent, b: Uint8Array, code: number, at: number, stop: number): void {
  const size = stop - at;
  switch (code) {
    case 12:
      if (size > 0) event.hostname = optionText(b, at, stop);
      return;
    case 15:
      event.domainName = optionText(b, at, stop);
      return;
    case 3:
      event.routers = addresses(b, at, stop);
      return;
    case 6:
      event.dnsServers = addresses(b, at, stop);
      return;
    case 53:
      if (size > 0) event.dhcpType = kinds[b[at]] || 'unknown';
      return;
    case 55:
      event.params = Array.from(b.subarray(at, stop), (param) => paramNames[param] ?? '').filter((name) => name !== '');
      event.fingerprint = Array.from(b.subarray(at, stop)).join(',');
      return;
    case 56:
      event.message = optionText(b, at, stop);
      return;
    case 60:
      event.vendorClass = optionText(b, at, stop);
      return;
    case 61:
      if (size > 1) event.clientId = hexText(b, at + 1, stop, ':');
      return;
    case 81:
      event.fqdn = fqdnText(b, at, stop);
      return;
    default:
      if (size === 4) addWord(event, b, code, at);
  }
}

/** Options of four bytes. */
function addWord(event: AnyEvent, b: Uint8Array, code: number, at: number): void {
  if (code === 1) event.subnetMask = ipv4Text(b, at);
  else if (code === 50) event.requestedIp = ipv4Text(b, at);
  else if (code === 54) event.serverId = ipv4Text(b, at);
  else if (code === 51) event.leaseSec = u32(b, at);
  else if (code === 58) event.renewalSec = u32(b, at);
  else if (code === 59) event.rebindingSec = u32(b, at);
}

function readMessage(b: Uint8Array, base: number, end: number): AnyEvent {
  const isReply = b[base] === 2;
  const event: AnyEvent = {
    type: isReply ? 'reply' : 'request',
    id: u32(b, base + 4),
    clientMac: hexText(b, base + 28, base + 28 + Math.min(16, b[base + 2] || 6), ':'),
    assignedIp: ipv4Text(b, base + 16),
    clientIp: ipv4Text(b, base + 12),
  };
  if (isReply) {
    event.relayIp = ipv4Text(b, base + 24);
    event.nextServerIp = ipv4Text(b, base + 20);
  }
  if (end - base > optionsAt && hasCookie(b, base)) {
    eachOption(b, base, end, (code, at, stop) => addOption(event, b, code, at, stop));
  }
  return event;
}

const hasCookie = (b: Uint8Array, base: number): boolean => u32(b, base + cookieAt) === 0x63825363;

/** What the message says about its transaction; null for BOOTP, which has none. */
function saidBy(
  b: Uint8Array,
  base: number,
  end: number,
  event: AnyEvent,
  from: string,
  isClient: boolean,
): Said | null {
  let kind = 0;
  let identifier = '';
  eachOption(b, base, end, (code, at, stop) => {
    if (code === 53 && stop > at) kind = b[at];
    // A hardware address only when it says that it is Ethernet's.
    if (code === 61 && stop - at === 7 && b[at] === 1) identifier = hexText(b, at + 1, stop, ':');
  });
  if (kind === 0) return null;
  const yiaddr = event.assignedIp as string;
  return {
    id: event.id as number,
    isClient,
    kind: (kinds[kind] ?? laterKinds[kind - kinds.length] ?? `Unknown_DHCP_${kind}`).toUpperCase(),
    from: from === noAddress || from === broadcast ? '' : from,
    chaddr: event.clientMac as string,
    identifier,
    yiaddr: yiaddr === noAddress ? '' : yiaddr,
    hostName: event.hostname as string | undefined,
    fqdn: event.fqdn as string | undefined,
    domain: event.domainName as string | undefined,
    requested: event.requestedIp as string | undefined,
    leaseSec: event.leaseSec as number | undefined,
    message: event.message as string | undefined,
  };
}

function open(conversation: Conversation<typeof fields>): Talk {
  let isFirst = true;
  return {
    data(side, b, at, end) {
      if (end - at < headBytes) {
        if (isFirst) return notMine;
        conversation.weird('dhcp_truncated');
        return end - at;
      }
      let from = side;
      if (isFirst && side === 0 && isServersAnswer(conversation)) {
        conversation.swap();
        from = 1;
      }
      isFirst = false;
      const event = readMessage(b, at, end);
      conversation.confirm();
      conversation.emit(event, { only: 'eve', side: from });
      if (end - at > optionsAt && hasCookie(b, at)) {
        const isClient = clientSays(conversation, from, event.type === 'request');
        const said = saidBy(b, at, end, event, conversation.address(from), isClient);
        if (said !== null) addMessage(conversation, said);
      }
      return end - at;
    },
    end: () => endTransactions(conversation),
  };
}

/** Whether the server began this flow to answer one client, so that the sides are the wrong way round. */
function isServersAnswer(conversation: Conversation): boolean {
  const { oPort, rPort } = conversation;
  return oPort === serverPort && rPort === clientPort && conversation.address(1) !== broadcast;
}

/** Ports say who is who; a relay uses the server's for both. */
function clientSays(conversation: Conversation, side: Side, isRequest: boolean): boolean {
  const from = side === 0 ? conversation.oPort : conversation.rPort;
  const to = side === 0 ? conversation.rPort : conversation.oPort;
  if (from === clientPort) return true;
  if (to === clientPort) return false;
  return isRequest;
}

function probe(b: Uint8Array, at: number, end: number, hint: ProbeHint): number {
  if (end - at < headBytes || b[at] < 1 || b[at] > 2 || b[at + 2] > 16 || b[at + 3] > 16) return probed.no;
  if (hint.length < cookieAt) return probed.no;
  if (end - at >= optionsAt && hasCookie(b, at)) return probed.yes;
  return hint.isPort && b[at + 1] === 1 && b[at + 2] === 6 ? probed.yes : probed.no;
}

export const dhcp = defineProtocol({
  name: 'dhcp',
  title: 'DHCP',
  family: 'machine',
  ports: { udp: [serverPort, clientPort, 4011] },
  zeekLog: 'dhcp',
  zeekService: 'dhcp',
  perMessage: [
    'type',
    'id',
    'clientMac',
    'assignedIp',
    'clientIp',
    'relayIp',
    'nextServerIp',
    'dhcpType',
    'clientId',
    'hostname',
    'requestedIp',
    'params',
    'vendorClass',
    'subnetMask',
    'routers',
    'dnsServers',
    'leaseSec',
    'renewalSec',
    'rebindingSec',
    'serverId',
    'fqdn',
    'domainName',
    'message',
    'fingerprint',
  ],
  fields,
  probe: startingWith(oneOf(1, 2), probe),
  open,
});
