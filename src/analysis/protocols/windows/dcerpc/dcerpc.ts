// DCE/RPC (C706, MS-RPCE) over TCP, from the endpoint mapper at 135 and at the ports it gives, and over UDP (version 4).

import { type EventOf, number, object, objects, text } from '../../../../core/index.ts';
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
} from '../../protocol.ts';
import { type NtlmChallenge, ntlm, ntlmLogin } from '../ntlm.ts';
import { nameLogins, readSecurityToken } from '../spnego.ts';
import { interfacesOf, type RpcCall, RpcCalls, requestWord, responseWord } from './calls.ts';
import { interfaceName, operationName } from './interfaces.ts';
import {
  type DatagramPdu,
  datagramHeaderBytes,
  fragmentBytes,
  headerBytes,
  isDatagramHeader,
  isFromClient,
  isHeader,
  type Pdu,
  pduType,
  readDatagram,
  readPdu,
  stubAt,
  typeName,
} from './pdu.ts';

const fields = {
  request: text('Request', { eve: 'dcerpc.request', filter: 'dcerpc.pkt_type' }),
  response: text('Response', { eve: 'dcerpc.response' }),
  callId: number('Call', { eve: 'dcerpc.call_id', filter: 'dcerpc.cn_call_id' }),
  interfaces: objects('Interfaces', { eve: 'dcerpc.interfaces' }),
  req: object('Size of the request', { eve: 'dcerpc.req' }),
  res: object('Size of the response', { eve: 'dcerpc.res' }),
  activity: text('Activity', { eve: 'dcerpc.activityuuid' }),
  sequence: number('Sequence number', { eve: 'dcerpc.seqnum' }),
  rpcVersion: text('Version', { eve: 'dcerpc.rpc_version', filter: 'dcerpc.ver' }),
  rttUs: number('Time until the response', { eve: false, zeek: 'rtt', unit: 'us' }),
  pipe: text('Pipe or port', { eve: false, zeek: 'named_pipe' }),
  endpoint: text('Interface', { eve: false, zeek: 'endpoint' }),
  operation: text('Operation', { eve: false, zeek: 'operation' }),
};
type Event = EventOf<typeof fields>;

/** Hint, context and cancel count of a response. */
const responseTailBytes = 8;
/** Calls up to so many bytes are waited for whole. */
const shortBytes = 512;
/** Where a login to a domain controller begins with eight random bytes (MS-NRPC 3.5.4.4.1). */
const netlogonUuid = '12345678-1234-abcd-ef00-01234567cffb';
const requestChallenge = 4;
/** Datagram calls without a response that are remembered. */
const datagramLimit = 64;

class DcerpcTalk implements Talk {
  readonly #conversation: Conversation<typeof fields>;
  readonly #calls = new RpcCalls();
  #challenge: NtlmChallenge | null = null;
  #isConfirmed = false;
  /** The other side's bytes are lost where they do not begin with a header. */
  readonly #isLost: [boolean, boolean] = [false, false];

  constructor(conversation: Conversation<typeof fields>) {
    this.#conversation = conversation;
  }

