// Routing, redundancy, measurement and export of network devices: BGP (RFC 4271), LDP (RFC 5036), RIP (RFC 2453), RIPng,
// HSRP (RFC 2281), GLBP, BFD (RFC 5880), PCEP (RFC 5440), OLSR, Babel (RFC 8966), DLEP (RFC 8175), OpenFlow, MSDP,
// NetFlow, IPFIX (RFC 7011), sFlow, PTP (IEEE 1588), Roughtime. Names only.

import { u16, u32, u32le } from '../../../core/index.ts';
import { between, nameOnly, oneOf, onPort, type Probe, type ProbeHint, startingWith } from '../protocol.ts';
import { allAre, begins, needs, signature, yesIf } from './signature.ts';

const bgpMarker = signature('ffffffffffffffffffffffffffffffff');
const bgp: Probe = (b, o, end) =>
  yesIf(
    end - o >= 19 &&
      bgpMarker(b, o, end) &&
      u16(b, o + 16) >= 19 &&
      u16(b, o + 16) <= 4096 &&
      b[o + 18] >= 1 &&
      b[o + 18] <= 5,
  );

/** Version 1, length without four bytes, identifier with label space 0, message type. */
const ldp: Probe = (b, o, end) =>
  yesIf(
    end - o >= 14 && u16(b, o) === 1 && u16(b, o + 2) <= end - o - 4 && u16(b, o + 8) === 0 && ldpType(u16(b, o + 10)),
  );
const ldpType = (type: number): boolean =>
  type >= 1 && type <= 0x0404 && (type & 0xff) <= 4 && type !== 2 && type !== 3;

/** Command, version, zero, entries of 20 bytes. */
const rip: Probe = (b, o, end, hint) =>
  yesIf(
    end - o >= 4 &&
      b[o] >= 1 &&
      b[o] <= 2 &&
      b[o + 1] >= 1 &&
      b[o + 1] <= 2 &&
      u16(b, o + 2) === 0 &&
      hint.length % 20 === 4,
  );
const ripng: Probe = (b, o, end, hint) =>
  yesIf(end - o >= 4 && b[o] >= 1 && b[o] <= 2 && b[o + 1] === 1 && hint.length % 20 === 4);

/** Version 0 (20 bytes, states in powers of two) or TLVs of version 2. */
const hsrp: Probe = (b, o, end) =>
  yesIf(
    end - o >= 20 &&
      ((b[o] === 0 && b[o + 1] <= 3 && b[o + 2] <= 16) ||
        (b[o] === 1 && b[o + 1] === 40) ||
        (b[o] === 4 && b[o + 1] > 0)),
  );
const glbp: Probe = (b, o, end) => yesIf(end - o >= 12 && b[o] === 1 && b[o + 1] === 0 && b[o + 8] <= 4);

/** Version 1, length of all; echoes are anything on their port. */
const bfd: Probe = (b, o, end, hint) =>
  yesIf(hint.rPort === 3785 || (end - o >= 24 && b[o] >> 5 === 1 && b[o + 3] === hint.length));

/** Version 1, message type, length. */
const pcep: Probe = (b, o, end) =>
  yesIf(end - o >= 4 && b[o] >> 5 === 1 && b[o + 1] >= 1 && b[o + 1] <= 13 && u16(b, o + 2) <= end - o);

const olsr: Probe = (b, o, end, hint) => yesIf(end - o >= 12 && u16(b, o) === hint.length);
const babel: Probe = (b, o, end, hint) =>
  yesIf(end - o >= 4 && b[o] === 42 && b[o + 1] === 2 && u16(b, o + 2) === hint.length - 4);

const dlepSignal = signature("'DLEP");
const dlep: Probe = (b, o, end, hint) =>
  yesIf(
    hint.proto === 17
      ? dlepSignal(b, o, end)
      : hint.isPort && end - o >= 4 && u16(b, o) >= 1 && u16(b, o) <= 16 && u16(b, o + 2) === end - o - 4,
  );

