// Messengers, calls and streams, known by how their first messages begin (MTProto transports; FLAP; RTMP; MPEG transport
// streams: ISO 13818-1; MGCP: RFC 3435; Megaco: RFC 3525; H.323: Q.931 and RAS; IAX2: RFC 5456; SRT; BFCP). Names only.

import { hasAscii, u16, u16le, u24, u32, u32le } from '../../../core/index.ts';
import { nameOnly, oneOf, onPort, type Probe, startingWith } from '../protocol.ts';
import { allAre, begins, contains, needs, portRange, signature, yesIf } from './signature.ts';

const edgeRouting = signature('45440001');
/** Edge routing prologue, or the Noise handshake's "WA", version, version and a length of three bytes. */
const whatsApp: Probe = (b, o, end) =>
  yesIf(
    edgeRouting(b, o, end) ||
      (end - o >= 7 &&
        b[o] === 0x57 &&
        b[o + 1] === 0x41 &&
        b[o + 2] <= 6 &&
        b[o + 3] <= 9 &&
        b[o + 4] === 0 &&
        u24(b, o + 4) < 4096),
  );

const discordKeepAlive = signature('1337cafe .. .. .. 00');
/** Address discovery of the voice servers: type, length 70, SSRC, then an address in text or zeros. */
const discord: Probe = (b, o, end, hint) => {
  if (hint.length === 8) return yesIf(discordKeepAlive(b, o, end));
  if (hint.length !== 74 || end - o < 74 || b[o] !== 0 || u16(b, o + 2) !== 70) return 0;
  if (b[o + 1] === 1) return yesIf(allAre(b, o + 8, o + 72, 0));
  return yesIf(b[o + 1] === 2 && b[o + 8] >= 0x30 && b[o + 8] <= 0x39);
};

/** Calls: a tag of 16 bytes and as many of 0xff for the relay. Transports of MTProto in clear: abridged, intermediate, padded, full; the first message has no key (eight zeros). */
const telegram: Probe = (b, o, end, hint) => {
  if (end - o < 24) return 0;
  if (hint.proto === 17) return yesIf(end - o >= 32 && allAre(b, o + 16, o + 28, 0xff) && !allAre(b, o, o + 4, 0xff));
  if (b[o] === 0xef) return yesIf(b[o + 1] < 0x7f && b[o + 1] > 5 && allAre(b, o + 2, o + 10, 0));
  const first = u32(b, o);
  if (first === 0xeeeeeeee || first === 0xdddddddd) return yesIf(allAre(b, o + 8, o + 16, 0) && u32le(b, o + 4) < 4096);
  return yesIf(
    u32le(b, o) === end - o && u32le(b, o + 4) === 0 && allAre(b, o + 8, o + 16, 0) && u32le(b, o + 16) !== 0,
  );
};

/** Datagrams: number, kind, 0; the first ones have kind 1 and then 5. Streams: length, and 0xfcff after four bytes. */
const viber: Probe = (b, o, end, hint) => {
  if (end - o < 12) return 0;
  if (hint.proto === 6) return yesIf(u16le(b, o) === end - o && u16(b, o + 6) === 0xfcff && b[o + 11] === 0);
  return yesIf(
    hint.isPort && b[o + 3] === 0 && (b[o + 2] === 1 || b[o + 2] === 9 || b[o + 2] === 0x0c || b[o + 2] === 0x11),
  );
};

/** FLAP frames: a connection is opened with version 1; a first SNAC asks for a sign-on. */
const oscar = begins('2a01 .. .. 0004 00000001', '2a02 .. .. .. .. 0017');

const zoomDirect = signature('1f020100 0800010004');
const zoomDirectAnswer = signature('1f020100 0400010008');
/** Media of conferences (usual ports only) and of direct calls. */
const zoom: Probe = (b, o, end, hint) =>
  yesIf(
    zoomDirect(b, o, end) ||
      zoomDirectAnswer(b, o, end) ||
      (hint.isPort && end - o >= 8 && (b[o] === 5 || (b[o] <= 3 && b[o] > 0)) && b[o + 1] <= 0x10),
  );

