// pcapng (draft-ietf-opsawg-pcapng): section header, interface descriptions, enhanced packets, interface statistics.
// Always little-endian: the byte-order magic tells, and each reader turns it around.
//
//   0               4               8                       length-4
//   +---------------+---------------+--------…--------------+---------------+
//   | block type    | block length  | body, options (padded)| block length  |
//   +---------------+---------------+--------…--------------+---------------+
import type { FrameBatch, SourceInterface, SourceStats } from '../../core/index.ts';
import { type About, capLimitOf, type Format, type RecordSpace } from './format.ts';
import { copyFrame } from './frame-copy.ts';

const blockType = { section: 0x0a0d0d0a, interface: 1, statistics: 5, packet: 6 } as const;
const option = { end: 0, comment: 1 } as const;
const sectionOption = { hardware: 2, os: 3, application: 4 } as const;
const interfaceOption = { name: 2, description: 3, speed: 8, resolution: 9, filter: 11, fcsLen: 13 } as const;
const statisticsOption = { received: 4, dropped: 5, droppedByOs: 7, delivered: 8 } as const;

const byteOrderMagic = 0x1a2b3c4d;
const microseconds = 6;
const nanoseconds = 9;
const packetHeadBytes = 28;
const word = 2 ** 32;
/** Options carry their length in 16 bits. */
const longestOption = 65_535;

const utf8 = new TextEncoder();
const padded = (bytes: number): number => (bytes + 3) & ~3;

/** Opens the format. One section per file; interface numbers are those of the source. */
export function pcapng(about: About): Format {
  const interfaces: SourceInterface[] = [];
  /** 1 where an interface's time stamps are in nanoseconds. */
  const inNanoseconds: number[] = [];
  const delivered: number[] = [];
  let lastTimeUs = 0;
  return {
    begin(out) {
      putSection(out, about);
      for (const described of interfaces) putInterface(out, described, about.filter);
    },
    addInterface(out, added) {
      interfaces.push(added);
      inNanoseconds.push(added.ticksPerSec > 1e6 ? 1 : 0);
      delivered.push(0);
      if (out !== null) putInterface(out, added, about.filter);
    },
    recordBytes: (capLen) => packetHeadBytes + padded(capLen) + 4,
    capLimit: (iface) => capLimitOf(interfaces[iface].linkType),
    frame(out, batch, i, from, capLen, comments) {
      const iface = batch.iface[i];
      delivered[iface]++;
      lastTimeUs = batch.timeUs[i];
      if (comments === null) putPacket(out, batch, i, from, capLen, inNanoseconds[iface]);
      else putCommentedPacket(out, batch, i, from, capLen, inNanoseconds[iface], comments);
    },
    end(out, stats) {
      if (stats === null) return;
      // The counters are of the whole source: with several interfaces nobody can say whose they are.
      const shared = interfaces.length === 1 ? stats : null;
      for (let n = 0; n < interfaces.length; n++) {
        putStatistics(out, n, lastTimeUs, inNanoseconds[n], delivered[n], shared);
      }
    },
  };
}

/** End of the last whole block before `end`. */
export function wholeBlocks(bytes: DataView, end: number): number {
  let at = 0;
  while (at + 8 <= end) {
    const next = at + bytes.getUint32(at + 4, true);
    if (next > end) break;
    at = next;
  }
  return at;
}

/**
 *   | 6 | length | interface | time high | time low | captured | on the wire | data, padded | length |
 */
function putPacket(out: RecordSpace, batch: FrameBatch, i: number, from: DataView, capLen: number, inNs: number): void {
  const length = packetHeadBytes + padded(capLen) + 4;
  out.reserve(length);
  putPacketHead(out, batch, i, from, capLen, inNs, length);
  out.view.setUint32(out.used + length - 4, length, true);
  out.used += length;
}

function putPacketHead(
  out: RecordSpace,
  batch: FrameBatch,
  i: number,
  from: DataView,
  capLen: number,
  inNs: number,
  length: number,
): void {
  const view = out.view;
  const at = out.used;
  view.setUint32(at, blockType.packet, true);
  view.setUint32(at + 4, length, true);
  view.setUint32(at + 8, batch.iface[i], true);
  putTime(view, at + 12, batch.timeUs[i], batch.timeNs[i], inNs);
  view.setUint32(at + 20, capLen, true);
  view.setUint32(at + 24, batch.wireLen[i], true);
  copyFrame(batch.bytes, from, batch.at[i], out.bytes, view, at + packetHeadBytes, capLen);
}

/** A 64-bit count of ticks as two words, without leaving the range in which doubles are exact. */
function putTime(view: DataView, at: number, timeUs: number, timeNs: number, inNs: number): void {
  // The field is unsigned; times before 1970 come only from damaged input.
  const us = Math.max(timeUs, 0);
  let high = Math.floor(us / word);
  let low = us - high * word;
  if (inNs === 1) {
    const ns = low * 1000 + timeNs;
    const carry = Math.floor(ns / word);
    high = high * 1000 + carry;
    low = ns - carry * word;
  }
  view.setUint32(at, high, true);
  view.setUint32(at + 4, low, true);
}