/** Version, type, length, transaction; a first message is a hello. */
const openFlow: Probe = (b, o, end, hint) =>
  yesIf(
    end - o >= 8 &&
      b[o] >= 1 &&
      b[o] <= 6 &&
      u16(b, o + 2) >= 8 &&
      (hint.isPort
        ? b[o + 1] <= 35 && u16(b, o + 2) <= end - o
        : b[o + 1] === 0 && u16(b, o + 2) === 16 && end - o === 16 && u32(b, o + 8) === 0x00010008),
  );

const msdp: Probe = (b, o, end) =>
  yesIf(end - o >= 3 && b[o] >= 1 && b[o] <= 7 && u16(b, o + 1) >= 3 && u16(b, o + 1) <= 9192);

/** Version 5 (records of 48 bytes), 1, 7 and 9; the time of version 9 and 5 is of this century. */
const netflow: Probe = (b, o, end, hint) => {
  if (end - o < 20 || b[o] !== 0) return 0;
  const count = u16(b, o + 2);
  const seconds = u32(b, o + 8);
  const isPlausible = seconds > 0x38000000 && seconds < 0xf0000000 && count > 0;
  switch (b[o + 1]) {
    case 1:
      return yesIf(hint.isPort && hint.length === 16 + 52 * count);
    case 5:
      return yesIf(isPlausible && hint.length === 24 + 48 * count);
    case 7:
      return yesIf(isPlausible && hint.length === 24 + 52 * count);
    case 9:
      return yesIf(
        isPlausible &&
          (hint.isPort || count < 64) &&
          (u16(b, o + 20) <= 1 || u16(b, o + 20) > 255) &&
          u16(b, o + 22) <= hint.length - 20,
      );
    default:
      return 0;
  }
};
/** Version 10, length of all, time of export. */
const ipfix: Probe = (b, o, end, hint) =>
  yesIf(
    end - o >= 16 &&
      u16(b, o) === 10 &&
      u16(b, o + 2) === (hint.proto === 17 ? hint.length : end - o) &&
      u32(b, o + 4) > 0x38000000 &&
      (u16(b, o + 16) > 255 || (u16(b, o + 16) >= 2 && u16(b, o + 16) <= 3)),
  );
/** Version 5 (or 2, 4), kind of the agent's address. */
const sflow: Probe = (b, o, end) => {
  if (end - o < 28) return 0;
  const version = u32(b, o);
  const kind = u32(b, o + 4);
  return yesIf(
    (version === 2 || version === 4 || version === 5) &&
      (kind === 1 || kind === 2) &&
      u32(b, o + (kind === 1 ? 24 : 36)) < 1000,
  );
};

/** Message type, version 2, length of all, domain. */
const ptp: Probe = (b, o, end, hint) =>
  yesIf(
    end - o >= 34 &&
      (b[o + 1] & 15) <= 2 &&
      (b[o + 1] & 15) >= 1 &&
      ((b[o + 1] & 15) === 1 || u16(b, o + 2) <= hint.length),
  );

const roughtimeFrame = signature("'ROUGHTIM");
const nonce = signature("'NONC");
const signatureTag = signature("'SIG", '00');
/** Number of tags, offsets, tags: a request has a nonce, an answer a signature. */
const roughtime: Probe = (b, o, end) => {
  if (roughtimeFrame(b, o, end)) return yesIf(true);
  if (end - o < 64) return 0;
  const tags = u32le(b, o);
  if (tags < 2 || tags > 16) return 0;
  const first = o + 4 + 4 * (tags - 1);
  return yesIf(nonce(b, first, end) || signatureTag(b, first, end) || nonce(b, first + 4, end));
};

