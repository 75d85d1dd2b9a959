// What client and server tell of themselves while they connect: blocks inside of a conference request (MS-RDPBCGR
// 2.2.1.3 and 2.2.1.4).
//
//    MCS (T.125) around GCC (T.124) around 'Duca' or 'McDn' | length | blocks: type (2) | length (2) | ...

import { hasAscii, u16le, u32le, wireText } from '../../../../core/index.ts';
import { utf16End, utf16Text } from '../utf16.ts';

export interface ClientSettings {
  version: number;
  width: number;
  height: number;
  /** Bits of a colour; 0 when it is not told. */
  colorDepth: number;
  /** Bits asked for in the newest of the fields that say so; 0 when there is none. */
  highColorDepth: number;
  layout: number;
  build: number;
  name: string;
  keyboardType: number;
  functionKeys: number;
  productId: number;
  /** Undefined where an old client leaves it out. */
  digitalProductId?: string;
  capabilities: number;
  channels: string[];
}

export interface ServerSettings {
  method: number;
  level: number;
  /** 1 RSA, 2 X.509; 0 when there is none. */
  certificate: number;
  isPermanent: boolean;
}

const channelLimit = 32;
const blockLimit = 32;
/** Bytes before the settings. */
const searchLimit = 512;

const clientKey = 'Duca';
const serverKey = 'McDn';

/** Where the blocks behind a key begin; -1 when there is none. */
function blocksAt(b: Uint8Array, at: number, end: number, key: string): number {
  const last = Math.min(end - 6, at + searchLimit);
  for (let o = at; o <= last; o++) {
    if (b[o] === key.charCodeAt(0) && hasAscii(b, o, end, key)) return o + 4 + (b[o + 4] > 0x7f ? 2 : 1);
  }
  return -1;
}

/** Settings of the client inside `at`..`end`; null when there are none. */
export function readClient(b: Uint8Array, at: number, end: number): ClientSettings | null {
  let o = blocksAt(b, at, end, clientKey);
  let settings: ClientSettings | null = null;
  let channels: string[] = [];
  for (let i = 0; o >= 0 && i < blockLimit && o + 4 <= end; i++) {
    const length = u16le(b, o + 2);
    const blockEnd = Math.min(end, o + length);
    const type = u16le(b, o);
    if (length < 4) break;
    if (type === 0xc001 && blockEnd - o >= 132) settings = readCore(b, o + 4, blockEnd);
    else if (type === 0xc003) channels = readChannels(b, o + 4, blockEnd);
    o += length;
  }
  if (settings !== null) settings.channels = channels;
  return settings;
}

const depths: Readonly<Record<number, number>> = { 51712: 4, 51713: 8, 51714: 15, 51715: 16, 51716: 24 };
const highDepths = new Set([4, 8, 15, 16, 24]);

function readCore(b: Uint8Array, at: number, end: number): ClientSettings {
  const word = (offset: number): number => (at + offset + 2 <= end ? u16le(b, at + offset) : 0);
  const high = highDepths.has(word(136)) ? word(136) : 0;
  const hasId = at + 142 + 64 <= end;
  return {
    version: u32le(b, at),
    width: u16le(b, at + 4),
    height: u16le(b, at + 6),
    colorDepth: high || (depths[word(128)] ?? depths[word(8)] ?? 0),
    highColorDepth: high,
    layout: u32le(b, at + 12),
    build: u32le(b, at + 16),
    name: utf16Text(b, at + 20, utf16End(b, at + 20, at + 52)),
    keyboardType: u32le(b, at + 52),
    functionKeys: u32le(b, at + 60),
    productId: word(130),
    ...(hasId && { digitalProductId: utf16Text(b, at + 142, utf16End(b, at + 142, at + 206)) }),
    capabilities: word(140),
    channels: [],
  };
}

/** Number (4), then for each a name (8) and options (4). */
function readChannels(b: Uint8Array, at: number, end: number): string[] {
  const channels: string[] = [];
  for (let o = at + 4; o + 12 <= end && channels.length < channelLimit; o += 12) {
    let stop = o;
    while (stop < o + 8 && b[stop] !== 0) stop++;
    channels.push(wireText(b, o, stop));
  }
  return channels;
}

/** Settings of the server inside `at`..`end`; null when there are none. */
export function readServer(b: Uint8Array, at: number, end: number): ServerSettings | null {
  let o = blocksAt(b, at, end, serverKey);
  for (let i = 0; o >= 0 && i < blockLimit && o + 4 <= end; i++) {
    const length = u16le(b, o + 2);
    if (length < 4) break;
    if (u16le(b, o) === 0x0c02 && Math.min(end, o + length) - o >= 12)
      return readSecurity(b, o + 4, Math.min(end, o + length));
    o += length;
  }
  return null;
}

/** Method, level, lengths of random and certificate (4 each), random, certificate: its version in the low 31 bits. */
function readSecurity(b: Uint8Array, at: number, end: number): ServerSettings {
  const settings = { method: u32le(b, at), level: u32le(b, at + 4), certificate: 0, isPermanent: false };
  if (end - at < 16) return settings;
  const from = at + 16 + u32le(b, at + 8);
  if (u32le(b, at + 12) < 4 || from + 4 > end) return settings;
  const version = u32le(b, from);
  settings.certificate = version & 0x7fff_ffff;
  settings.isPermanent = (version & 0x8000_0000) === 0;
  return settings;
}
