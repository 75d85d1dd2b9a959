// The blocks of pcapng that hold no frame (§4.1 section, §4.2 interface, §4.5 names, §4.6 statistics, §4.7 secrets).

import type { SourceInterface } from '../../../../core/index.ts';
import { type Annotations, annotationLimits } from '../annotations.ts';
import { i64, u16, u32, u64 } from '../byte-order.ts';
import { commentOption, eachOption, text } from './pcapng-options.ts';

/** Keeps comments, hardware, system and application of a section; `from` is its first option. */
export function readSection(annotations: Annotations, b: Uint8Array, from: number, end: number, big: boolean): void {
  const comments: string[] = [];
  const said: Record<number, string> = {};
  eachOption(b, from, end, big, (code, at, length) => {
    if (code === commentOption) comments.push(text(b, at, length));
    else if (code <= 4) said[code] = text(b, at, length);
  });
  if (annotations.sections.length >= annotationLimits.notes) annotations.left++;
  else {
    const [hardware, os, application] = [said[2] ?? null, said[3] ?? null, said[4] ?? null];
    annotations.sections.push({ comments, hardware, os, application });
  }
}

/** What an interface block says, with its resolution as written: 10^-exponent or 2^-exponent seconds. */
export interface ReadInterface {
  readonly iface: SourceInterface;
  readonly exponent: number;
  readonly isBinary: boolean;
}

const interfaceOption = {
  name: 2,
  description: 3,
  speed: 8,
  resolution: 9,
  filter: 11,
  os: 12,
  fcsLength: 13,
  timeOffset: 14,
  hardware: 15,
} as const;

/** Reads an interface block whose body starts at `o`; it is interface `index` of its section. */
export function readInterface(
  annotations: Annotations,
  b: Uint8Array,
  o: number,
  end: number,
  big: boolean,
  section: number,
  index: number,
): ReadInterface {
  const comments: string[] = [];
  const said: Record<number, string> = {};
  let resolution = 6;
  let offsetSec = 0;
  let speedBps: number | null = null;
  let fcsLen: number | null = null;
  eachOption(b, o + 8, end, big, (code, at, length) => {
    if (code === commentOption) comments.push(text(b, at, length));
    else if (code === interfaceOption.resolution && length >= 1) resolution = b[at];
    else if (code === interfaceOption.speed && length === 8) speedBps = u64(b, at, big);
    else if (code === interfaceOption.fcsLength && length >= 1) fcsLen = b[at];
    else if (code === interfaceOption.timeOffset && length === 8) offsetSec = i64(b, at, big);
    // A filter starts with a byte that tells its kind; 0 is text.
    else if (code === interfaceOption.filter && length > 1 && b[at] === 0) said[code] = text(b, at + 1, length - 1);
    else if (code !== interfaceOption.filter && code <= interfaceOption.hardware) said[code] = text(b, at, length);
  });
  const exponent = resolution & 0x7f;
  const isBinary = resolution > 0x7f;
  const snapLen = u32(b, o + 4, big);
  const description = said[interfaceOption.description];
  if (annotations.interfaces.length >= annotationLimits.notes) annotations.left++;
  else {
    annotations.interfaces.push({
      comments,
      filter: said[interfaceOption.filter] ?? null,
      os: said[interfaceOption.os] ?? null,
      hardware: said[interfaceOption.hardware] ?? null,
    });
  }
  const iface = {
    name: said[interfaceOption.name] ?? `${annotations.file}#${index}`,
    linkType: u16(b, o, big),
    snapLen: snapLen > 0x7fffffff ? 0 : snapLen,
    ticksPerSec: (isBinary ? 2 : 10) ** exponent,
    section,
    ...(offsetSec === 0 ? {} : { offsetSec }),
    ...(description === undefined ? {} : { description }),
    ...(speedBps === null ? {} : { speedBps }),
    ...(fcsLen === null ? {} : { fcsLen }),
  };
  return { iface, exponent, isBinary };
}

const statisticsOption = { received: 4, droppedByInterface: 5, accepted: 6, droppedBySystem: 7, delivered: 8 } as const;

/** Keeps the counters of an interface; a later block replaces an earlier one, since they count from the start. */
export function readStatistics(
  annotations: Annotations,
  iface: number,
  b: Uint8Array,
  from: number,
  end: number,
  big: boolean,
): void {
  const said: Record<number, number> = {};
  eachOption(b, from, end, big, (code, at, length) => {
    if (length === 8 && code >= statisticsOption.received && code <= statisticsOption.delivered) {
      said[code] = u64(b, at, big);
    }
  });
  annotations.statistics.set(iface, {
    received: said[statisticsOption.received] ?? null,
    droppedByInterface: said[statisticsOption.droppedByInterface] ?? null,
    acceptedByFilter: said[statisticsOption.accepted] ?? null,
    droppedBySystem: said[statisticsOption.droppedBySystem] ?? null,
    delivered: said[statisticsOption.delivered] ?? null,
  });
}

/** Bytes of address by record type: IPv4, IPv6, EUI-48, EUI-64. */
const addressBytes: Record<number, number> = { 1: 4, 2: 16, 3: 6, 4: 8 };

/** Keeps the names of a name resolution block: records of type 2 | length 2 | address | names ended by zeros, padded. */
export function readNames(annotations: Annotations, b: Uint8Array, from: number, end: number, big: boolean): void {
  let o = from;
  while (o + 4 <= end) {
    const type = u16(b, o, big);
    const length = u16(b, o + 2, big);
    if (type === 0 || o + 4 + length > end) return;
    const size = addressBytes[type] ?? 0;
    if (size > 0 && length > size) {
      if (annotations.names.length >= annotationLimits.names) annotations.left++;
      else {
        const names = text(b, o + 4 + size, length - size).split('\0');
        annotations.names.push({ address: b.slice(o + 4, o + 4 + size), names });
      }
    }
    o += 4 + ((length + 3) & ~3);
  }
}

/** Keeps the key material of a decryption secrets block: kind 4 | length 4 | data. */
export function readSecrets(annotations: Annotations, b: Uint8Array, o: number, end: number, big: boolean): void {
  const length = u32(b, o + 4, big);
  if (length > end - o - 8) return;
  if (annotations.secretBytes + length > annotationLimits.secretBytes) annotations.left++;
  else {
    annotations.secrets.push({ kind: u32(b, o, big), data: b.slice(o + 8, o + 8 + length) });
    annotations.secretBytes += length;
  }
}