/** Parts with their length: a host's name comes first, or a signature, or what is enciphered. */
const collectd: Probe = (b, o, end, hint) =>
  isSealedCollectd(b, o, end, hint) ||
  yesIf(
    end - o >= 10 &&
      u16(b, o) === 0 &&
      u16(b, o + 2) >= 6 &&
      u16(b, o + 2) < 260 &&
      b[o + u16(b, o + 2) - 1] === 0 &&
      hint.length > 20 &&
      u16(b, o + u16(b, o + 2)) <= 9 &&
      b[o + 4] > 0x20 &&
      !allAre(b, o + 4, o + 8, b[o + 4]),
  );

function isSealedCollectd(b: Uint8Array, o: number, end: number, hint: ProbeHint): number {
  if (end - o < 36 || b[o] !== 2) return 0;
  return yesIf(
    (b[o + 1] === 0x10 && u16(b, o + 2) === hint.length) || (b[o + 1] === 0 && u16(b, o + 2) >= 36 && hint.isPort),
  );
}

export const routings = [
  nameOnly(
    'bgp',
    'BGP',
    'machine',
    { tcp: [179] },
    needs(19, (c) => c === 0xff, bgp),
  ),
  nameOnly(
    'ldp',
    'LDP',
    'machine',
    { tcp: [646], udp: [646] },
    needs(14, (c) => c === 0, ldp),
  ),
  nameOnly('rip', 'RIP', 'machine', { udp: [520] }, onPort(startingWith(oneOf(1, 2), rip))),
  nameOnly('ripng', 'RIPng', 'machine', { udp: [521] }, onPort(startingWith(oneOf(1, 2), ripng))),
  nameOnly('hsrp', 'HSRP', 'machine', { udp: [1985, 2029] }, onPort(startingWith(oneOf(0, 1, 4), hsrp))),
  nameOnly('glbp', 'GLBP', 'machine', { udp: [3222] }, onPort(startingWith(oneOf(1), glbp))),
  nameOnly('bfd', 'BFD', 'machine', { udp: [3784, 3785, 4784, 6784, 7784] }, onPort(bfd)),
  nameOnly('pcep', 'PCEP', 'machine', { tcp: [4189] }, onPort(needs(4, (c) => c === 0x20, pcep))),
  nameOnly('olsr', 'OLSR', 'machine', { udp: [698] }, onPort(olsr)),
  nameOnly('babel', 'Babel', 'machine', { udp: [6696] }, startingWith(oneOf(42), babel)),
  nameOnly('dlep', 'DLEP', 'machine', { tcp: [854], udp: [854] }, startingWith(oneOf(0, 0x44), dlep)),
  nameOnly(
    'openflow',
    'OpenFlow',
    'machine',
    { tcp: [6633, 6653] },
    needs(8, (c) => c >= 1 && c <= 6, openFlow),
  ),
  nameOnly('msdp', 'MSDP', 'machine', { tcp: [639] }, onPort(startingWith(between(1, 7), msdp))),
  nameOnly('netflow', 'NetFlow', 'machine', { udp: [2055, 9995, 9996] }, startingWith(oneOf(0), netflow)),
  nameOnly(
    'ipfix',
    'IPFIX',
    'machine',
    { tcp: [4739], udp: [4739] },
    needs(16, (c) => c === 0, ipfix),
  ),
  nameOnly('sflow', 'sFlow', 'machine', { udp: [6343] }, startingWith(oneOf(0), sflow)),
  nameOnly('ptp', 'Precision Time Protocol', 'machine', { udp: [319, 320] }, onPort(ptp)),
  nameOnly(
    'roughtime',
    'Roughtime',
    'machine',
    { udp: [] },
    startingWith((c) => c === 0x52 || (c >= 2 && c <= 16), roughtime),
  ),
  nameOnly('collectd', 'collectd', 'machine', { udp: [25_826] }, startingWith(oneOf(0, 2), collectd)),
  nameOnly('ripe-atlas', 'RIPE Atlas', 'machine', { udp: [] }, begins("'MGLNDD_")),
];
