// Wireless LAN data frames (IEEE 802.11 §9.2, §9.3.2).

import { net, type Packet, setProblem, verdict } from '../../../core/packet.ts';
import { problemCode } from '../../../core/problems.ts';
import type { Header } from '../tables.ts';
import { readLlc } from './llc.ts';

const truncated = problemCode('ieee80211.truncated');

//  | control, 2 | duration, 2 | address 1 | address 2 | address 3 | sequence, 2 | address 4 | qos, 2 | ht control, 4 |
//                                                                               to+from ds   bit 7 of   order bit
//                                                                                            byte 0

/** EtherType under which some drivers deliver wireless frames behind an Ethernet header. */
const behindEthernet = 0x2452;

/** Bits of the second frame control byte. */
const toDs = 0x01;
const fromDs = 0x02;
const moreFragments = 0x04;
const protectedFrame = 0x40;
const htControl = 0x80;

/** Reads a frame without a capture header. */
function readIeee80211(p: Packet, at: number, end: number): number {
  return readWirelessFrame(p, at, end, false);
}

/**
 * Reads a frame; only unencrypted, unfragmented data frames hold something for us.
 *
 * @param padded the header is padded to a multiple of 4 bytes, as some drivers do (radiotap flag 0x20)
 */
export function readWirelessFrame(p: Packet, at: number, end: number, padded: boolean): number {
  const b = p.bytes;
  if (end - at < 2) {
    setProblem(p, truncated, at, 2, end - at);
    return verdict.noFlow;
  }
  const control = b[at];
  const flags = b[at + 1];
  // Version 0, type 2 (data), and not one of the subtypes without data.
  if ((control & 0x0f) !== 8 || (control & 0x40) !== 0) return verdict.noFlow;
  const qosAt = at + ((flags & (toDs | fromDs)) === (toDs | fromDs) ? 30 : 24);
  const hasQos = (control & 0x80) !== 0;
  let size = qosAt - at + (hasQos ? 2 : 0) + (hasQos && (flags & htControl) !== 0 ? 4 : 0);
  if (padded) size = (size + 3) & ~3;
  if (end - at < size) {
    setProblem(p, truncated, at, size, end - at);
    return verdict.noFlow;
  }
  if (p.level === 0 && p.dstMacAt < 0) placeAddresses(p, at, flags);
  if (p.level === 0) p.net = net.other;
  const isFragment = (flags & moreFragments) !== 0 || (b[at + 22] & 15) !== 0;
  if (isFragment) return verdict.noFlow;
  if ((flags & protectedFrame) !== 0) {
    const clearAt = p.etherType === behindEthernet ? findDecrypted(b, at + size, end) : -1;
    return clearAt < 0 ? verdict.noFlow : readLlc(p, clearAt, end);
  }
  if (hasQos && (b[qosAt] & 0x80) !== 0) return readFirstSubframe(p, at + size, end);
  return readLlc(p, at + size, end);
}

/** The drivers that deliver frames behind Ethernet decrypt, yet leave the bit and the 4 or 8 bytes of initialization vector: then SNAP follows. Else -1. */
function findDecrypted(b: Uint8Array, at: number, end: number): number {
  for (let next = at + 4; next <= at + 8 && next + 8 <= end; next += 4) {
    if (b[next] === 0xaa && b[next + 1] === 0xaa && b[next + 2] === 3 && (b[next + 3] | b[next + 4]) === 0) return next;
  }
  return -1;
}

/** Which of the addresses are source and destination depends on the two distribution system bits (§9.3.2.1). */
function placeAddresses(p: Packet, at: number, flags: number): void {
  const to = (flags & toDs) !== 0;
  const from = (flags & fromDs) !== 0;
  p.dstMacAt = to ? at + 16 : at + 4;
  p.srcMacAt = from ? (to ? at + 24 : at + 16) : at + 10;
}

/** An aggregate (A-MSDU) holds several frames; the first one is read: destination, source, length, LLC. */
function readFirstSubframe(p: Packet, at: number, end: number): number {
  if (end - at < 14) {
    setProblem(p, truncated, at, 14, end - at);
    return verdict.noFlow;
  }
  if (p.level === 0) {
    p.dstMacAt = at;
    p.srcMacAt = at + 6;
  }
  const size = (p.bytes[at + 12] << 8) | p.bytes[at + 13];
  return readLlc(p, at + 14, Math.min(at + 14 + size, end));
}

export const ieee80211: Header = {
  name: 'ieee80211',
  title: 'Wireless LAN',
  standard: 'IEEE 802.11 §9',
  after: { linkType: [105], etherType: [behindEthernet] },
  read: readIeee80211,
};
