// What contradicts TCP's rules in segments (RFC 9293 §3.10, RFC 5961, RFC 7413), beyond what is repeated or lost: forged or
// evasive segments, mostly. Looks at control segments and at repetitions only; everything else is remembered in passing.

import type { Oddity } from '../../../core/index.ts';
import { type Packet, tcpFlag } from '../../../core/packet.ts';
import * as row from '../flow-row.ts';
import type { FlowTable } from '../flow-table.ts';
import type { TcpAnalysis } from '../tcp-analysis.ts';
import { copies, SegmentMemory } from './segment-memory.ts';

const { syn, ack, rst, fin, urg } = tcpFlag;
/** Segments up to this long are remembered anywhere; longer ones within so many bytes of the connection's beginning. */
const shortBytes = 256;
const beginningBytes = 1 << 14;
/** Numbers this far away belong to no window: the largest one without scaling, twice. */
const outsideBytes = 1 << 17;
/** Option of TCP Fast Open, and the experimental one used before it (RFC 7413 §4.1, RFC 6994). */
const fastOpen = 34;
const experiment = 254;

/** Told for each oddity of a segment; more than one may come. */
export type TellOdd = (what: Oddity, p: Packet, value: number, limit: number) => void;

export class TcpOddities {
  readonly #w: Int32Array;
  readonly #d: Float64Array;
  readonly #tcp: TcpAnalysis;
  readonly #memory = new SegmentMemory();
  readonly #tell: TellOdd;

  constructor(table: FlowTable, tcp: TcpAnalysis, tell: TellOdd) {
    this.#w = table.words;
    this.#d = table.doubles;
    this.#tcp = tcp;
    this.#tell = tell;
  }

  /**
   * Judges a segment. To be called when the flow's state knows it and the sequence analysis does not yet.
   * @param birth tells the conversation from others on the same row
   */
  see(r: number, dir: number, birth: number, p: Packet): void {
    if ((p.tcpFlags & (syn | rst | fin | urg)) !== 0) this.#control(r, dir, p);
    if (p.payloadLen === 0 || (p.tcpFlags & (syn | rst)) !== 0) return;
    const next = this.#tcp.next(r, dir);
    const key = (r << 1) | dir;
    if (next !== 0) {
      // A single byte is a keep-alive or a probe, whatever it is (RFC 9293 §3.8.4).
      const isOld = ((p.seq - next) | 0) < 0 && p.payloadLen > 1;
      if (isOld && this.#memory.compare(key, birth, p) === copies.different)
        this.#tell('tcp.conflict', p, this.#memory.sign, 0);
    }
    if (this.#isWorthKeeping(r, dir, p)) this.#memory.keep(key, birth, p);
  }

  #isWorthKeeping(r: number, dir: number, p: Packet): boolean {
    if (p.payloadLen <= shortBytes) return true;
    return (p.seq - this.#w[r * row.ROW_WORDS + row.W_BASE_SEQ + dir]) >>> 0 < beginningBytes;
  }

  #control(r: number, dir: number, p: Packet): void {
    const flags = p.tcpFlags;
    // A host that talks to itself on one port: no side can be told.
    if (p.srcPort === p.dstPort && p.src0 === p.dst0 && p.src3 === p.dst3) return;
    if ((flags & urg) !== 0) {
      const b = p.bytes;
      this.#tell('tcp.urgent', p, (b[p.l4At + 18] << 8) | b[p.l4At + 19], p.payloadLen);
    }
    if ((flags & (syn | rst | fin)) === syn) {
      if ((flags & ack) !== 0) this.#synAck(r, dir, p);
      else this.#syn(r, dir, p);
    } else if ((flags & syn) === 0) this.#ending(r, dir, p);
  }

  #syn(r: number, dir: number, p: Packet): void {
    const state = this.#w[r * row.ROW_WORDS + row.W_STATE];
    if (p.payloadLen > 0 && !hasOption(p, fastOpen) && !hasOption(p, experiment))
      this.#tell('tcp.syn-data', p, p.payloadLen, 0);
    const others = (row.STATE_SYN << (1 - dir)) | (row.STATE_SYN_ACK << (1 - dir));
    const isOther = (state & others) === row.STATE_SYN << (1 - dir);
    if (isOther && p.payloadLen === 0 && (state & row.STATE_CLOSED) === 0) this.#tell('tcp.split-handshake', p, 0, 0);
  }

  #synAck(r: number, dir: number, p: Packet): void {
    const w = this.#w;
    const o = r * row.ROW_WORDS;
    const state = w[o + row.W_STATE];
    const other = 1 - dir;
    if ((state & (row.STATE_SYN << other)) !== 0) {
      // A SYN may carry data, and the answer may take it (RFC 7413): then it acknowledges more.
      const beyond = (p.ack - w[o + row.W_BASE_SEQ + other] - 1) | 0;
      if (beyond < 0 || beyond > 1500) this.#tell('tcp.syn-ack-number', p, p.ack >>> 0, 0);
    }
    // The reset came behind the last SYN: nobody who obeyed it would answer now.
    const lastUs = this.#tcp.lastUs(r, dir);
    const isReset = (state & row.STATE_RESET) !== 0 && (state & (row.STATE_RST << dir)) !== 0;
    if (isReset && lastUs > this.#d[r * row.ROW_DOUBLES + row.D_SYN_US]) this.#tell('tcp.after-reset', p, 0, 0);
    const before = this.#tcp.next(r, dir);
    if (before !== 0 && lastUs > 0 && (w[o + row.W_EVER] & (row.EVER_BASE << dir)) !== 0) {
      const isOther = w[o + row.W_BASE_SEQ + dir] !== p.seq;
      if (isOther && !isReset) this.#tell('tcp.syn-ack-twice', p, p.seq >>> 0, 0);
    }
  }

  /** Resets and FINs. */
  #ending(r: number, dir: number, p: Packet): void {
    const isReset = (p.tcpFlags & rst) !== 0;
    if (isReset && p.payloadLen > 0) this.#tell('tcp.rst-data', p, p.payloadLen, 0);
    const state = this.#w[r * row.ROW_WORDS + row.W_STATE];
    const next = this.#tcp.next(r, dir);
    if (next === 0 || (state & row.STATE_ESTABLISHED) === 0) return;
    const away = Math.abs((p.seq - next) | 0);
    // A reset that answers no acknowledgment has the number 0 (RFC 9293 §3.5.2).
    if (away <= outsideBytes || (isReset && p.seq === 0)) return;
    this.#tell(isReset ? 'tcp.rst-outside' : 'tcp.fin-outside', p, away, outsideBytes);
  }
}

/** Whether the header has an option of a kind, in what was captured. */
export function hasOption(p: Packet, kind: number): boolean {
  const b = p.bytes;
  const end = Math.min(p.l4At + p.tcpHeaderLen, p.end);
  let at = p.l4At + 20;
  while (at < end && b[at] !== 0) {
    if (b[at] === kind) return true;
    if (b[at] === 1) at++;
    else if (at + 1 < end && b[at + 1] >= 2) at += b[at + 1];
    else return false;
  }
  return false;
}