function putCommentedPacket(
  out: RecordSpace,
  batch: FrameBatch,
  i: number,
  from: DataView,
  capLen: number,
  inNs: number,
  comments: readonly string[],
): void {
  const options = comments.flatMap((comment) => textOption(option.comment, comment));
  const fixedBytes = packetHeadBytes + padded(capLen);
  const length = fixedBytes + optionsBytes(options) + 4;
  out.reserve(length);
  putPacketHead(out, batch, i, from, capLen, inNs, length);
  putOptions(out, out.used + fixedBytes, options);
  out.view.setUint32(out.used + length - 4, length, true);
  out.used += length;
}

function putSection(out: RecordSpace, about: About): void {
  const body = new DataView(new ArrayBuffer(16));
  body.setUint32(0, byteOrderMagic, true);
  body.setUint16(4, 1, true);
  // Length of the section: -1, not known beforehand.
  body.setBigInt64(8, -1n, true);
  putBlock(out, blockType.section, body, [
    ...(about.comments ?? []).flatMap((comment) => textOption(option.comment, comment)),
    ...textOption(sectionOption.hardware, about.hardware),
    ...textOption(sectionOption.os, about.os),
    ...textOption(sectionOption.application, about.application),
  ]);
}

function putInterface(out: RecordSpace, described: SourceInterface, filter: string | undefined): void {
  const body = new DataView(new ArrayBuffer(8));
  body.setUint16(0, described.linkType, true);
  body.setUint32(4, described.snapLen, true);
  const { speedBps, fcsLen } = described;
  putBlock(out, blockType.interface, body, [
    ...textOption(interfaceOption.name, described.name),
    ...textOption(interfaceOption.description, described.description),
    ...(speedBps === undefined ? [] : [counterOption(interfaceOption.speed, speedBps)]),
    {
      code: interfaceOption.resolution,
      value: Uint8Array.of(described.ticksPerSec > 1e6 ? nanoseconds : microseconds),
    },
    // if_filter starts with the kind of filter: 0 is a text in libpcap's syntax.
    ...(filter ? textOption(interfaceOption.filter, `\0${filter}`) : []),
    ...(fcsLen === undefined ? [] : [{ code: interfaceOption.fcsLen, value: Uint8Array.of(fcsLen) }]),
  ]);
}

function putStatistics(
  out: RecordSpace,
  iface: number,
  timeUs: number,
  inNs: number,
  delivered: number,
  stats: SourceStats | null,
): void {
  const body = new DataView(new ArrayBuffer(12));
  body.setUint32(0, iface, true);
  putTime(body, 4, timeUs, 0, inNs);
  const options: Option[] = [];
  if (stats !== null) {
    // isb_ifrecv counts what the interface saw, also what was lost before us.
    options.push(counterOption(statisticsOption.received, stats.received + stats.droppedKernel));
    options.push(counterOption(statisticsOption.dropped, stats.droppedInterface));
    options.push(counterOption(statisticsOption.droppedByOs, stats.droppedKernel));
  }
  options.push(counterOption(statisticsOption.delivered, delivered));
  putBlock(out, blockType.statistics, body, options);
}

/**
 *   | code (16) | length (16) | value, padded |  … up to code 0
 */
interface Option {
  readonly code: number;
  readonly value: Uint8Array;
}

/** Puts a block of fixed fields and options, room for which is made first: a flush never splits it. */
function putBlock(out: RecordSpace, type: number, body: DataView, options: readonly Option[]): void {
  const length = 8 + body.byteLength + optionsBytes(options) + 4;
  out.reserve(length);
  const at = out.used;
  out.view.setUint32(at, type, true);
  out.view.setUint32(at + 4, length, true);
  out.bytes.set(new Uint8Array(body.buffer), at + 8);
  putOptions(out, at + 8 + body.byteLength, options);
  out.view.setUint32(at + length - 4, length, true);
  out.used += length;
}

function optionsBytes(options: readonly Option[]): number {
  return options.reduce((sum, { value }) => sum + 4 + padded(value.length), 4);
}

function putOptions(out: RecordSpace, start: number, options: readonly Option[]): void {
  let at = start;
  for (const { code, value } of options) {
    out.view.setUint16(at, code, true);
    out.view.setUint16(at + 2, value.length, true);
    out.bytes.set(value, at + 4);
    out.bytes.fill(0, at + 4 + value.length, at + 4 + padded(value.length));
    at += 4 + padded(value.length);
  }
  out.view.setUint32(at, option.end, true);
}

function textOption(code: number, text: string | undefined): Option[] {
  return text ? [{ code, value: clipped(text) }] : [];
}

function counterOption(code: number, count: number): Option {
  const value = new Uint8Array(8);
  new DataView(value.buffer).setBigUint64(0, BigInt(Math.max(0, Math.round(count))), true);
  return { code, value };
}

/** UTF-8 of a text, cut at a character where an option cannot hold it. */
function clipped(text: string): Uint8Array {
  const bytes = utf8.encode(text);
  if (bytes.length <= longestOption) return bytes;
  let end = longestOption;
  while ((bytes[end] & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}
