// Data of resource records as values and as text (RFC 1035 §3.3, 4034, 5155, 6698, 8659, 9460 and others).

import { formatIpv6, hexText, ipv4Text, macText, u16, u32, wireText } from '../../../core/index.ts';
import type { ResourceRecord } from './message.ts';
import { typeName } from './record-types.ts';
import { nameRead, readDataName } from './wire-name.ts';

/** Strings, options, types of a set or parameters read of one record. */
const partLimit = 128;
/** Bytes shown of data that has no form of its own. */
const opaqueLimit = 256;

export interface Soa {
  mname: string;
  rname: string;
  serial: number;
  refresh: number;
  retry: number;
  expire: number;
  minimum: number;
}

export interface Srv {
  priority: number;
  weight: number;
  port: number;
  name: string;
}

export interface Sshfp {
  fingerprint: string;
  algo: number;
  type: number;
}

export interface EdnsOption {
  code: number;
  data: string;
}

/** The name at `skip` bytes into the data; null when it is broken. */
export function nameData(b: Uint8Array, base: number, r: ResourceRecord, skip = 0): string | null {
  return r.at + skip < r.end && readDataName(b, r.at + skip, r.end, base) > 0 ? nameRead.text : null;
}

export function soaData(b: Uint8Array, base: number, r: ResourceRecord): Soa | null {
  const second = readDataName(b, r.at, r.end, base);
  if (second < 0) return null;
  const mname = nameRead.text;
  const numbers = readDataName(b, second, r.end, base);
  if (numbers < 0 || numbers + 20 > r.end) return null;
  return {
    mname,
    rname: nameRead.text,
    serial: u32(b, numbers),
    refresh: u32(b, numbers + 4),
    retry: u32(b, numbers + 8),
    expire: u32(b, numbers + 12),
    minimum: u32(b, numbers + 16),
  };
}

export function srvData(b: Uint8Array, base: number, r: ResourceRecord): Srv | null {
  const name = nameData(b, base, r, 6);
  if (name === null) return null;
  return { priority: u16(b, r.at), weight: u16(b, r.at + 2), port: u16(b, r.at + 4), name };
}

export function sshfpData(b: Uint8Array, r: ResourceRecord): Sshfp | null {
  if (r.end - r.at < 3) return null;
  return { fingerprint: hexText(b, r.at + 2, r.end, ':'), algo: b[r.at], type: b[r.at + 1] };
}

/** The strings of TXT and SPF. */
export function textsData(b: Uint8Array, r: Pick<ResourceRecord, 'at' | 'end'>): string[] {
  const all: string[] = [];
  for (let at = r.at; at < r.end && all.length < partLimit; ) {
    const stop = at + 1 + b[at];
    if (stop > r.end) break;
    all.push(wireText(b, at + 1, stop));
    at = stop;
  }
  return all;
}

/** Options of EDNS (RFC 6891 §6.1.2). */
export function optionsData(b: Uint8Array, r: ResourceRecord): EdnsOption[] {
  const all: EdnsOption[] = [];
  for (let at = r.at; at + 4 <= r.end && all.length < partLimit; ) {
    const stop = at + 4 + u16(b, at + 2);
    if (stop > r.end) break;
    all.push({ code: u16(b, at), data: hexText(b, at + 4, stop) });
    at = stop;
  }
  return all;
}

/** All eight groups with all their digits, as Suricata writes an address of six. */
export function wideIpv6(b: Uint8Array, at: number): string {
  let text = hexText(b, at, at + 2);
  for (let i = 2; i < 16; i += 2) text += `:${hexText(b, at + i, at + i + 2)}`;
  return text;
}

/** The shortened form of RFC 5952. */
export const shortIpv6 = (b: Uint8Array, at: number): string =>
  formatIpv6(u32(b, at), u32(b, at + 4), u32(b, at + 8), u32(b, at + 12));

/** What the data of a type consists of, in order; the last parts take what is left. */
type Part =
  | 'u8'
  | 'u16'
  | 'u32'
  | 'type'
  | 'name'
  | 'text'
  | 'texts'
  | 'hex8'
  | 'hex'
  | 'size'
  | 'types'
  | 'params'
  | 'rest';

const layouts: Readonly<Record<number, readonly Part[]>> = {
  13: ['text', 'text'],
  14: ['name', 'name'],
  17: ['name', 'name'],
  18: ['u16', 'name'],
  21: ['u16', 'name'],
  24: ['type', 'u8', 'u8', 'u32', 'u32', 'u32', 'u16', 'name'],
  25: ['u16', 'u8', 'u8', 'size'],
  35: ['u16', 'u16', 'text', 'text', 'text', 'name'],
  36: ['u16', 'name'],
  37: ['u16', 'u16', 'u8', 'size'],
  39: ['name'],
  43: ['u16', 'u8', 'u8', 'hex'],
  46: ['type', 'u8', 'u8', 'u32', 'u32', 'u32', 'u16', 'name'],
  47: ['name', 'types'],
  48: ['u16', 'u8', 'u8', 'size'],
  50: ['u8', 'u8', 'u16', 'hex8', 'hex8', 'types'],
  51: ['u8', 'u8', 'u16', 'hex8'],
  52: ['u8', 'u8', 'u8', 'hex'],
  53: ['u8', 'u8', 'u8', 'hex'],
  59: ['u16', 'u8', 'u8', 'hex'],
  60: ['u16', 'u8', 'u8', 'size'],
  61: ['size'],
  62: ['u32', 'u16', 'types'],
  63: ['u32', 'u8', 'u8', 'hex'],
  64: ['u16', 'name', 'params'],
  65: ['u16', 'name', 'params'],
  99: ['texts'],
  250: ['name'],
  256: ['u16', 'u16', 'rest'],
  257: ['u8', 'text', 'rest'],
};

