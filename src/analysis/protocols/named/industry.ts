// Fieldbuses, meters, vehicles and instruments: SOME/IP (AUTOSAR), CAN over IP, DLMS/COSEM (IEC 62056), ANSI C12.22,
// synchrophasors (IEEE C37.118), HART-IP, KNXnet/IP, Beckhoff ADS, Omron FINS, EGD, CIP I/O, CoAP (RFC 7252), HiSLIP,
// HL7 (MLLP), RTPS (DDS), TriStation, CODESYS. Names only.

import { u16, u16le, u32, u32le } from '../../../core/index.ts';
import { between, nameOnly, oneOf, onPort, type Probe, startingWith } from '../protocol.ts';
import { allAre, begins, isOn, needs, signature, yesIf } from './signature.ts';

/** Service and method, length without eight bytes, client and session, version 1, interface, kind, return code. */
const someIp: Probe = (b, o, end, hint) => {
  if (end - o < 16 || b[o + 12] !== 1) return 0;
  const kind = b[o + 14] & 0xdf;
  const length = u32(b, o + 4);
  const there = hint.proto === 17 ? hint.length : end - o;
  return yesIf(
    length >= 8 &&
      length + 8 <= there &&
      (kind <= 2 || kind === 0x80 || kind === 0x81) &&
      b[o + 15] <= 0x1f &&
      (hint.isPort || length + 8 === there),
  );
};

/** Frame of HDLC (flag, format 10, length, and the flag again) or wrapper of version 1 with its length. */
const dlms: Probe = (b, o, end, hint) => {
  if (end - o < 8) return 0;
  const there = hint.proto === 17 ? hint.length : end - o;
  if (b[o] === 0x7e) {
    const length = ((b[o + 1] & 7) << 8) | b[o + 2];
    return yesIf(b[o + 1] >> 4 === 10 && length + 2 <= there && b[o + length + 1] === 0x7e);
  }
  return yesIf(hint.isPort && u16(b, o) === 1 && u16(b, o + 6) === there - 8);
};

/** ACSE in BER: application tag 0 and elements of context. */
const ansiC1222: Probe = (b, o, end) => {
  if (end - o < 8 || b[o] !== 0x60) return 0;
  const skip = b[o + 1] === 0x81 ? 3 : b[o + 1] === 0x82 ? 4 : 2;
  const tag = b[o + skip];
  return yesIf((tag === 0xa2 || tag === 0xa6 || tag === 0xa8 || tag === 0xa4 || tag === 0xa1) && b[o + skip + 2] === 6);
};

/** 0xaa, kind of frame with version 1 or 2, size. */
const synchrophasor: Probe = (b, o, end, hint) => {
  if (end - o < 16 || b[o] !== 0xaa || (b[o + 1] & 0x8c) !== 0 || (b[o + 1] & 3) === 0 || b[o + 1] >> 4 > 5) return 0;
  return yesIf(u16(b, o + 2) === (hint.proto === 17 ? hint.length : end - o) || (hint.isPort && u16(b, o + 2) >= 16));
};

/** Version, kind, identifier, status, number, length. */
const hartIp: Probe = (b, o, end) =>
  yesIf(end - o >= 8 && b[o] >= 1 && b[o] <= 2 && (b[o + 1] <= 3 || b[o + 1] === 15) && u16(b, o + 6) === end - o);

/** Header size 6, version 1.0, service, total length. */
const knx: Probe = (b, o, end, hint) =>
  yesIf(
    end - o >= 6 &&
      b[o] === 6 &&
      b[o + 1] === 0x10 &&
      b[o + 2] >= 2 &&
      b[o + 2] <= 9 &&
      u16(b, o + 4) === (hint.proto === 17 ? hint.length : end - o),
  );

/** Reserved, length; then target and source, command and state flags. Over UDP a cookie. */
const ads: Probe = (b, o, end, hint) => {
  if (hint.proto === 17) return yesIf(end - o >= 4 && u32(b, o) === 0x71146603);
  return yesIf(
    end - o >= 38 &&
      u16(b, o) === 0 &&
      u32le(b, o + 2) === end - o - 6 &&
      u16le(b, o + 22) <= 9 &&
      u16le(b, o + 24) <= 0x7f &&
      u32le(b, o + 26) === end - o - 38,
  );
};

