// Zeek's conn_state of a conversation (Zeek reference, base/protocols/conn): thirteen words for how far it came.

import type { Flow } from '../../core/index.ts';
import * as row from './flow-row.ts';

/** The word for a row's state; `flow` gives protocol and packets of both sides, originator first. */
export function connState(state: number, flow: Flow): string {
  if (flow.proto !== 6) {
    if (flow.proto === 1 || flow.proto === 58) return 'OTH';
    // For UDP and the rest an answer is all there is to know.
    if (flow.oPackets > 0 && flow.rPackets > 0) return 'SF';
    return flow.oPackets > 0 ? 'S0' : 'SHR';
  }
  const origin = (state & row.STATE_ORIGIN_HIGH) !== 0 ? 1 : 0;
  const responder = 1 - origin;
  const has = (bit: number, dir: number): boolean => (state & (bit << dir)) !== 0;
  const syn = has(row.STATE_SYN, origin);
  const synAck = has(row.STATE_SYN_ACK, responder);
  const oFin = has(row.STATE_FIN, origin);
  const rFin = has(row.STATE_FIN, responder);
  const isReset = (state & row.STATE_RESET) !== 0;
  const resetByOrigin = isReset && ((state & row.STATE_RST_HIGH) !== 0) === (origin === 1);
  // A side is active once it took part in a handshake or said that it is done.
  if (isReset && !resetByOrigin) return syn && !synAck ? 'REJ' : syn || oFin ? 'RSTR' : 'RSTRH';
  if (isReset) return synAck || rFin ? 'RSTO' : syn ? 'RSTOS0' : 'OTH';
  if (oFin && rFin) return 'SF';
  if (oFin) return synAck ? 'S2' : 'SH';
  if (rFin) return syn ? 'S3' : 'SHR';
  if (syn && synAck) return 'S1';
  return syn && flow.rPackets === 0 ? 'S0' : 'OTH';
}
