// Virtual private networks and tunnels that are known by name only: Tailscale's discovery, SoftEther, L2TP (RFC 2661),
// PPTP (RFC 2637), tinc, CAPWAP (RFC 5415), GTP (3GPP TS 29.060, 29.274), PFCP (TS 29.244), LISP (RFC 9301), VXLAN,
// Geneve, ZeroTier, Teredo (RFC 4380).

import { u16, u32 } from '../../../core/index.ts';
import { between, nameOnly, oneOf, onPort, type Probe, startingWith } from '../protocol.ts';
import { begins, contains, isPrintable, needs, portOnly, signature, yesIf } from './signature.ts';

const softEtherAddress = signature("'IP=");
const softEtherOpcode = signature("'opcode");
const softEtherReturn = signature("'isret");
/** NAT traversal: its answer in text, or a pack (count of elements, then name and value of each). */
const softEther: Probe = (b, o, end) =>
  yesIf(
    (softEtherAddress(b, o, end) && contains(b, o, end, ',PORT=', 64)) ||
      (end - o > 24 && u32(b, o) < 64 && (softEtherOpcode(b, o + 8, end) || softEtherReturn(b, o + 8, end))),
  );

/** Control messages: T, L and S bits, version 2, and the datagram's own length. */
const l2tp: Probe = (b, o, end, hint) =>
  yesIf(end - o >= 12 && (b[o] & 0xcb) === 0xc8 && (b[o + 1] & 15) === 2 && u16(b, o + 2) === hint.length);

const pptp: Probe = (b, o, end) =>
  yesIf(end - o >= 12 && u32(b, o + 4) === 0x1a2b3c4d && u16(b, o + 2) <= 2 && u16(b, o) >= 12 && u16(b, o) <= 256);

/** First message of both sides: "0 NAME 17.minor". */
const tinc: Probe = (b, o, end) => {
  if (end - o < 8 || b[o] !== 0x30 || b[o + 1] !== 0x20) return 0;
  const from = o + 2;
  let at = from;
  while (at < end && at < from + 64 && b[at] > 0x20) at++;
  return yesIf(at > from && isPrintable(b, from, at) && tincVersion(b, at, end));
};
const tincVersion = signature("' 17");

const capwapDtls = signature('01000000 .. fe');
/** Preamble 0 with a header of plausible size, or DTLS behind preamble 1. */
const capwap: Probe = (b, o, end, hint) => {
  if (end - o < 8) return 0;
  if (capwapDtls(b, o, end)) return yesIf(b[o + 4] >= 20 && b[o + 4] <= 23);
  const headerBytes = (b[o + 1] >> 3) * 4;
  return yesIf(hint.isPort && b[o] === 0 && headerBytes >= 8 && headerBytes <= 32 && headerBytes <= end - o);
};

/** Version 0 (length without twenty bytes of header), 1 (without eight) and 2 (without four). */
const gtpControl: Probe = (b, o, end, hint) => {
  if (end - o < 8) return 0;
  const length = hint.length - u16(b, o + 2);
  const isV0 = (b[o] & 0xfe) === 0x1e && length === 20;
  return yesIf(isV0 || (b[o] >> 4 === 3 && length === 8) || (b[o] >> 5 === 2 && (b[o] & 7) === 0 && length === 4));
};
const isGtpControlFirst = (first: number): boolean =>
  (first & 0xfe) === 0x1e || first >> 4 === 3 || (first >> 5 === 2 && (first & 7) === 0);
const gtpUser: Probe = (b, o, end, hint) =>
  yesIf(end - o >= 8 && b[o] >> 4 === 3 && u16(b, o + 2) <= hint.length - 8 && gtpUserType(b[o + 1]));
const gtpUserType = (type: number): boolean =>
  type === 255 || type === 254 || type === 1 || type === 2 || type === 26 || type === 31;
const gtpPrime: Probe = (b, o, end, hint) =>
  yesIf(
    end - o >= 6 &&
      (b[o] & 0x10) === 0 &&
      b[o] >> 5 <= 2 &&
      (u16(b, o + 2) === hint.length - 6 || u16(b, o + 2) === hint.length - 20),
  );

/** Version 1, and the length without the first four bytes. */
const pfcp: Probe = (b, o, end, hint) =>
  yesIf(
    end - o >= 8 &&
      b[o] >> 5 === 1 &&
      u16(b, o + 2) === hint.length - 4 &&
      (hint.isPort || (b[o + 1] <= 15 && (b[o] & 0x1f) === 0 && b[o + 7] === 0 && u16(b, o + 8) === 60)),
  );