  data(side: Side, b: Uint8Array, at: number, end: number): number {
    let o = at;
    while (end - o >= headerBytes) {
      if (!isHeader(b, o)) {
        if (!this.#isConfirmed) return notMine;
        // Bytes that cannot be read are passed over until a message begins with them.
        this.#isLost[side] = true;
        return end - at;
      }
      this.#isLost[side] = false;
      const next = o + fragmentBytes(b, o);
      const type = b[o + 2];
      const isCall = type === pduType.request || type === pduType.response || type === pduType.fault;
      // Stub data is not looked at; what carries a proof is shown whole.
      const needed = isCall && next - o > shortBytes ? Math.min(next, o + stubAt) : next;
      if (end < needed) break;
      this.#heard(side, readPdu(b, o, end), b, o);
      o = next;
    }
    return o - at;
  }

  gap(side: Side): void {
    this.#isLost[side] = true;
  }

  end(): void {
    for (const call of this.#calls.rest()) this.#tell(call);
  }

  #heard(side: Side, pdu: Pdu, b: Uint8Array, at: number): void {
    if (!this.#isConfirmed) {
      this.#isConfirmed = true;
      this.#conversation.confirm();
      if (isFromClient(pdu.type) !== (side === 0)) this.#conversation.swap();
    }
    if (pdu.proofAt >= 0 && pdu.type >= pduType.bind) this.#login(pdu, b);
    if (pdu.type === pduType.request && pdu.opnum === requestChallenge) this.#challenged(pdu, b, at);
    const call = this.#calls.hear(pdu, this.#conversation.timeUs);
    if (call !== null && call.requestType <= pduType.alter) this.#tell(call);
  }

  #login(pdu: Pdu, b: Uint8Array): void {
    const token = readSecurityToken(b, pdu.proofAt, pdu.proofEnd);
    nameLogins(this.#conversation, token);
    const message = token.ntlm;
    if (message?.challenge !== undefined) this.#challenge = message.challenge;
    if (message?.answer === undefined || message.answer.user === '') return;
    this.#conversation.emitAs(ntlm, ntlmLogin(this.#challenge, message.answer, undefined), { side: 0, only: 'log' });
  }

  /** The challenge stands last: eight zeros are no random number, and let CVE-2020-1472 guess the answer. */
  #challenged(pdu: Pdu, b: Uint8Array, at: number): void {
    const context = this.#calls.contexts.findLast((one) => one.id === pdu.contextId);
    if (context?.uuid !== netlogonUuid || pdu.proofAt >= 0 || pdu.length > shortBytes || pdu.stubBytes < 16) return;
    for (let i = at + pdu.length - 8; i < at + pdu.length; i++) if (b[i] !== 0) return;
    this.#conversation.weird('netlogon_zero_challenge');
  }

  #tell(call: RpcCall): void {
    const event: Event = { request: requestWord(call), response: responseWord(call), callId: call.callId };
    event.rpcVersion = `5.${call.minor}`;
    if (call.requestType === pduType.request) {
      event.req = { opnum: call.opnum, frag_cnt: call.requestFragments, stub_data_size: call.requestBytes };
    }
    if (call.responseType === pduType.response) {
      // Suricata counts a response's last 8 bytes of header among its stub data (over SMB it does not).
      const bytes = call.responseBytes + responseTailBytes * call.responseFragments;
      event.res = { frag_cnt: call.responseFragments, stub_data_size: bytes };
    }
    const interfaces = interfacesOf(this.#calls, call, false);
    if (interfaces.length > 0) event.interfaces = interfaces;
    this.#conversation.emit(event, { side: 0, only: 'eve' });
    const log = rpcLog(this.#calls, call, this.#conversation.timeUs);
    if (log !== null) this.#conversation.emit(log, { timeUs: call.timeUs, side: 0, only: 'log' });
  }
}

/** A call in the words of Zeek's dce_rpc.log; null when it is none, or its interface is not known. */
export function rpcLog(calls: RpcCalls, call: RpcCall, timeUs: number): Event | null {
  if (call.requestType !== pduType.request) return null;
  const context = calls.contextOf(call);
  if (context === undefined) return null;
  const event: Event = {
    endpoint: interfaceName(context.uuid) ?? `unknown-${context.uuid}`,
    operation: operationName(context.uuid, call.opnum) ?? `unknown-${call.opnum}`,
  };
  if (calls.secondAddress !== '') event.pipe = calls.secondAddress;
  if (call.responseType >= 0) event.rttUs = Math.max(0, timeUs - call.timeUs);
  return event;
}

interface DatagramCall {
  readonly request: DatagramPdu;
  readonly timeUs: number;
  fragments: number;
  bytes: number;
}

/** Version 4: requests and responses tell by themselves what they are, whoever sends them. */
class DatagramTalk implements Talk {
  readonly #conversation: Conversation<typeof fields>;
  readonly #pending = new Map<string, DatagramCall>();
  #isSideKnown = false;

  constructor(conversation: Conversation<typeof fields>) {
    this.#conversation = conversation;
  }

