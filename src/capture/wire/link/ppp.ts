// Point-to-Point Protocol (RFC 1661), in HDLC-like framing (RFC 1662), and Cisco's HDLC on the same lines.

import { net, type Packet, setProblem, verdict } from '../../../core/packet.ts';
import { problemCode } from '../../../core/problems.ts';
import { byPppProtocol, type Header, readers } from '../tables.ts';
import { readEtherType } from './ether-types.ts';

const truncated = problemCode('ppp.truncated');
const hdlcTruncated = problemCode('cisco-hdlc.truncated');

/** Cisco's serial line address resolution has the EtherType of RARP, and another layout. */
const slarp = 0x8035;

//  | 0xff 0x03 (may be left out) | protocol, 2 bytes, or 1 when its lowest bit is 1 | payload …

/** Reads address and control if they are there, and the protocol in either length. */
export function readPpp(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  if (p.level === 0) p.net = net.other;
  let next = at;
  if (end - next >= 2 && b[next] === 0xff && b[next + 1] === 3) next += 2;
  if (next >= end || ((b[next] & 1) === 0 && end - next < 2)) {
    setProblem(p, truncated, at, next + 2 - at, end - at);
    return verdict.noFlow;
  }
  let protocol = b[next++];
  if ((protocol & 1) === 0) protocol = (protocol << 8) | b[next++];
  if (protocol === 0x0021) return readEtherType(p, 0x0800, next, end);
  if (protocol === 0x0057) return readEtherType(p, 0x86dd, next, end);
  const reader = byPppProtocol[protocol];
  if (reader === 0) return verdict.noFlow;
  return readers[reader](p, next, end);
}

/** Reads Cisco's framing: address 0x0f or 0x8f, control, EtherType. */
export function readCiscoHdlc(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  if (end - at < 4) {
    setProblem(p, hdlcTruncated, at, 4, end - at);
    return verdict.noFlow;
  }
  const type = (b[at + 2] << 8) | b[at + 3];
  if (type === slarp) {
    p.etherType = slarp;
    p.net = net.other;
    return verdict.noFlow;
  }
  return readEtherType(p, type, at + 4, end);
}

/** Reads a serial line that carries either of the two. */
function readPppHdlc(p: Packet, at: number, end: number): number {
  const address = at < end ? p.bytes[at] : 0;
  return address === 0x0f || address === 0x8f ? readCiscoHdlc(p, at, end) : readPpp(p, at, end);
}

/** Skips the byte that says whether the frame was sent or received. */
function readPppWithDirection(p: Packet, at: number, end: number): number {
  return readPpp(p, Math.min(at + 1, end), end);
}

function readCiscoHdlcWithDirection(p: Packet, at: number, end: number): number {
  return readCiscoHdlc(p, Math.min(at + 1, end), end);
}

export const ppp: Header = {
  name: 'ppp',
  title: 'Point-to-Point Protocol',
  standard: 'RFC 1661, RFC 1662',
  after: { etherType: [0x880b] },
  read: readPpp,
};

export const pppHdlc: Header = {
  name: 'ppp-hdlc',
  title: 'PPP or Cisco HDLC on a serial line',
  standard: 'RFC 1662, RFC 1547 §4.3.1',
  after: { linkType: [9, 50] },
  read: readPppHdlc,
};

export const pppWithDirection: Header = {
  name: 'ppp-with-direction',
  title: 'PPP after a direction byte',
  standard: 'LINKTYPE_PPP_WITH_DIR',
  after: { linkType: [204] },
  read: readPppWithDirection,
};

export const ciscoHdlc: Header = {
  name: 'cisco-hdlc',
  title: 'Cisco HDLC',
  standard: 'RFC 1547 §4.3.1',
  after: { linkType: [104] },
  read: readCiscoHdlc,
};

export const ciscoHdlcWithDirection: Header = {
  name: 'cisco-hdlc-with-direction',
  title: 'Cisco HDLC after a direction byte',
  standard: 'LINKTYPE_C_HDLC_WITH_DIR',
  after: { linkType: [205] },
  read: readCiscoHdlcWithDirection,
};