/** Messages of the mapping system over UDP; over TCP a type, a length and the end marker 0x9facade9. */
const lisp: Probe = (b, o, end, hint) => {
  if (hint.proto === 17) {
    const type = b[o] >> 4;
    return yesIf(hint.isPort && end - o >= 12 && ((type >= 1 && type <= 8) || type === 15));
  }
  if (end - o < 8) return 0;
  const length = u16(b, o + 2);
  return yesIf(length >= 12 && length <= end - o && u32(b, o + length - 4) === 0x9facade9);
};

/** Flags (network identifier given; of the extension: protocol given), reserved, protocol or reserved, identifier, reserved. */
const vxlan: Probe = (b, o, end) =>
  yesIf(end - o > 30 && (b[o] & 0xfb) === 8 && b[o + 1] === 0 && b[o + 2] === 0 && b[o + 3] <= 4 && b[o + 7] === 0);
const geneve: Probe = (b, o, end) =>
  yesIf(end - o >= 8 && b[o] >> 6 === 0 && u16(b, o + 2) >= 0x0600 && b[o + 7] === 0);

/** An IPv6 packet, behind authentication or origin indication or not; its length must fit. */
const teredo: Probe = (b, o, end, hint) => {
  let at = o;
  if (end - at > 13 && b[at] === 0 && b[at + 1] === 1) at += 13 + b[at + 2] + b[at + 3];
  if (end - at > 8 && b[at] === 0 && b[at + 1] === 0) at += 8;
  return yesIf(end - at >= 40 && b[at] >> 4 === 6 && u16(b, at + 4) + 40 <= hint.length - (at - o));
};

export const vpns = [
  nameOnly('tailscale', 'Tailscale discovery', 'tunnel', { udp: [41_641] }, begins('5453f09f92ac')),
  nameOnly('softether', 'SoftEther VPN', 'tunnel', { udp: [] }, startingWith(oneOf(0, 0x49), softEther)),
  nameOnly(
    'l2tp',
    'L2TP',
    'tunnel',
    { udp: [1701] },
    startingWith((c) => (c & 0xcb) === 0xc8, l2tp),
  ),
  nameOnly(
    'pptp',
    'PPTP',
    'tunnel',
    { tcp: [1723] },
    needs(12, (c) => c === 0, pptp),
  ),
  nameOnly(
    'tinc',
    'tinc',
    'tunnel',
    { tcp: [655] },
    needs(8, (c) => c === 0x30, tinc),
  ),
  nameOnly('capwap', 'CAPWAP', 'tunnel', { udp: [5246, 5247] }, startingWith(oneOf(0, 1), capwap)),
  nameOnly(
    'gtp-c',
    'GTP control',
    'tunnel',
    { udp: [2123, 3386] },
    onPort(startingWith(isGtpControlFirst, gtpControl)),
  ),
  {
    ...nameOnly(
      'gtp-u',
      'GTP user plane',
      'tunnel',
      { udp: [2152] },
      onPort(startingWith(between(0x30, 0x3f), gtpUser)),
    ),
    zeekService: 'gtpv1',
  },
  nameOnly(
    'gtp-prime',
    "GTP' charging",
    'tunnel',
    { udp: [3386] },
    onPort(startingWith((c) => (c & 0x10) === 0 && c >> 5 <= 2, gtpPrime)),
  ),
  nameOnly('pfcp', 'PFCP', 'tunnel', { udp: [8805] }, startingWith(between(0x20, 0x3f), pfcp)),
  nameOnly('lisp', 'LISP', 'tunnel', { tcp: [4342], udp: [4341, 4342] }, lisp),
  {
    ...nameOnly(
      'vxlan',
      'VXLAN',
      'tunnel',
      { udp: [4789, 8472] },
      onPort(startingWith((c) => (c & 0xfb) === 8, vxlan)),
    ),
    zeekService: 'vxlan',
  },
  {
    ...nameOnly('geneve', 'Geneve', 'tunnel', { udp: [6081] }, onPort(startingWith(between(0, 0x3f), geneve))),
    zeekService: 'geneve',
  },
  {
    ...nameOnly(
      'teredo',
      'Teredo',
      'tunnel',
      { udp: [3544] },
      onPort(startingWith((c) => c === 0 || c >> 4 === 6, teredo)),
    ),
    zeekService: 'teredo',
  },
  portOnly('cloudflare-warp', 'Cloudflare WARP', 'tunnel', { udp: [2408] }),
];