  data(side: Side, b: Uint8Array, at: number, end: number): number {
    if (!isDatagramHeader(b, at, end)) return notMine;
    const pdu = readDatagram(b, at);
    if (!this.#isSideKnown && (pdu.type === pduType.request || pdu.type === pduType.response)) {
      this.#isSideKnown = true;
      if ((pdu.type === pduType.request) !== (side === 0)) this.#conversation.swap();
    }
    const key = `${pdu.activity} ${pdu.sequence}`;
    if (pdu.type === pduType.request) this.#request(pdu, key);
    else if (pdu.type === pduType.response || pdu.type === pduType.fault || pdu.type === 6) this.#response(pdu, key);
    return end - at;
  }

  end(): void {
    for (const call of this.#pending.values()) this.#tell(call, null);
    this.#pending.clear();
  }

  #request(pdu: DatagramPdu, key: string): void {
    const open = this.#pending.get(key);
    if (open !== undefined) {
      open.fragments++;
      open.bytes += pdu.stubBytes;
      return;
    }
    if (this.#pending.size >= datagramLimit) this.#pending.delete(this.#pending.keys().next().value as string);
    this.#pending.set(key, { request: pdu, timeUs: this.#conversation.timeUs, fragments: 1, bytes: pdu.stubBytes });
  }

  #response(pdu: DatagramPdu, key: string): void {
    if (!pdu.isLast) return;
    this.#conversation.confirm();
    let call = this.#pending.get(key);
    if (call === undefined) {
      // Some answer without a sequence number of their own.
      const [first] = this.#pending;
      if (first?.[0].startsWith(pdu.activity)) call = first[1];
    }
    if (call === undefined) return;
    this.#pending.delete(`${call.request.activity} ${call.request.sequence}`);
    this.#tell(call, pdu);
  }

  #tell(call: DatagramCall, response: DatagramPdu | null): void {
    const { request, timeUs } = call;
    const event: Event = {
      request: typeName(request.type),
      response: response === null ? 'UNREPLIED' : typeName(response.type),
      req: { opnum: request.opnum, frag_cnt: call.fragments, stub_data_size: call.bytes },
      activity: request.activity,
      sequence: request.sequence,
      rpcVersion: '4.0',
    };
    if (response?.type === pduType.response) event.res = { frag_cnt: 1, stub_data_size: response.stubBytes };
    this.#conversation.emit(event, { side: 0, only: 'eve' });
    const log: Event = {
      endpoint: interfaceName(request.interfaceUuid) ?? `unknown-${request.interfaceUuid}`,
      operation: operationName(request.interfaceUuid, request.opnum) ?? `unknown-${request.opnum}`,
    };
    if (response !== null) log.rttUs = Math.max(0, this.#conversation.timeUs - timeUs);
    this.#conversation.emit(log, { timeUs, side: 0, only: 'log' });
  }
}

const probe: Probe = (b, at, end, hint) => {
  if (hint.proto === 17) {
    // Nothing says so but zeros in the right places: flags that exist, an authentication that is known.
    if (!isDatagramHeader(b, at, end) || (b[at + 2] & 0x80) !== 0 || (b[at + 3] & 0xfc) !== 0) return probed.no;
    const whole = readDatagram(b, at).stubBytes + datagramHeaderBytes;
    const fits = b[at + 78] === 0 ? hint.length === whole : b[at + 78] <= 16 && hint.length > whole;
    return fits ? probed.yes : probed.no;
  }
  if (b[at] !== 5) return probed.no;
  if (end - at >= 3 && (b[at + 1] > 1 || b[at + 2] > 20)) return probed.no;
  if (end - at < headerBytes) return probed.maybe;
  return isHeader(b, at) && (b[at + 3] & 0x40) === 0 ? probed.yes : probed.no;
};

export const dcerpc = defineProtocol({
  name: 'dcerpc',
  title: 'DCE/RPC',
  family: 'machine',
  zeekLog: 'dce_rpc',
  zeekService: 'dce_rpc',
  ports: { tcp: [135], udp: [135] },
  perMessage: ['request', 'response', 'callId', 'interfaces', 'req', 'res', 'activity', 'sequence', 'rpcVersion'],
  fields,
  probe: startingWith(oneOf(4, 5), probe),
  open: (conversation) => (conversation.proto === 17 ? new DatagramTalk(conversation) : new DcerpcTalk(conversation)),
});