/** Ping (type 0, stamp) and its answer with version, users and bandwidth. */
const mumble: Probe = (b, o, _end, hint) =>
  yesIf((hint.length === 12 && u32(b, o) === 0) || (hint.length === 24 && b[o] === 0 && b[o + 1] === 1));

const xiaomi: Probe = (b, o, end) =>
  yesIf(
    end - o >= 12 &&
      u32(b, o) === 0xc2fe0005 &&
      u32(b, o + 4) <= 0xffff &&
      u32(b, o + 4) + 12 <= Math.max(end - o, 8192),
  );

const skinny: Probe = (b, o, end) => {
  if (end - o < 12) return 0;
  const length = u32le(b, o);
  const version = u32le(b, o + 4);
  const id = u32le(b, o + 8);
  return yesIf(length >= 4 && length < 2048 && length + 8 <= Math.max(end - o, 8) && version <= 0x16 && id < 0x160);
};

const agoraName = signature("'SNI", '00');
const agora: Probe = (b, o, end) => yesIf(end - o > 20 && b[o] === 0 && agoraName(b, o + 13, end));

export const chats = [
  nameOnly(
    'whatsapp',
    'WhatsApp',
    'chat',
    { tcp: [] },
    needs(4, (c) => c === 0x45 || c === 0x57, whatsApp),
  ),
  nameOnly('discord', 'Discord voice', 'chat', { udp: [] }, startingWith(oneOf(0, 0x13), discord)),
  nameOnly('telegram', 'Telegram', 'chat', { tcp: [], udp: [] }, telegram),
  nameOnly('viber', 'Viber', 'chat', { tcp: [4244, 5242], udp: [7985, 7987, 5243, 9785] }, viber),
  nameOnly('oscar', 'OSCAR (AIM, ICQ)', 'chat', { tcp: [5190] }, oscar),
  nameOnly('zoom', 'Zoom', 'chat', { udp: portRange(8801, 8810) }, startingWith(oneOf(1, 2, 3, 5, 0x1f), zoom)),
  nameOnly('mumble', 'Mumble', 'chat', { udp: [64_738] }, onPort(startingWith(oneOf(0), mumble))),
  nameOnly(
    'xiaomi',
    'Xiaomi push',
    'chat',
    { tcp: [] },
    needs(12, (c) => c === 0xc2, xiaomi),
  ),
  nameOnly('skinny', 'Skinny (SCCP)', 'media', { tcp: [2000] }, onPort(skinny)),
  nameOnly('agora', 'Agora SD-RTN', 'media', { udp: [] }, startingWith(oneOf(0), agora)),
  nameOnly(
    'msn-messenger',
    'MSN Messenger',
    'chat',
    { tcp: [1863] },
    begins("'VER 1 MSNP", "'VER 0 MSNP", "'ANS 1 ", "'USR 1 "),
  ),
];

/** C0 and C1: version 3, time, four zeros or the version of the player, 1528 bytes; S0 likewise. */
const rtmp: Probe = (b, o, end, hint) => {
  if (end - o < 9 || b[o] !== 3) return 0;
  const isPlayer = u32(b, o + 1) === 0 && b[o + 5] >= 7 && b[o + 5] <= 0x80 && b[o + 6] === 0;
  if (hint.isPort) return yesIf(u32(b, o + 5) === 0 || isPlayer || end - o >= 1000);
  return yesIf(end - o >= 512 && (u32(b, o + 5) === 0 || isPlayer));
};

/** 0x47 at each 188 bytes. */
const mpegTs: Probe = (b, o, end) =>
  yesIf(end - o >= 377 && b[o] === 0x47 && b[o + 188] === 0x47 && b[o + 376] === 0x47 && (b[o + 1] & 0x80) === 0);

const mgcpVerbs = ['EPCF ', 'CRCX ', 'MDCX ', 'DLCX ', 'RQNT ', 'NTFY ', 'AUEP ', 'AUCX ', 'RSIP '];
const isMgcpFirst = (first: number): boolean => mgcpVerbs.some((verb) => verb.charCodeAt(0) === first);
/** A verb, and the version at the end of the first line. */
const mgcp: Probe = (b, o, end) => {
  for (let i = 0; i < mgcpVerbs.length; i++)
    if (hasAscii(b, o, end, mgcpVerbs[i])) return yesIf(contains(b, o, end, 'MGCP ', 128));
  return 0;
};

