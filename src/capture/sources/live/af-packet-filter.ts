// Filters for a packet socket, as the kernel wants them: struct sock_filter (<linux/filter.h>), 8 bytes an instruction.
//
//   0      2    3    4            8
//   | code | jt | jf |      k     |   in the machine's own byte order
//
// A cooked socket hands the kernel's filter the packet without any link header, while the program was compiled for a
// LINUX_SLL2 header of 20 bytes in front: loads are moved, and those of header fields turned into ancillary loads.

import type { FrameBatch } from '../../../core/index.ts';
import { compileFilter } from '../filter/bpf-compile.ts';
import { createMatcher } from '../filter/bpf-machine.ts';
import type { Matcher } from '../filter/bpf-program.ts';
import { toSockFilter } from '../filter/bpf-program.ts';
import type { LinkShape } from './af-packet-link.ts';
import { sll2HeaderBytes } from './af-packet-ring.ts';

/** One filter, divided into what the kernel does and what is left to do here. */
export interface SocketFilter {
  /** Instructions for the kernel. */
  readonly program: Uint8Array;
  /** Keeps the matching ones of the first `count` frames of a batch and gives their number; null: nothing is left. */
  readonly here: ((batch: FrameBatch, count: number) => number) | null;
}

const instructionBytes = 8;

const code = {
  load: 0x00,
  loadIndex: 0x01,
  classMask: 0x07,
  sizeMask: 0x18,
  word: 0x00,
  half: 0x08,
  byte: 0x10,
  modeMask: 0xe0,
  absolute: 0x20,
  indirect: 0x40,
  length: 0x80,
  headerLength: 0xa0,
  returnConstant: 0x06,
} as const;

/** Accepts nothing: for the moment between bind and the real filter. */
export const acceptNothing = oneReturn(0);

/** Accepts every packet, up to `snapLen` bytes of it (0: all). */
export function acceptAll(snapLen: number): Uint8Array {
  return oneReturn(snapLen === 0 ? 0x7fffffff : snapLen);
}

function oneReturn(value: number): Uint8Array {
  const bytes = new Uint8Array(instructionBytes);
  const view = new Int32Array(bytes.buffer);
  new Uint16Array(bytes.buffer)[0] = code.returnConstant;
  view[1] = value;
  return bytes;
}

/** SKF_AD_OFF: loads beyond it read what the kernel knows of the packet instead of its bytes. */
const ancillary = -0x1000;

/** Field of the SLL2 header by offset: size of the load and number of the kernel's ancillary value. */
const headerFields: Record<number, { readonly size: number; readonly value: number }> = {
  0: { size: code.half, value: 0 },
  4: { size: code.word, value: 8 },
  8: { size: code.half, value: 28 },
  10: { size: code.byte, value: 4 },
};

/**
 * Rewrites a program compiled for LINUX_SLL2 for the bare packets of a cooked socket. Null when it looks at something
 * the kernel cannot tell there (the sender's address, the length with its header): filter in this process then.
 */
export function forCookedSocket(program: Uint8Array): Uint8Array | null {
  const bytes = program.slice();
  const halves = new Uint16Array(bytes.buffer);
  const words = new Int32Array(bytes.buffer);
  for (let at = 0; at < bytes.length; at += instructionBytes) {
    const opcode = halves[at >> 1];
    const kind = opcode & code.classMask;
    if (kind !== code.load && kind !== code.loadIndex) continue;
    const mode = opcode & code.modeMask;
    if (mode === code.length) return null;
    if (mode !== code.absolute && mode !== code.indirect && mode !== code.headerLength) continue;
    const from = words[(at >> 2) + 1];
    if (from >= sll2HeaderBytes) {
      words[(at >> 2) + 1] = from - sll2HeaderBytes;
    } else {
      const field = headerFields[from];
      if (mode !== code.absolute || field === undefined || field.size !== (opcode & code.sizeMask)) return null;
      words[(at >> 2) + 1] = ancillary + field.value;
    }
  }
  return bytes;
}

/**
 * Compiles a filter for a socket of this shape.
 *
 * @throws Failure BAD_FILTER, LIBRARY_MISSING.
 */
export function socketFilter(expression: string, link: LinkShape, snapLen: number): SocketFilter {
  if (expression.trim() === '') return { program: acceptAll(snapLen), here: null };
  const program = compileFilter(expression, link.linkType, snapLen);
  if (!looksAtVlanTags(expression)) {
    const compiled = toSockFilter(program);
    const forKernel = link.cooked ? forCookedSocket(compiled) : compiled;
    if (forKernel !== null) return { program: forKernel, here: null };
  }
  return { program: acceptAll(0), here: keepMatching(createMatcher(program), snapLen === 0 ? 0x7fffffff : snapLen) };
}

function keepMatching(matches: Matcher, limit: number): (batch: FrameBatch, count: number) => number {
  return (batch, count) => {
    const { bytes, at, capLen, wireLen, timeUs, timeNs, checksumNotReady } = batch;
    let kept = 0;
    for (let i = 0; i < count; i++) {
      if (matches(bytes, at[i], capLen[i], wireLen[i]) === 0) continue;
      at[kept] = at[i];
      capLen[kept] = Math.min(capLen[i], limit);
      wireLen[kept] = wireLen[i];
      timeUs[kept] = timeUs[i];
      timeNs[kept] = timeNs[i];
      checksumNotReady[kept] = checksumNotReady[i];
      kept++;
    }
    return kept;
  };
}

/**
 * True when the kernel cannot answer this filter as it stands: it keeps a VLAN tag beside the packet, so a program that
 * looks for the tag among the bytes never finds it. Such filters run here, on frames with their tags put back.
 */
function looksAtVlanTags(expression: string): boolean {
  return /\bvlan\b/i.test(expression);
}
