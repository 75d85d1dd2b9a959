// Messages of DHCP that belong together, one row each, in the way of Zeek's dhcp.log.
//
// A client's broadcast and the server's answer are different flows: what ties them is the transaction's number alone. So
// transactions are shared by all flows; each is told by the conversation it began in, at the latest when that ends.

import { type EventOf, number, numbers, text, texts } from '../../../core/index.ts';
import type { Conversation } from '../protocol.ts';

/** A transaction is over when nothing came for so long, or after so long altogether. */
const silenceUs = 5e6;
const watchUs = 30e6;
/** Messages of one transaction, and transactions at a time. */
const messageLimit = 50;
const transactionLimit = 4096;

const log = (zeek: string) => ({ eve: false, zeek }) as const;

export const transactionFields = {
  flowIds: numbers('Flows of its messages', log('uids')),
  clientAddress: text('Address of the client', log('client_addr')),
  serverAddress: text('Address of the server that gave an address', log('server_addr')),
  mac: text('Hardware address of the client', log('mac')),
  hostName: text('Name that the client gave itself', log('host_name')),
  clientFqdn: text('Full name that the client gave itself', log('client_fqdn')),
  domain: text('Domain that the server gave', log('domain')),
  requestedAddress: text('Address that the client asked for', log('requested_addr')),
  assignedAddress: text('Address that the server gave', log('assigned_addr')),
  leaseUs: number('How long the address is lent', { ...log('lease_time'), unit: 'us' }),
  clientMessage: text('Why the client declined', log('client_message')),
  serverMessage: text('Why the server refused', log('server_message')),
  messageTypes: texts('Kinds of messages in order', log('msg_types')),
  durationUs: number('Time from the first message to the last', { ...log('duration'), unit: 'us' }),
};

export type TransactionRow = EventOf<typeof transactionFields>;

/** What a message says about its transaction. */
export interface Said {
  readonly id: number;
  readonly isClient: boolean;
  readonly kind: string;
  /** Address of the sender; empty when it has none yet. */
  readonly from: string;
  readonly chaddr: string;
  /** Hardware address out of the client identifier; empty when there is none. */
  readonly identifier: string;
  readonly yiaddr: string;
  readonly hostName: string | undefined;
  readonly fqdn: string | undefined;
  readonly domain: string | undefined;
  readonly requested: string | undefined;
  readonly leaseSec: number | undefined;
  readonly message: string | undefined;
}

interface Transaction {
  readonly owner: Conversation<typeof transactionFields>;
  readonly row: TransactionRow;
  readonly firstUs: number;
  lastUs: number;
  chaddr: string;
}

/** By number, oldest first. */
const open = new Map<number, Transaction>();

/** Adds a message to its transaction. */
export function addMessage(conversation: Conversation<typeof transactionFields>, said: Said): void {
  const nowUs = conversation.timeUs;
  sweep(nowUs);
  let one = open.get(said.id);
  if (one === undefined) {
    one = { owner: conversation, row: { flowIds: [], messageTypes: [] }, firstUs: nowUs, lastUs: nowUs, chaddr: '' };
    open.set(said.id, one);
  }
  one.lastUs = nowUs;
  const { row } = one;
  row.durationUs = Math.max(0, nowUs - one.firstUs);
  row.messageTypes?.push(said.kind);
  if (row.flowIds?.includes(conversation.flowId) === false) row.flowIds.push(conversation.flowId);
  if (said.isClient) addClient(one, said);
  else addServer(row, said);
  if ((row.messageTypes?.length ?? 0) >= messageLimit) close(said.id, one);
}

/** Tells the transactions that began in a conversation. */
export function endTransactions(conversation: Conversation<typeof transactionFields>): void {
  for (const [id, one] of open) if (one.owner === conversation) close(id, one);
}

function sweep(nowUs: number): void {
  for (const [id, one] of open) {
    const isOver = nowUs - one.firstUs > watchUs || nowUs - one.lastUs > silenceUs || nowUs < one.firstUs;
    if (!isOver && open.size < transactionLimit) return;
    close(id, one);
  }
}

function close(id: number, one: Transaction): void {
  open.delete(id);
  if (one.row.mac === undefined && one.chaddr !== '') one.row.mac = one.chaddr;
  one.owner.emit(one.row, { only: 'log', timeUs: one.firstUs, side: 0 });
}

function addClient(one: Transaction, said: Said): void {
  const { row } = one;
  if (said.message !== undefined) row.clientMessage = said.message;
  if (said.from !== '') row.clientAddress = said.from;
  if (said.hostName !== undefined) row.hostName = said.hostName;
  if (said.fqdn !== undefined) row.clientFqdn = said.fqdn;
  if (said.identifier !== '') row.mac = said.identifier;
  else one.chaddr = said.chaddr;
  if (said.requested !== undefined) row.requestedAddress = said.requested;
}

function addServer(row: TransactionRow, said: Said): void {
  if (said.message !== undefined) row.serverMessage = said.message;
  if (said.chaddr !== '') row.mac ??= said.chaddr;
  if (said.yiaddr !== '') {
    row.serverAddress = said.from;
    row.assignedAddress = said.yiaddr;
  }
  if (row.assignedAddress !== undefined) row.clientAddress ??= row.assignedAddress;
  if (said.domain !== undefined) row.domain = said.domain;
  if (said.leaseSec !== undefined) row.leaseUs = said.leaseSec * 1_000_000;
}