const finsText = signature("'FINS", '0000');
/** Information field, reserved, gateway count; over TCP a header in text. */
const fins: Probe = (b, o, end, hint) =>
  yesIf(
    finsText(b, o, end) ||
      (hint.proto === 17 &&
        end - o >= 12 &&
        (b[o] === 0x80 || b[o] === 0x81 || b[o] === 0xc0 || b[o] === 0xc1) &&
        b[o + 1] === 0 &&
        b[o + 2] <= 7 &&
        b[o + 10] <= 0x28 &&
        hint.isPort),
  );

const egd: Probe = (b, o, end) => yesIf(end - o >= 32 && b[o] === 0x0d && b[o + 1] === 1);

/** Two items: sequenced address, connected data. */
const cipIo: Probe = (b, o, end) =>
  yesIf(
    end - o >= 18 &&
      u16le(b, o) === 2 &&
      u16le(b, o + 2) === 0x8002 &&
      u16le(b, o + 4) === 8 &&
      u16le(b, o + 14) === 0x00b1,
  );

/** Version 1, token of at most eight bytes, a code that exists. */
const coap: Probe = (b, o, end) => {
  if (end - o < 4 || b[o] >> 6 !== 1 || (b[o] & 15) > 8) return 0;
  const kind = b[o + 1] >> 5;
  const detail = b[o + 1] & 31;
  return yesIf(kind === 0 ? detail <= 7 : (kind === 2 || kind === 4 || kind === 5) && detail <= 15);
};

/** "HS", message, control code, parameter, length of eight bytes. */
const hislip: Probe = (b, o, end) =>
  yesIf(end - o >= 16 && b[o] === 0x48 && b[o + 1] === 0x53 && b[o + 2] <= 0x1f && allAre(b, o + 8, o + 12, 0));

const hl7 = begins("'\x0bMSH|", "'\x0bFHS|", "'\x0bBHS|");

/** "RTPS" or "RTPX", version. */
const rtps = begins("'RTPS\x01", "'RTPS\x02", "'RTPX\x02");

const can = begins("'ISO11898");
const etherSio = begins("'ESIO");

/** Length, version 1 and kind of Saia's Ether-S-Bus; the checksum is not looked at. */
const etherSBus: Probe = (b, o, end, hint) =>
  yesIf(
    isOn(hint, 5050) && end - o >= 11 && u32(b, o) === hint.length && b[o + 4] <= 1 && b[o + 5] === 0 && b[o + 8] <= 2,
  );

/** Type, channel, length without header and checksum. */
const triStation: Probe = (b, o, end, hint) =>
  yesIf(end - o >= 6 && b[o] >= 1 && b[o] <= 18 && b[o + 1] <= 2 && u16le(b, o + 2) === hint.length - 6);

/** Magic number of the block driver. */
const codesys = begins('bbbb0000', '000117e8', 'e8170100');

/** Kind, sub-kind, length of SECS over TCP is told by its ten bytes of header; a first message selects. */
const hsms: Probe = (b, o, end) =>
  yesIf(
    end - o >= 14 && u32(b, o) === 10 && u16(b, o + 4) === 0xffff && b[o + 8] === 0 && b[o + 9] >= 1 && b[o + 9] <= 9,
  );

const trdpKinds = [0x5064, 0x5070, 0x5072, 0x5065, 0x4d6e, 0x4d72, 0x4d70, 0x4d71, 0x4d63, 0x4d65];
/** Sequence, version 1, kind in two letters, identifier of what is told. */
const trdp: Probe = (b, o, end) =>
  yesIf(end - o >= 40 && b[o + 4] === 1 && trdpKinds.includes(u16(b, o + 6)) && u32(b, o + 20) < 0x10000);

/** Length of all, version 1, kind, header's extension. */
const cnpIp: Probe = (b, o, end, hint) =>
  yesIf(end - o >= 20 && u16(b, o) === hint.length && b[o + 2] === 1 && b[o + 3] > 0);

/** Version and its complement, kind, length of what follows. */
const doip: Probe = (b, o, end, hint) =>
  yesIf(
    end - o >= 8 &&
      b[o] > 0 &&
      b[o] + b[o + 1] === 0xff &&
      u32(b, o + 4) + 8 <= (hint.proto === 17 ? hint.length : end - o + 4096) &&
      (b[o + 2] === 0 || b[o + 2] === 0x40 || b[o + 2] === 0x80) &&
      b[o] <= 4,
  );

