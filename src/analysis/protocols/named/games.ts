// Games, known by how their first messages begin (engine documentation; observed handshakes). Names only.

import { u16, u16le, u32, u32le } from '../../../core/index.ts';
import { nameOnly, oneOf, onPort, type Probe, startingWith } from '../protocol.ts';
import {
  allAre,
  anyOf,
  begins,
  beginsOnPort,
  isOn,
  isPrintable,
  needs,
  portRange,
  signature,
  yesIf,
} from './signature.ts';

/** Connectionless packets of the Quake engines and their heirs: 0xffffffff and a word. */
const quakeWords = [
  'getinfo',
  'getstatus',
  'getchallenge',
  'getservers',
  'statusResponse',
  'infoResponse',
  'getserversResponse',
  'connectResponse',
  'challengeResponse',
];

const sourceHeader = signature('ffffffff');
/** A2S queries and answers by their letter; the challenge of a query is four bytes. */
const sourceEngine: Probe = (b, o, end, hint) => {
  if (!sourceHeader(b, o, end) || end - o < 5) return 0;
  const { length } = hint;
  switch (b[o + 4]) {
    case 0x54:
      return yesIf(length >= 25 && b[o + 5] === 0x53 && b[o + 11] === 0x20);
    case 0x55:
    case 0x56:
      return yesIf(length === 9);
    case 0x57:
    case 0x69:
      return yesIf(hint.isPort && (length === 5 || length === 9));
    case 0x41:
      return yesIf(length === 9);
    case 0x49:
      return yesIf(b[o + 5] === 0x11 && length > 20);
    case 0x44:
    case 0x45:
      return yesIf(hint.isPort && length > 6);
    default:
      return 0;
  }
};

/** RakNet's offline message identifier. */
const rakNetMagic = signature('00ffff00fefefefefdfdfdfd12345678');
/** Where it stands: behind the kind, a protocol version, a time, a time and an identifier; some games put a header before. */
const rakNetPlaces = [1, 2, 9, 17, 32];
/** A datagram of one frame, unreliable or reliable, that is not split: its length in bits fits. */
const isRakNetFrame = (b: Uint8Array, o: number, end: number, length: number): boolean => {
  if (end - o < 10 || b[o] >> 4 !== 8 || (b[o + 4] !== 0 && b[o + 4] !== 0x40)) return false;
  const bits = u16(b, o + 5);
  return bits > 0 && (bits & 7) === 0 && 7 + (b[o + 4] === 0 ? 0 : 3) + bits / 8 === length;
};
const rakNet: Probe = (b, o, end, hint) => {
  for (let i = 0; i < rakNetPlaces.length; i++) if (rakNetMagic(b, o + rakNetPlaces[i], end)) return yesIf(true);
  return yesIf(isRakNetFrame(b, o, end, hint.length));
};

/** Handshake: length, 0, version, host, port, next state (all but the port short enough for one or two bytes). */
const minecraft: Probe = (b, o, end) => {
  if (end - o < 8 || b[o + 1] !== 0 || b[o] > 0x7f || end - o < b[o] + 1) return 0;
  let at = o + 2;
  while (at < o + 7 && b[at] > 0x7f) at++;
  const hostAt = at + 2;
  const hostEnd = hostAt + b[at + 1];
  if (b[at + 1] === 0 || hostEnd + 3 !== o + b[o] + 1 || hostEnd + 3 > end) return 0;
  const state = b[hostEnd + 2];
  return yesIf(state >= 1 && state <= 3 && isPrintable(b, hostAt, hostEnd));
};

/** Length without itself, 1, 1, and the length of what is inside. */
const elderScrolls: Probe = (b, o, end) => {
  const length = end - o;
  return yesIf(
    length > 64 && u32(b, o) === length - 4 && u32(b, o + 4) === 0x00010001 && u32(b, o + 8) === length - 12,
  );
};

