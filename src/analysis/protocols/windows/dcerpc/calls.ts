// Calls of one DCE/RPC association put together: fragments counted, requests joined with their responses.

import { interfaceName, operationName } from './interfaces.ts';
import { type Context, isFromClient, type Pdu, pduType, typeName } from './pdu.ts';

export interface RpcCall {
  /** Type of the request; -1 when it was not seen. */
  readonly requestType: number;
  /** Type of the response; -1 when it was not seen. */
  responseType: number;
  readonly callId: number;
  readonly contextId: number;
  readonly opnum: number;
  readonly minor: number;
  readonly timeUs: number;
  requestFragments: number;
  requestBytes: number;
  responseFragments: number;
  responseBytes: number;
  /** What the one who asked wants to have back with the call. */
  readonly owner: unknown;
}

const pendingLimit = 64;
const contextLimit = 64;

/** The state of one association: a TCP connection, or a named pipe. */
export class RpcCalls {
  readonly contexts: Context[] = [];
  /** Pipe or port the server told in its answer to the bind. */
  secondAddress = '';
  readonly #pending = new Map<number, RpcCall>();

  /** Takes in what was said; gives the call when this was its last fragment, null otherwise. */
  hear(pdu: Pdu, timeUs: number, owner?: unknown): RpcCall | null {
    return isFromClient(pdu.type) ? this.#request(pdu, timeUs, owner) : this.#response(pdu, timeUs, owner);
  }

  /** Calls without a response. */
  rest(): RpcCall[] {
    const calls = [...this.#pending.values()];
    this.#pending.clear();
    return calls;
  }

  #request(pdu: Pdu, timeUs: number, owner: unknown): RpcCall | null {
    const open = this.#pending.get(pdu.callId);
    if (open !== undefined && !pdu.isFirst) {
      open.requestFragments++;
      open.requestBytes += pdu.stubBytes;
      return null;
    }
    const call = newCall(pdu, timeUs, pdu.type, owner);
    call.requestFragments = 1;
    call.requestBytes = pdu.stubBytes;
    for (const context of pdu.contexts) if (this.contexts.length < contextLimit) this.contexts.push(context);
    // The third step of a login and a cancellation have no response.
    if (pdu.type > pduType.alter) return call;
    if (this.#pending.size >= pendingLimit) this.#pending.delete(this.#pending.keys().next().value as number);
    this.#pending.set(pdu.callId, call);
    return null;
  }

  #response(pdu: Pdu, timeUs: number, owner: unknown): RpcCall | null {
    let call = this.#pending.get(pdu.callId);
    if (call === undefined) {
      call = newCall(pdu, timeUs, -1, owner);
      if (!pdu.isLast && this.#pending.size < pendingLimit) this.#pending.set(pdu.callId, call);
    }
    call.responseType = pdu.type;
    call.responseFragments++;
    call.responseBytes += pdu.stubBytes;
    if (pdu.type === pduType.bindAck || pdu.type === pduType.alterAck) this.#answered(pdu);
    if (!pdu.isLast) return null;
    this.#pending.delete(pdu.callId);
    return call;
  }

  #answered(pdu: Pdu): void {
    if (pdu.secondAddress !== '') this.secondAddress = pdu.secondAddress;
    const asked = this.contexts.filter((context) => context.callId === pdu.callId && context.result === undefined);
    for (let i = 0; i < asked.length && i < pdu.results.length; i++) {
      asked[i].result = pdu.results[i].result;
      asked[i].reason = pdu.results[i].reason;
    }
  }

  /** The interface a call belongs to; undefined when its bind was not seen. */
  contextOf(call: RpcCall): Context | undefined {
    return this.contexts.findLast((context) => context.id === call.contextId);
  }
}

function newCall(pdu: Pdu, timeUs: number, requestType: number, owner: unknown): RpcCall {
  return {
    requestType,
    responseType: -1,
    callId: pdu.callId,
    contextId: pdu.contextId,
    opnum: pdu.opnum,
    minor: pdu.minor,
    timeUs,
    requestFragments: 0,
    requestBytes: 0,
    responseFragments: 0,
    responseBytes: 0,
    owner,
  };
}

export const requestWord = (call: RpcCall): string =>
  call.requestType < 0 ? 'REQUEST_LOST' : typeName(call.requestType);
export const responseWord = (call: RpcCall): string =>
  call.responseType < 0 ? 'UNREPLIED' : typeName(call.responseType);

/** The interfaces that EVE shows with a call: those asked for by a bind, the one of a request. */
export function interfacesOf(calls: RpcCalls, call: RpcCall, withReason: boolean): Record<string, unknown>[] {
  const isBind = call.requestType === pduType.bind;
  if (!isBind && call.requestType !== pduType.request) return [];
  const shown = calls.contexts.filter((one) => (isBind ? one.callId === call.callId : one.id === call.contextId));
  return shown.map((one) => interfacePart(one, isBind ? -1 : call.opnum, withReason));
}

function interfacePart(context: Context, opnum: number, withReason: boolean): Record<string, unknown> {
  const part: Record<string, unknown> = { uuid: context.uuid, version: context.version };
  if (context.result !== undefined) {
    part.ack_result = context.result;
    // Suricata never fills it in, but writes it: 0 is what readers of EVE know.
    if (withReason) part.ack_reason = 0;
  }
  const service = interfaceName(context.uuid);
  if (service === undefined) return part;
  part.service = service;
  const procedure = opnum < 0 ? undefined : operationName(context.uuid, opnum);
  if (procedure !== undefined) part.procedure = procedure;
  return part;
}
