// Peer-to-peer networks and what is mined there: eDonkey, Gnutella, Direct Connect, Bitcoin, Ethereum (discovery v4),
// Monero (Levin), Nano, Syncthing, libp2p, Dropbox' and Spotify's search in the local network, Stratum. Names only.

import { u16, u32, u32le } from '../../../core/index.ts';
import { nameOnly, oneOf, onPort, type Probe, startingWith } from '../protocol.ts';
import { begins, contains, isPrintable, needs, signature, yesIf } from './signature.ts';

/** Protocol mark, length, command. */
const eDonkey: Probe = (b, o, end, hint) => {
  const mark = b[o];
  if (end - o < 6 || (mark !== 0xe3 && mark !== 0xc5 && mark !== 0xd4)) return 0;
  if (hint.proto === 17) return yesIf(hint.isPort);
  const length = u32le(b, o + 1);
  const command = b[o + 5];
  const isHello = (command === 1 || command === 0x4c) && length > 32 && length < 1024;
  return yesIf(
    length > 0 && (length === end - o - 5 || (isHello && length >= end - o - 5)) && (isHello || hint.isPort),
  );
};
/** Kademlia of eMule and its packed form. */
const kad: Probe = (_b, o, end) => yesIf(end - o >= 2);

/** Network magic (main, test, regtest, signet) and a command in text, filled with zeros. */
const bitcoin: Probe = (b, o, end) => {
  if (end - o < 24) return 0;
  const magic = u32(b, o);
  if (magic !== 0xf9beb4d9 && magic !== 0x0b110907 && magic !== 0xfabfb5da && magic !== 0x0a03cf40) return 0;
  return yesIf(b[o + 4] >= 0x61 && b[o + 4] <= 0x7a && b[o + 15] < 0x7b);
};

/** Discovery: hash (32), signature (65), type, and an RLP list that ends with the datagram. */
const ethereum: Probe = (b, o, end, hint) => {
  if (end - o < 100 || b[o + 97] < 1 || b[o + 97] > 6 || b[o + 96] > 1) return 0;
  const list = b[o + 98];
  if (list === 0xf8) return yesIf(b[o + 99] <= hint.length - 100 && b[o + 99] > 0x37);
  if (list === 0xf9) return yesIf(u16(b, o + 99) <= hint.length - 101 && u16(b, o + 99) > 0xff);
  return yesIf(list >= 0xc0 && list <= 0xf7 && list - 0xc0 <= hint.length - 99);
};

/** Levin's signature. */
const monero = begins('0121010101010101');

/** "R", network, versions, message type. */
const nano: Probe = (b, o, end) =>
  yesIf(
    end - o >= 8 &&
      b[o] === 0x52 &&
      b[o + 1] >= 0x41 &&
      b[o + 1] <= 0x43 &&
      b[o + 2] >= 0x0c &&
      b[o + 2] <= 0x20 &&
      b[o + 3] >= b[o + 4] &&
      b[o + 4] >= 0x0a &&
      b[o + 5] <= 0x10,
  );

/** JSON of one machine's LAN sync. */
const dropbox: Probe = (b, o, end) =>
  yesIf(b[o] === 0x7b && contains(b, o, end, '"host_int"') && contains(b, o, end, '"version"'));

const spotifyLan = signature("'SpotUdp0");
/** Length of what follows two bytes of 4 is that of the first message. */
const spotify: Probe = (b, o, end, hint) =>
  yesIf(
    hint.proto === 17
      ? spotifyLan(b, o, end)
      : hint.isPort && end - o > 8 && b[o] === 0 && b[o + 1] === 4 && u32(b, o + 2) === end - o && b[o + 6] === 0x52,
  );

const stratumWords = ['"mining.', '"eth_submitLogin"', '"eth_submitHashrate"', '"eth_getWork"', '"mining_'];
const hasStratumWord = (b: Uint8Array, o: number, end: number): boolean => {
  for (let i = 0; i < stratumWords.length; i++) if (contains(b, o, end, stratumWords[i])) return true;
  const isLogin = contains(b, o, end, '"login"', 64) && contains(b, o, end, '"pass"');
  return isLogin || contains(b, o, end, '"worker": "eth1') || contains(b, o, end, '"worker":"eth1');
};
/** JSON-RPC whose method belongs to mining. */
const stratum: Probe = (b, o, end) => yesIf(b[o] === 0x7b && hasStratumWord(b, o, end));
const jsonRpc: Probe = (b, o, end) => yesIf(b[o] === 0x7b && contains(b, o, end, '"jsonrpc"', 64));

/** libp2p: a length and the name of the negotiation. */
const libp2p = begins("'\x13/multistream/1.0.0", "'\x14/multistream/1.0.0");

