// Filters in pcap-filter(7) syntax to BPF programs, by libpcap's own compiler: the same words mean the same as in tcpdump.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure, linkTypeName, printable } from '../../../core/index.ts';
import { errorBufferBytes, type Libpcap, loadLibpcap, type Pointer } from '../native/libpcap-library.ts';
import { type BpfProgram, fromInstructions } from './bpf-program.ts';

/** PCAP_NETMASK_UNKNOWN: `ip broadcast` is then refused instead of wrong. */
export const unknownNetmask = 0xffff_ffff;

/** What an accepted frame returns where no snap length was asked for. */
const unlimitedSnapLen = 262_144;

const example = 'For example: tcp port 443 and host 192.0.2.1 (all words: man pcap-filter)';

/**
 * Numbers that differ between files (LINKTYPE_) and libpcap's functions (DLT_), for the platforms we run on; all others
 * are equal there (pcap-common.c lists them).
 */
const dltByLinkType: Record<number, number> = {
  // ATM_RFC1483, RAW, SLIP_BSDOS, PPP_BSDOS.
  100: 11,
  101: process.platform === 'openbsd' ? 14 : 12,
  102: 15,
  103: 16,
  // ATM_CLIP.
  106: 19,
  // PKTAP, which Apple keeps under a private number.
  ...(process.platform === 'darwin' ? { 258: 149 } : {}),
};

/** libpcap's DLT_ number of a LINKTYPE_. */
export function dltOf(linkType: number): number {
  return dltByLinkType[linkType] ?? linkType;
}

/** LINKTYPE_ of a DLT_ number that libpcap gave (`pcap_datalink`). */
export function linkTypeOf(dlt: number): number {
  for (const [linkType, number] of Object.entries(dltByLinkType)) if (number === dlt) return Number(linkType);
  return dlt;
}

/**
 * Compiles and optimises a filter for frames of a link type.
 *
 * @param snapLen bytes the program returns for accepted frames; 0: all.
 * @param netmask IPv4 netmask of the network listened to, for `ip broadcast`, as `pcap_lookupnet` gives it.
 * @throws Failure BAD_FILTER when it is not understood, LIBRARY_MISSING without libpcap.
 */
export function compileFilter(
  expression: string,
  linkType: number,
  snapLen = 0,
  netmask: number = unknownNetmask,
): BpfProgram {
  const open = (libpcap: Libpcap) => libpcap.pcap_open_dead(dltOf(linkType), snapLen || unlimitedSnapLen);
  return compileOn(open, expression, linkType, netmask);
}

/**
 * Compiles as {@link compileFilter} does, but for frames of BSD loopback link types from another machine. There each
 * frame starts with an address family in the byte order of the machine that wrote it, and IPv6 has a number of its own
 * on each BSD: libpcap looks for all of them when it compiles for a file, so it is shown the head of one.
 */
export function compileForeignLoopback(
  expression: string,
  linkType: number,
  snapLen: number,
  isBigEndian: boolean,
): BpfProgram {
  const open = (libpcap: Libpcap) => openHead(libpcap, linkType, snapLen || unlimitedSnapLen, isBigEndian);
  return compileOn(open, expression, linkType, unknownNetmask);
}

/** NULL, LOOP, ENC. */
export function isBsdLoopback(linkType: number): boolean {
  return linkType === 0 || linkType === 108 || linkType === 109;
}

function compileOn(
  open: (libpcap: Libpcap) => Pointer | null,
  expression: string,
  linkType: number,
  netmask: number,
): BpfProgram {
  const libpcap = loadLibpcap();
  if (expression.includes('\0')) throw new Failure('BAD_FILTER', 'the filter holds a NUL character', example);
  const handle = open(libpcap);
  if (handle === null) throw new Failure('BAD_FILTER', 'libpcap cannot make room for a filter', 'Free some memory.');
  try {
    const program = tryCompile(libpcap, handle, expression, netmask);
    if (program !== null) return program;
    throw notUnderstood(libpcap, handle, expression, linkType, netmask);
  } finally {
    libpcap.pcap_close(handle);
  }
}

/** A handle for a pcap file without packets; where no file can be made, one that knows only this machine's numbers. */
function openHead(libpcap: Libpcap, linkType: number, snapLen: number, isBigEndian: boolean): Pointer | null {
  const head = new DataView(new ArrayBuffer(24));
  head.setUint32(0, 0xa1b2c3d4, !isBigEndian);
  head.setUint16(4, 2, !isBigEndian);
  head.setUint16(6, 4, !isBigEndian);
  head.setUint32(16, snapLen, !isBigEndian);
  head.setUint32(20, linkType, !isBigEndian);
  try {
    const folder = mkdtempSync(join(tmpdir(), 'taplight-filter-'));
    try {
      const path = join(folder, 'head.pcap');
      writeFileSync(path, new Uint8Array(head.buffer));
      return libpcap.pcap_open_offline(path, new Uint8Array(errorBufferBytes));
    } finally {
      rmSync(folder, { recursive: true });
    }
  } catch {
    return libpcap.pcap_open_dead(dltOf(linkType), snapLen);
  }
}

/** `struct bpf_program { u_int bf_len; struct bpf_insn *bf_insns; }`, in the pointer size of this machine; null: error. */
function tryCompile(libpcap: Libpcap, handle: Pointer, expression: string, netmask: number): BpfProgram | null {
  const { koffi } = libpcap;
  const memory = new Uint8Array(16);
  if (libpcap.pcap_compile(handle, memory, expression, 1, netmask) !== 0) return null;
  try {
    const length: number = koffi.decode(memory, 'uint32_t');
    const instructions: Pointer = koffi.decode(memory, koffi.sizeof('void *'), 'void *');
    // A copy: the memory behind the view is libpcap's and goes with pcap_freecode.
    return fromInstructions(new Uint8Array(koffi.view(instructions, length * 8)).slice());
  } finally {
    libpcap.pcap_freecode(memory);
  }
}

function notUnderstood(
  libpcap: Libpcap,
  handle: Pointer,
  expression: string,
  linkType: number,
  netmask: number,
): Failure {
  const because = printable(libpcap.pcap_geterr(handle).replace(/^can't parse filter expression: /, ''));
  const shown = printable(expression);
  const on = linkType === 1 ? '' : ` for ${linkTypeName(linkType)} frames`;
  const place = because.startsWith('syntax error') ? placeOf(libpcap, handle, expression, netmask) : '';
  return new Failure('BAD_FILTER', `bad filter "${shown}"${on}: ${because}${place}`, example);
}

/** One of these makes a whole of most filters that break off. */
const endings = [' tcp', ' 1', ' 192.0.2.1', ')', ' 1)'];

/** libpcap does not say where a syntax error is; the longest beginning that stands on its own does. */
function placeOf(libpcap: Libpcap, handle: Pointer, expression: string, netmask: number): string {
  const isUnfinished = endings.some((ending) => tryCompile(libpcap, handle, expression + ending, netmask) !== null);
  if (isUnfinished) return ', it ends too early';
  const words = expression.trim().split(/\s+/);
  for (let count = Math.min(words.length - 1, 40); count > 0; count--) {
    const beginning = words.slice(0, count).join(' ');
    if (tryCompile(libpcap, handle, beginning, netmask) === null) continue;
    return ` after "${printable(beginning)}", at "${printable(words.slice(count).join(' '))}"`;
  }
  return ` at "${printable(words[0] ?? '')}"`;
}