const warcraftGreeting = signature("'WORLD OF WARCRAFT CONNECTION");
const warcraftLogon = signature("'WoW", '00');
const worldOfWarcraft: Probe = (b, o, end) =>
  yesIf(
    warcraftGreeting(b, o + 2, end) || (b[o] === 0 && u16le(b, o + 2) === end - o - 4 && warcraftLogon(b, o + 4, end)),
  );

const zeros14 = (b: Uint8Array, o: number, end: number): boolean => end - o >= 20 && allAre(b, o, o + 14, 0);

/** Frames of Blizzard's datagram layer that open a game. */
const heroesOfTheStorm: Probe = (b, o, end, hint) =>
  yesIf((isOn(hint, 1119) || isOn(hint, 3724)) && zeros14(b, o, end) && b[o + 14] === 0x40 && (b[o + 15] & 0xef) === 0);

const genshinOpen = signature('000000ff 00000000 00000000 499602d2 ffffffff');
const genshinAccept = signature('00000145 ........ ........ 499602d2 14514545');
const genshinLogin: Probe = (b, o, end, hint) =>
  yesIf(
    hint.proto === 6 &&
      end - o >= 24 &&
      u32(b, o) === 0x01000000 &&
      b[o + 4] === end - o &&
      b[o + 5] < 16 &&
      b[o + 6] === 0 &&
      b[o + 7] === 0 &&
      b[o + 14] === 0 &&
      b[o + 15] === 0,
  );
const genshin: Probe = (b, o, end, hint) =>
  hint.proto === 17
    ? yesIf(hint.length === 20 && (genshinOpen(b, o, end) || genshinAccept(b, o, end)))
    : genshinLogin(b, o, end, hint);

const cryNetwork = signature('3c0000.... 0000000000000000000000 01 000000.. 000000.. ..000000');

/** NAT probe of the matchmaking service: it carries the address inside the home network. */
const activision: Probe = (b, o, _end, hint) =>
  yesIf(
    isOn(hint, 3074) &&
      hint.length === 29 &&
      (b[o] === 0x0c || b[o] === 0x0d) &&
      b[o + 1] === 2 &&
      b[o + 2] === 0 &&
      (b[o + 17] === 192 || b[o + 17] === 10 || b[o + 17] === 172),
  );

/** Hazel's hello: number, engine version 0, client version, length and text of the player's name. */
const amongUs: Probe = (b, o, end, hint) =>
  yesIf(end - o >= 10 && b[o] === 8 && b[o + 3] === 0 && b[o + 8] === hint.length - 9 && b[o + 8] < 32);

const steamDiscovery = signature('ffffffff 214c5fa0');
const steam: Probe = (b, o, end, hint) =>
  hint.proto === 17
    ? yesIf(steamDiscovery(b, o, end) || (hint.length >= 36 && signatureVs01(b, o, end)))
    : yesIf(end - o >= 8 && signatureVt01(b, o + 4, end) && u32le(b, o) < 0x100000);
const signatureVs01 = signature("'VS01");
const signatureVt01 = signature("'VT01");

const wildRiftControl = signature('0102c841 00000001 0001');
const wildRift: Probe = (b, o, end, hint) =>
  yesIf(
    (hint.length === 22 && wildRiftControl(b, o, end)) ||
      (end - o >= 69 && hint.length === 69 && u32(b, o) === 0x04000000 && hint.side === 0 && hint.rPort >= 10_000),
  );

/** Voice servers of TeamSpeak 3 are asked with this word. */
const teamSpeak = begins("'TS3INIT1", 'f4be0300');

/** ENet-like frames of the Riot titles begin in no fixed way; only the ping of Call of Duty: Mobile is. */
const codMobile: Probe = (b, o, end, hint) =>
  yesIf(isOn(hint, 7500) && hint.length === 12 && signaturePing(b, o + 8, end));
const signaturePing = signature("'ping");