const soulseek: Probe = (b, o, end) => yesIf(end - o >= 8 && u32le(b, o) === end - o - 4 && u32le(b, o + 4) === 1);

const directConnect = begins("'$Lock EXTENDEDPROTOCOL", "'$MyNick ", "'$Lock ", "'HSUP AD", "'CSUP AD");

const kazaa = begins("'GIVE ");
/** Header of 23 bytes: identifier, kind, hops to go and gone, length; or a part of "GND", number and count. */
const gnutellaKinds = [0x00, 0x01, 0x02, 0x30, 0x31, 0x32, 0x40, 0x80, 0x81];
const isGnutellaMessage = (b: Uint8Array, o: number, end: number, length: number): boolean =>
  end - o >= 23 &&
  u32le(b, o + 19) === length - 23 &&
  b[o + 17] + b[o + 18] <= 16 &&
  b[o + 17] > 0 &&
  gnutellaKinds.includes(b[o + 16]);
const gnutella: Probe = (b, o, end, hint) => {
  if (hint.proto === 6) return gnutellaText(b, o, end, hint);
  const isPart = end - o >= 8 && b[o] === 0x47 && b[o + 1] === 0x4e && b[o + 2] === 0x44;
  return yesIf((isPart && (b[o + 7] === 0 || b[o + 6] <= b[o + 7])) || isGnutellaMessage(b, o, end, hint.length));
};
const gnutellaText = begins("'GNUTELLA CONNECT/", "'GNUTELLA/0.", "'GNUTELLA OK");

const bsync = begins("'BSYNC\x00");

const zug: Probe = (b, o, end) =>
  yesIf(end - o >= 16 && b[o] === 0 && isPrintable(b, o + 1, o + 4) && u32(b, o + 1) === 0x7a554710);

export const peerNetworks = [
  nameOnly(
    'edonkey',
    'eDonkey',
    'files',
    { tcp: [4661, 4662] },
    needs(6, (c) => c === 0xe3 || c === 0xc5 || c === 0xd4, eDonkey),
  ),
  nameOnly(
    'kademlia',
    'Kademlia (eMule)',
    'files',
    { udp: [4665, 4672] },
    onPort(startingWith(oneOf(0xc5, 0xe3, 0xe4, 0xe5), kad)),
  ),
  nameOnly('gnutella', 'Gnutella', 'files', { tcp: [6346, 6347], udp: [6346, 6347] }, gnutella),
  nameOnly('direct-connect', 'Direct Connect', 'files', { tcp: [411, 412] }, directConnect),
  nameOnly('kazaa', 'FastTrack', 'files', { tcp: [1214] }, kazaa),
  nameOnly('soulseek', 'Soulseek', 'files', { tcp: [2242, 2416] }, onPort(soulseek)),
  nameOnly('resilio-sync', 'Resilio Sync', 'files', { udp: [3838] }, bsync),
  nameOnly(
    'delivery-optimization',
    'Windows Delivery Optimization',
    'files',
    { tcp: [7680] },
    begins("'\x0eSwarm protocol"),
  ),
  nameOnly('syncthing', 'Syncthing discovery', 'files', { udp: [21_027] }, begins('2ea7d90b')),
  nameOnly('libp2p', 'libp2p', 'files', { tcp: [] }, libp2p),
  nameOnly('dropbox', 'Dropbox LAN sync', 'files', { udp: [17_500] }, startingWith(oneOf(0x7b), dropbox)),
  nameOnly('spotify', 'Spotify', 'media', { tcp: [4070], udp: [57_621] }, startingWith(oneOf(0, 0x53), spotify)),
  nameOnly(
    'bitcoin',
    'Bitcoin',
    'data',
    { tcp: [8333, 18_333] },
    needs(24, (c) => c === 0xf9 || c === 0x0a || c === 0x0b || c === 0xfa, bitcoin),
  ),
  nameOnly('ethereum', 'Ethereum discovery', 'data', { udp: [30_303, 30_301] }, ethereum),
  nameOnly('monero', 'Monero', 'data', { tcp: [18_080] }, monero),
  nameOnly(
    'nano',
    'Nano',
    'data',
    { tcp: [], udp: [] },
    needs(8, (c) => c === 0x52, nano),
  ),
  nameOnly('zug', 'Zug', 'data', { udp: [] }, startingWith(oneOf(0), zug)),
  nameOnly(
    'stratum',
    'Stratum (mining)',
    'data',
    { tcp: [] },
    needs(40, (c) => c === 0x7b, stratum),
  ),
  nameOnly(
    'json-rpc',
    'JSON-RPC',
    'data',
    { tcp: [] },
    needs(40, (c) => c === 0x7b, jsonRpc),
  ),
];
