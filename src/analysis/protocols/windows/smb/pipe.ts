// DCE/RPC through a named pipe: fragments written and read, in SMB messages of any size.

import { interfacesOf, type RpcCall, RpcCalls, requestWord, responseWord } from '../dcerpc/calls.ts';
import { dcerpc, rpcLog } from '../dcerpc/dcerpc.ts';
import { fragmentBytes, headerBytes, isHeader, pduType, readPdu } from '../dcerpc/pdu.ts';
import type { SmbEvent } from './fields.ts';
import type { OpenFile, SmbSession } from './session.ts';
import { setStatus } from './status.ts';

/** The SMB message a call came with. */
export interface Carrier {
  readonly id: number;
  readonly command: string;
  readonly sessionId: number;
  readonly treeId: number;
}

export class Pipe {
  readonly calls = new RpcCalls();
  /** Bytes of a fragment that come with the messages after this one, by side. */
  readonly #rest: [number, number] = [0, 0];

  /**
   * Takes in what was written (side 0) or read (side 1); `length` is what there was, of which `at`..`end` is at hand.
   * @param makeCarrier called for each call that begins
   * @returns false when this is not DCE/RPC
   */
  hear(
    session: SmbSession,
    file: OpenFile,
    side: 0 | 1,
    b: Uint8Array,
    at: number,
    end: number,
    length: number,
    status: number,
    makeCarrier: () => Carrier,
  ): boolean {
    const stop = at + length;
    let o = at + this.#rest[side];
    if (o > stop) {
      this.#rest[side] = o - stop;
      return true;
    }
    this.#rest[side] = 0;
    while (o + headerBytes <= end && isHeader(b, o)) {
      const pdu = readPdu(b, o, end);
      const begins = side === 0 && pdu.isFirst;
      const call = this.calls.hear(pdu, session.conversation.timeUs, begins ? makeCarrier() : undefined);
      if (call !== null && call.requestType <= pduType.alter) this.tell(session, call, file, status);
      o += fragmentBytes(b, o);
      if (o > stop) this.#rest[side] = o - stop;
    }
    return o > at;
  }

  tell(session: SmbSession, call: RpcCall, file: OpenFile, status: number | undefined): void {
    const carrier = call.owner as Carrier | undefined;
    const event: SmbEvent = {
      id: carrier?.id ?? session.nextId(),
      command: carrier?.command ?? (file.version === 2 ? 'SMB2_COMMAND_READ' : 'SMB1_COMMAND_READ_ANDX'),
      sessionId: carrier?.sessionId ?? file.sessionId,
      treeId: carrier?.treeId ?? file.treeId,
      dcerpc: rpcPart(this.calls, call),
    };
    if (status !== undefined) setStatus(event, status);
    event.latencyUs = Math.max(0, session.conversation.timeUs - call.timeUs);
    session.tell(event);
    const log = rpcLog(this.calls, call, session.conversation.timeUs);
    if (log === null) return;
    if (log.pipe === undefined && file.name !== '') log.pipe = file.name;
    session.conversation.emitAs(dcerpc, log, { timeUs: call.timeUs, side: 0, only: 'log' });
  }
}

function rpcPart(calls: RpcCalls, call: RpcCall): Record<string, unknown> {
  const part: Record<string, unknown> = { request: requestWord(call), response: responseWord(call) };
  if (call.requestType === pduType.request) {
    part.opnum = call.opnum;
    part.req = { frag_cnt: call.requestFragments, stub_data_size: call.requestBytes };
  }
  const interfaces = interfacesOf(calls, call, true);
  if (interfaces.length > 0) part.interfaces = interfaces;
  if (call.responseType === pduType.response) {
    part.res = { frag_cnt: call.responseFragments, stub_data_size: call.responseBytes };
  }
  part.call_id = call.callId;
  return part;
}
