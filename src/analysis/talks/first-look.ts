// The first payloads of a flow, looked at before anything is kept for it: a flow that nobody knows, of which there are many
// in a scan or among enciphered traffic, never gets a conversation.

import { ipProto, type Packet, tcpFlag } from '../../core/index.ts';
import * as row from '../flows/flow-row.ts';
import type { FlowTable } from '../flows/index.ts';
import type { Protocol, Side } from '../protocols/protocol.ts';
import { Hint, hopelessDatagrams, hopelessTurns, type Probing } from './probing.ts';

/** What a look comes to. */
export const looked = {
  /** Nobody knows these bytes; what comes next may tell. */
  wait: 0,
  /** Somebody knows or hopes, or order has to be made first: a conversation is needed. */
  open: 1,
  /** Nobody will know. */
  over: 2,
} as const;

/** A look, above the bits of the two sides that have spoken. */
const oneLook = 4;

export class FirstLook {
  readonly #table: FlowTable;
  readonly #probing: Probing;
  readonly #hint = new Hint();
  /** By row: sides that said what nobody knows (bits 0 and 1), and how many looks there were. */
  readonly #looks: Uint8Array;
  /** By row: how even the bytes of the responder's first payload are that nobody knows, 1 to 255; 0 when not looked at. */
  readonly #noise: Uint8Array;
  /** Set by a look that opens: who knows the bytes; null when somebody only hopes. */
  found: Protocol | null = null;

  constructor(table: FlowTable, probing: Probing) {
    this.#table = table;
    this.#probing = probing;
    this.#looks = new Uint8Array(table.capacity);
    this.#noise = new Uint8Array(table.capacity);
  }

  /** A flow, or a part of one, begins on the row. */
  begin(r: number): void {
    this.#looks[r] = 0;
    this.#noise[r] = 0;
  }

  /** How near the first payload of the responder is to noise, 0 to 1; 0 when somebody knows it, or it was short. */
  noise(r: number): number {
    return this.#noise[r] / 255;
  }

  /** Whether that side of the row's stream has been passed over. */
  hasPassed(r: number, side: Side): boolean {
    return (this.#looks[r] & (1 << side)) !== 0;
  }

  hasLooked(r: number): boolean {
    return this.#looks[r] !== 0;
  }

  /** A packet with payload, of a row without a conversation. */
  look(r: number, dir: number, side: Side, p: Packet): number {
    this.found = null;
    const isStream = p.proto === ipProto.tcp;
    const before = this.#looks[r];
    if (isStream) {
      if ((before & (1 << side)) !== 0) return this.#pass(r, before, hopelessTurns);
      if (!this.#isFirst(r, dir, p)) return looked.open;
    }
    const end = Math.max(p.payloadAt, p.payloadEnd);
    this.#fillHint(r, side, isStream ? end - p.payloadAt : p.payloadLen);
    this.found = this.#probing.find(p.bytes, p.payloadAt, end, this.#hint, none, null);
    if (this.found !== null || this.#probing.hopeful.length > 0) return looked.open;
    // An answer shows that it is no flood, so that there is time for this.
    if (side === 1 && this.#noise[r] === 0) this.#noise[r] = Math.round(255 * noiseOf(p.bytes, p.payloadAt, end));
    const now = before | (1 << side);
    if (isStream && (now & 3) === 3) return looked.over;
    return this.#pass(r, now, isStream ? hopelessTurns : hopelessDatagrams);
  }

  #pass(r: number, looks: number, most: number): number {
    this.#looks[r] = looks + oneLook;
    return (looks + oneLook) >> 2 >= most ? looked.over : looked.wait;
  }

  /** Whether the segment begins the stream of its side, as far as that is known. */
  #isFirst(r: number, dir: number, p: Packet): boolean {
    const w = this.#table.words;
    const o = r * row.ROW_WORDS;
    if ((p.tcpFlags & tcpFlag.syn) !== 0) return false;
    if (w[o + row.W_IFACE] >>> 16 !== 0 || (w[o + row.W_EVER] & (row.EVER_BASE << dir)) === 0) return true;
    return p.seq === ((w[o + row.W_BASE_SEQ + dir] + 1) | 0);
  }

  #fillHint(r: number, side: Side, length: number): void {
    const w = this.#table.words;
    const o = r * row.ROW_WORDS;
    const ports = w[o + row.W_PORTS];
    const isHigh = (w[o + row.W_STATE] & row.STATE_ORIGIN_HIGH) !== 0;
    const hint = this.#hint;
    hint.proto = w[o + row.W_KIND] & 255;
    hint.side = side;
    hint.oPort = isHigh ? ports & 0xffff : ports >>> 16;
    hint.rPort = isHigh ? ports >>> 16 : ports & 0xffff;
    hint.length = length;
  }

  /** The name that the ports of a row's flow have; undefined when they have none. */
  nameOfPorts(r: number): string | undefined {
    this.#fillHint(r, 0, 0);
    const { proto, rPort, oPort } = this.#hint;
    return this.#probing.ofPorts(proto, rPort, oPort);
  }
}

const none: readonly never[] = [];

/** Bytes from which on evenness says something, and bytes that are counted. */
const noiseBytes = 64;
const noiseMost = 1024;
const counts = new Uint16Array(256);

/** By length: the entropy that so many bytes of pure noise have on average; made when first wanted. */
const ofNoise = new Float64Array(noiseMost + 1);

/** Shannon's entropy of bytes, as a share of what noise of the same length has: text about 0.75, enciphered near 1. */
export function noiseOf(b: Uint8Array, at: number, end: number): number {
  const n = Math.min(noiseMost, end - at);
  if (n < noiseBytes) return 0;
  counts.fill(0);
  for (let i = at; i < at + n; i++) counts[b[i]]++;
  let sum = 0;
  for (let i = 0; i < 256; i++) if (counts[i] > 1) sum += counts[i] * Math.log2(counts[i]);
  if (ofNoise[n] === 0) ofNoise[n] = entropyOfNoise(n);
  return Math.max(0, Math.min(1, (Math.log2(n) - sum / n) / ofNoise[n]));
}

/** How often each byte comes is spread as by Poisson. */
function entropyOfNoise(n: number): number {
  const mean = n / 256;
  let chance = Math.exp(-mean);
  let sum = 0;
  for (let k = 1; k < 64; k++) {
    chance *= mean / k;
    sum += chance * k * Math.log2(k);
  }
  return Math.log2(n) - sum / mean;
}