export const industries = [
  nameOnly('some-ip', 'SOME/IP', 'industry', { tcp: [30_490, 30_491], udp: [30_490, 30_491] }, someIp),
  nameOnly('can', 'CAN over IP', 'industry', { udp: [] }, can),
  nameOnly(
    'dlms',
    'DLMS/COSEM',
    'industry',
    { tcp: [4059], udp: [4059] },
    needs(8, (c) => c === 0x7e || c === 0, dlms),
  ),
  nameOnly(
    'ansi-c1222',
    'ANSI C12.22',
    'industry',
    { tcp: [1153], udp: [1153] },
    onPort(startingWith(oneOf(0x60), ansiC1222)),
  ),
  nameOnly(
    'synchrophasor',
    'Synchrophasor (IEEE C37.118)',
    'industry',
    { tcp: [4712], udp: [4713] },
    needs(16, (c) => c === 0xaa, synchrophasor),
  ),
  nameOnly('hart-ip', 'HART-IP', 'industry', { tcp: [5094], udp: [5094] }, onPort(startingWith(oneOf(1, 2), hartIp))),
  nameOnly(
    'knxnet-ip',
    'KNXnet/IP',
    'industry',
    { tcp: [3671], udp: [3671] },
    needs(6, (c) => c === 6, knx),
  ),
  nameOnly(
    'beckhoff-ads',
    'Beckhoff ADS',
    'industry',
    { tcp: [48_898], udp: [48_899] },
    startingWith(oneOf(0, 0x71), ads),
  ),
  nameOnly(
    'fins',
    'Omron FINS',
    'industry',
    { tcp: [9600], udp: [9600] },
    startingWith(oneOf(0x46, 0x80, 0x81, 0xc0, 0xc1), fins),
  ),
  nameOnly('egd', 'Ethernet Global Data', 'industry', { udp: [18_246] }, onPort(startingWith(oneOf(0x0d), egd))),
  nameOnly('cip-io', 'CIP I/O', 'industry', { udp: [2222] }, startingWith(oneOf(2), cipIo)),
  nameOnly('coap', 'CoAP', 'industry', { udp: [5683] }, onPort(startingWith(between(0x40, 0x7f), coap))),
  nameOnly(
    'hislip',
    'HiSLIP',
    'industry',
    { tcp: [4880] },
    needs(16, (c) => c === 0x48, hislip),
  ),
  nameOnly('hl7', 'HL7', 'industry', { tcp: [2575] }, hl7),
  nameOnly('rtps', 'RTPS (DDS)', 'industry', { udp: [7400, 7401, 7410, 7411] }, rtps),
  nameOnly('ether-s-i-o', 'Ether-S-I/O', 'industry', { udp: [6060] }, etherSio),
  nameOnly('ether-s-bus', 'Ether-S-Bus', 'industry', { udp: [] }, startingWith(oneOf(0), etherSBus)),
  nameOnly('tristation', 'TriStation', 'industry', { udp: [1502] }, onPort(startingWith(between(1, 18), triStation))),
  nameOnly('codesys', 'CODESYS', 'industry', { tcp: [1217, 11_740], udp: [1740] }, codesys),
  nameOnly(
    'doip',
    'Diagnostics over IP',
    'industry',
    { tcp: [13_400], udp: [13_400] },
    needs(8, (c) => c > 0 && c <= 4, doip),
  ),
  nameOnly('trdp', 'TRDP (trains)', 'industry', { tcp: [17_225], udp: [17_224, 17_225] }, trdp),
  nameOnly('cnp-ip', 'CNP/IP (LonTalk)', 'industry', { udp: [1628, 1629] }, onPort(cnpIp)),
  nameOnly('art-net', 'Art-Net', 'industry', { udp: [6454] }, begins("'Art-Net\x00")),
  nameOnly('sacn', 'Streaming ACN', 'industry', { udp: [5568] }, begins('0010 0000 4153432d45312e3137')),
  nameOnly(
    'hsms',
    'SECS over TCP (HSMS)',
    'industry',
    { tcp: [] },
    needs(14, (c) => c === 0, hsms),
  ),
];