const megaco = begins("'!/1 [", "'!/2 [", "'!/3 [", "'MEGACO/");

/** TPKT with Q.931 (discriminator 8, call reference) inside; or RAS in PER on its port. */
const h323: Probe = (b, o, end, hint) => {
  if (hint.proto === 17)
    return yesIf(
      hint.isPort && end - o >= 6 && (u16(b, o + 4) === 0x0601 || u32(b, o + 4) >>> 8 === 0x000600 || b[o + 5] === 6),
    );
  return yesIf(
    end - o >= 8 &&
      b[o] === 3 &&
      b[o + 1] === 0 &&
      u16(b, o + 2) >= 12 &&
      b[o + 4] === 8 &&
      b[o + 5] <= 2 &&
      b[o + 5] > 0,
  );
};

/** Full frame: F bit, source call, destination, time, sequence, type and subclass. */
const iax2: Probe = (b, o, end) =>
  yesIf(end - o >= 12 && b[o] >= 0x80 && b[o + 10] <= 12 && b[o + 10] >= 1 && b[o + 11] > 0 && b[o + 11] <= 0x28);

/** Control packet of kind 0 (handshake): version 4 or 5, at the size of a handshake. */
const srt: Probe = (b, o, end, hint) =>
  yesIf(
    end - o >= 64 &&
      u32(b, o) === 0x80000000 &&
      u32(b, o + 4) === 0 &&
      (u32(b, o + 16) === 4 || u32(b, o + 16) === 5) &&
      hint.length < 256,
  );

const mmsMark = 0xb00bface;
const mms: Probe = (b, o, end) => yesIf(end - o >= 16 && u32le(b, o) === 1 && u32le(b, o + 4) === mmsMark);

/** Version 1 or 2, primitive, length in words behind twelve bytes. */
const bfcp: Probe = (b, o, end, hint) => {
  if (end - o < 12 || (b[o] !== 0x20 && b[o] !== 0x40) || b[o + 1] < 1 || b[o + 1] > 18) return 0;
  return yesIf(
    u16(b, o + 2) * 4 === (hint.proto === 17 ? hint.length : end - o) - 12 && u32(b, o + 4) > 0 && u16(b, o + 10) > 0,
  );
};

const icyOk = signature("'ICY 200 OK");

export const medias = [
  nameOnly(
    'rtmp',
    'RTMP',
    'media',
    { tcp: [1935] },
    needs(9, (c) => c === 3, rtmp),
  ),
  nameOnly(
    'mpeg-ts',
    'MPEG transport stream',
    'media',
    { tcp: [], udp: [] },
    needs(377, (c) => c === 0x47, mpegTs),
  ),
  nameOnly('mgcp', 'MGCP', 'media', { udp: [2427, 2727] }, startingWith(isMgcpFirst, mgcp)),
  nameOnly('megaco', 'Megaco', 'media', { tcp: [2944], udp: [2944] }, megaco),
  nameOnly(
    'h323',
    'H.323',
    'media',
    { tcp: [1720], udp: [1719] },
    needs(8, (c) => c === 3, h323),
  ),
  nameOnly('iax2', 'IAX2', 'media', { udp: [4569] }, onPort(startingWith((c) => c >= 0x80, iax2))),
  nameOnly(
    'bfcp',
    'BFCP (conferences)',
    'media',
    { tcp: [], udp: [] },
    needs(12, (c) => c === 0x20 || c === 0x40, bfcp),
  ),
  nameOnly('srt', 'SRT', 'media', { udp: [] }, startingWith(oneOf(0x80), srt)),
  nameOnly('mms-streaming', 'MMS streaming', 'media', { tcp: [1755] }, startingWith(oneOf(1), mms)),
  nameOnly(
    'shoutcast',
    'Shoutcast',
    'media',
    { tcp: [] },
    startingWith(oneOf(0x49), (b, o, end) => yesIf(icyOk(b, o, end))),
  ),
];