/** The data as a zone file would show it; `\#` with digits for what has no form, empty when there is none. */
export function dataText(b: Uint8Array, base: number, r: ResourceRecord): string {
  if (r.type === 108 && r.end - r.at === 6) return macText(b, r.at);
  const layout = layouts[r.type];
  if (layout === undefined) return opaque(b, r.at, r.end);
  let out = '';
  let at = r.at;
  for (let i = 0; i < layout.length && at < r.end; i++) {
    at = readPart(layout[i], b, base, at, r.end);
    if (at < 0) break;
    out += out === '' ? part : ` ${part}`;
  }
  return out;
}

/** Text of the part read last. */
let part = '';

/** @returns position after the part, -1 when it breaks off */
function readPart(kind: Part, b: Uint8Array, base: number, at: number, end: number): number {
  switch (kind) {
    case 'u8':
      part = String(b[at]);
      return at + 1;
    case 'u16':
    case 'type':
      if (at + 2 > end) return -1;
      part = kind === 'type' ? typeName(u16(b, at)) : String(u16(b, at));
      return at + 2;
    case 'u32':
      if (at + 4 > end) return -1;
      part = String(u32(b, at));
      return at + 4;
    case 'name': {
      const next = readDataName(b, at, end, base);
      part = nameRead.text === '' ? '.' : nameRead.text;
      return next;
    }
    case 'text':
    case 'hex8': {
      const stop = at + 1 + b[at];
      if (stop > end) return -1;
      part = kind === 'text' ? wireText(b, at + 1, stop) : stop === at + 1 ? '-' : hexText(b, at + 1, stop);
      return stop;
    }
    default:
      part = restText(kind, b, at, end);
      return end;
  }
}

function restText(kind: Part, b: Uint8Array, at: number, end: number): string {
  if (kind === 'hex') return hexText(b, at, Math.min(end, at + opaqueLimit));
  if (kind === 'size') return `(${end - at} bytes)`;
  if (kind === 'types') return typesText(b, at, end);
  if (kind === 'params') return paramsText(b, at, end);
  if (kind === 'rest') return wireText(b, at, end);
  return textsData(b, { at, end }).join(' ');
}

/** Sets of record types by windows (RFC 4034 §4.1.2). */
function typesText(b: Uint8Array, at: number, end: number): string {
  const all: string[] = [];
  while (at + 2 <= end) {
    const window = b[at] << 8;
    const stop = at + 2 + b[at + 1];
    if (stop > end || b[at + 1] > 32) break;
    for (let i = at + 2; i < stop; i++) {
      for (let bit = 0; bit < 8 && all.length < partLimit; bit++) {
        if ((b[i] & (0x80 >> bit)) !== 0) all.push(typeName(window + (i - at - 2) * 8 + bit));
      }
    }
    at = stop;
  }
  return all.join(' ');
}

const paramNames = ['mandatory', 'alpn', 'no-default-alpn', 'port', 'ipv4hint', 'ech', 'ipv6hint', 'dohpath', 'ohttp'];

/** Parameters of SVCB and HTTPS (RFC 9460 §2.1). */
function paramsText(b: Uint8Array, at: number, end: number): string {
  const all: string[] = [];
  while (at + 4 <= end && all.length < partLimit) {
    const key = u16(b, at);
    const stop = at + 4 + u16(b, at + 2);
    if (stop > end) break;
    const value = paramText(key, b, at + 4, stop);
    const name = paramNames[key] ?? `key${key}`;
    all.push(value === '' ? name : `${name}=${value}`);
    at = stop;
  }
  return all.join(' ');
}

function paramText(key: number, b: Uint8Array, at: number, end: number): string {
  const values: string[] = [];
  switch (key) {
    case 0:
      for (let i = at; i + 2 <= end; i += 2) values.push(paramNames[u16(b, i)] ?? `key${u16(b, i)}`);
      return values.join(',');
    case 1:
      for (let i = at; i < end && i + 1 + b[i] <= end; i += 1 + b[i]) values.push(wireText(b, i + 1, i + 1 + b[i]));
      return values.join(',');
    case 3:
      return end - at === 2 ? String(u16(b, at)) : '';
    case 4:
      for (let i = at; i + 4 <= end; i += 4) values.push(ipv4Text(b, i));
      return values.join(',');
    case 6:
      for (let i = at; i + 16 <= end; i += 16) values.push(shortIpv6(b, i));
      return values.join(',');
    case 7:
      return wireText(b, at, end);
    default:
      return hexText(b, at, Math.min(end, at + opaqueLimit));
  }
}

/** The form of RFC 3597 §5, cut at {@link opaqueLimit} bytes. */
function opaque(b: Uint8Array, at: number, end: number): string {
  return at < end ? `\\# ${end - at} ${hexText(b, at, Math.min(end, at + opaqueLimit))}` : '';
}
