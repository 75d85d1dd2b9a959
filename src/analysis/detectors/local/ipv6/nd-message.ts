// A message of IPv6 neighbour discovery (RFC 4861 §4), read in place; reused for every message.

import type { Packet } from '../../../../core/index.ts';
import { macHigh, macLow } from '../mac.ts';

export const ndRouterAdvertisement = 134;
export const ndSolicitation = 135;
export const ndAdvertisement = 136;
export const ndRedirect = 137;

const sourceLinkLayer = 1;
const targetLinkLayer = 2;
const prefixInformation = 3;
/** Options read of one message (RFC 6980: none is longer than a frame); prefixes kept. */
const optionLimit = 32;
export const prefixLimit = 8;

export class NdMessage {
  /** ICMPv6 type 133 to 137; 0: the frame at hand is none. */
  type = 0;
  /** Ethernet source, 0 0 where there is none. */
  from0 = 0;
  from1 = 0;
  /** Link-layer address in the options, else that of the frame (but for what comes from `::`). */
  mac0 = 0;
  mac1 = 0;
  hasMac = false;
  /** Target of solicitation, advertisement and redirect. */
  target0 = 0;
  target1 = 0;
  target2 = 0;
  target3 = 0;
  /** Neighbour advertisement: router, solicited, override (RFC 4861 §4.4). */
  isFromRouter = false;
  isSolicited = false;
  isOverride = false;
  /** Router advertisement: lifetime in seconds, preference (RFC 4191: 1 high, 0 medium, 3 low), prefixes (four words each). */
  lifetimeSec = 0;
  preference = 0;
  prefixes = 0;
  readonly prefixWords = new Int32Array(4 * prefixLimit);

  read(p: Packet): boolean {
    this.type = 0;
    if (p.l4Ok === 0 || p.icmpType < 133 || p.icmpType > 137 || p.icmpCode !== 0) return false;
    // RFC 4861 §6.1, §7.1: what was forwarded is not from this link and must be passed over.
    if (p.ttl !== 255) return false;
    const b = p.bytes;
    const at = p.l4At;
    const head = p.icmpType === 133 ? 8 : p.icmpType === 134 ? 16 : p.icmpType === 137 ? 40 : 24;
    if (p.payloadEnd - at < head) return false;
    this.from0 = p.srcMacAt < 0 ? 0 : macHigh(b, p.srcMacAt);
    this.from1 = p.srcMacAt < 0 ? 0 : macLow(b, p.srcMacAt + 4);
    this.mac0 = this.from0;
    this.mac1 = this.from1;
    this.hasMac = false;
    this.prefixes = 0;
    if (p.icmpType === ndRouterAdvertisement) {
      this.lifetimeSec = (b[at + 6] << 8) | b[at + 7];
      this.preference = (b[at + 5] >>> 3) & 3;
    } else if (p.icmpType !== 133) this.#readTarget(b, at);
    this.#readOptions(b, at + head, p.payloadEnd);
    this.type = p.icmpType;
    return true;
  }

  #readTarget(b: Uint8Array, at: number): void {
    this.isFromRouter = (b[at + 4] & 0x80) !== 0;
    this.isSolicited = (b[at + 4] & 0x40) !== 0;
    this.isOverride = (b[at + 4] & 0x20) !== 0;
    this.target0 = macHigh(b, at + 8);
    this.target1 = macHigh(b, at + 12);
    this.target2 = macHigh(b, at + 16);
    this.target3 = macHigh(b, at + 20);
  }

  #readOptions(b: Uint8Array, from: number, end: number): void {
    let at = from;
    for (let i = 0; i < optionLimit && at + 8 <= end; i++) {
      const length = b[at + 1] * 8;
      if (length === 0 || at + length > end) return;
      const kind = b[at];
      if (kind === sourceLinkLayer || kind === targetLinkLayer) {
        this.mac0 = macHigh(b, at + 2);
        this.mac1 = macLow(b, at + 6);
        this.hasMac = true;
      } else if (kind === prefixInformation && length >= 32 && this.prefixes < prefixLimit) {
        for (let w = 0; w < 4; w++) this.prefixWords[4 * this.prefixes + w] = macHigh(b, at + 16 + 4 * w);
        this.prefixes++;
      }
      at += length;
    }
  }
}
