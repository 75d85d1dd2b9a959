// Frame relay (ITU-T Q.922, RFC 2427), also in multilink bundles (FRF.16.1).

import { net, type Packet, setProblem, verdict } from '../../../core/packet.ts';
import { problemCode } from '../../../core/problems.ts';
import type { Header } from '../tables.ts';
import { readEtherType } from './ether-types.ts';
import { readSnap } from './llc.ts';

const truncated = problemCode('frame-relay.truncated');
const mfrTruncated = problemCode('mfr.truncated');

//  | address, 2 to 4 bytes, the last one odd | 0x03 | pad 0x00 or none | NLPID | payload …      (RFC 2427)
//  | address                                 | EtherType               | payload …              (Cisco)

/** Reads either encapsulation of a frame. */
function readFrameRelay(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  let next = at;
  p.net = net.other;
  while (next < end && next < at + 4 && (b[next] & 1) === 0) next++;
  next++;
  if (end - next < 2) {
    setProblem(p, truncated, at, next + 2 - at, end - at);
    return verdict.noFlow;
  }
  if (b[next] !== 3) return readEtherType(p, (b[next] << 8) | b[next + 1], next + 2, end);
  next++;
  if (b[next] === 0 && end - next >= 2) next++;
  const nlpid = b[next];
  if (nlpid === 0xcc) return readEtherType(p, 0x0800, next + 1, end);
  if (nlpid === 0x8e) return readEtherType(p, 0x86dd, next + 1, end);
  if (nlpid === 0xcf) return readEtherType(p, 0x880b, next + 1, end);
  if (nlpid === 0x80) return readSnap(p, next + 1, end);
  return verdict.noFlow;
}

function readFrameRelayWithDirection(p: Packet, at: number, end: number): number {
  return readFrameRelay(p, Math.min(at + 1, end), end);
}

/** Reads a multilink frame: begin, end and control bits with a sequence number; only beginnings have a header inside. */
function readMultilink(p: Packet, at: number, end: number): number {
  p.net = net.other;
  if (end - at < 2) {
    setProblem(p, mfrTruncated, at, 2, end - at);
    return verdict.noFlow;
  }
  return (p.bytes[at] & 0xa0) === 0x80 ? readFrameRelay(p, at + 2, end) : verdict.noFlow;
}

export const frameRelay: Header = {
  name: 'frame-relay',
  title: 'Frame relay',
  standard: 'RFC 2427',
  after: { linkType: [107] },
  read: readFrameRelay,
};

export const frameRelayWithDirection: Header = {
  name: 'frame-relay-with-direction',
  title: 'Frame relay after a direction byte',
  standard: 'LINKTYPE_FRELAY_WITH_DIR',
  after: { linkType: [206] },
  read: readFrameRelayWithDirection,
};

export const mfr: Header = {
  name: 'mfr',
  title: 'Multilink frame relay',
  standard: 'FRF.16.1',
  after: { linkType: [182] },
  read: readMultilink,
};