/** Frames of Tencent's game servers: magic, versions; or a mark, a command and the length of what follows. */
const tencentMark = signature('4215f787');
const tencent: Probe = (b, o, end) =>
  yesIf(
    end - o > 10 &&
      ((tencentMark(b, o, end) && u32(b, o + 6) < 0x10000) ||
        (u16(b, o) === 0x3366 && b[o + 2] === 0 && b[o + 3] <= 15 && b[o + 4] === 0)),
  );

export const games = [
  nameOnly(
    'source-engine',
    'Source engine',
    'game',
    { udp: portRange(27_015, 27_020) },
    startingWith(oneOf(0xff), sourceEngine),
  ),
  nameOnly(
    'quake',
    'Quake engines',
    'game',
    { udp: [27_960, 26_000, 27_500, 27_910] },
    begins(...quakeWords.map((word) => `'\xff\xff\xff\xff${word}`)),
  ),
  nameOnly('raknet', 'RakNet', 'game', { udp: [19_132, 19_133] }, rakNet),
  nameOnly(
    'minecraft',
    'Minecraft',
    'game',
    { tcp: [25_565] },
    needs(8, (c) => c > 4 && c < 0x80, minecraft),
  ),
  nameOnly(
    'steam-datagram-relay',
    'Steam Datagram Relay',
    'game',
    { udp: [] },
    begins("'\x01\x81sdping", "'\x01sdping"),
  ),
  nameOnly('steam', 'Steam', 'game', { tcp: [], udp: [27_036] }, steam),
  nameOnly('yojimbo', 'Yojimbo (netcode)', 'game', { udp: [] }, begins("'\x00NETCODE 1.0")),
  nameOnly(
    'elder-scrolls-online',
    'The Elder Scrolls Online',
    'game',
    { tcp: [] },
    needs(65, (c) => c === 0, elderScrolls),
  ),
  nameOnly(
    'world-of-warcraft',
    'World of Warcraft',
    'game',
    { tcp: [3724] },
    needs(12, (c) => c === 0 || c === 0x30, worldOfWarcraft),
  ),
  nameOnly('starcraft', 'StarCraft', 'game', { tcp: [] }, begins('4a00000a66020aed2d66')),
  nameOnly('heroes-of-the-storm', 'Heroes of the Storm', 'game', { udp: [] }, startingWith(oneOf(0), heroesOfTheStorm)),
  nameOnly('genshin-impact', 'Genshin Impact', 'game', { tcp: [], udp: [] }, startingWith(oneOf(0, 1), genshin)),
  nameOnly(
    'crynetwork',
    'CryNetwork',
    'game',
    { udp: [] },
    startingWith(oneOf(0x3c), (b, o, end) => yesIf(cryNetwork(b, o, end))),
  ),
  nameOnly('activision', 'Activision matchmaking', 'game', { udp: [] }, startingWith(oneOf(0x0c, 0x0d), activision)),
  nameOnly(
    'among-us',
    'Among Us',
    'game',
    { udp: [22_023, 22_123, 22_223, 22_323, 22_423, 22_523, 22_623, 22_723, 22_823, 22_923] },
    onPort(startingWith(oneOf(8), amongUs)),
  ),
  nameOnly('lol-wild-rift', 'League of Legends: Wild Rift', 'game', { udp: [] }, startingWith(oneOf(1, 4), wildRift)),
  nameOnly('call-of-duty-mobile', 'Call of Duty: Mobile', 'game', { udp: [] }, codMobile),
  nameOnly('tencent-games', 'Tencent games', 'game', { tcp: [] }, startingWith(oneOf(0x33, 0x42), tencent)),
  nameOnly('teamspeak', 'TeamSpeak', 'chat', { udp: [9987] }, teamSpeak),
  nameOnly(
    'gamespy',
    'GameSpy query',
    'game',
    { udp: [] },
    anyOf(begins("'\\status\\", "'\\info\\", "'\\basic\\"), beginsOnPort('fefd00')),
  ),
];
