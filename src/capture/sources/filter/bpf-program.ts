// Classic BPF programs (McCanne & Jacobson 1993; Linux Documentation/networking/filter.rst): their layout, their opcodes,
// and the check that makes them safe to run.
//
//   struct bpf_insn = struct sock_filter    | code (16) | jt (8) | jf (8) | k (32) |    native byte order
import { Failure } from '../../../core/index.ts';

/** Instructions as parallel arrays. */
export interface BpfProgram {
  readonly length: number;
  readonly code: Uint16Array;
  /** Instructions to skip when a comparison holds, and when it does not. */
  readonly jt: Uint8Array;
  readonly jf: Uint8Array;
  readonly k: Uint32Array;
}

/** BPF_MAXINSNS. */
export const longestProgram = 4096;
/** BPF_MEMWORDS: words of scratch memory. */
export const scratchWords = 16;
const instructionBytes = 8;

/** Instruction classes and their modifiers; an opcode is the sum of one of each. */
export const bpf = {
  ld: 0x00,
  ldx: 0x01,
  st: 0x02,
  stx: 0x03,
  alu: 0x04,
  jmp: 0x05,
  ret: 0x06,
  misc: 0x07,
  /** Sizes of loads. */
  word: 0x00,
  half: 0x08,
  byte: 0x10,
  /** Addressing of loads. */
  imm: 0x00,
  abs: 0x20,
  ind: 0x40,
  mem: 0x60,
  len: 0x80,
  msh: 0xa0,
  /** Operations of `alu`. */
  add: 0x00,
  sub: 0x10,
  mul: 0x20,
  div: 0x30,
  or: 0x40,
  and: 0x50,
  lsh: 0x60,
  rsh: 0x70,
  neg: 0x80,
  mod: 0x90,
  xor: 0xa0,
  /** Comparisons of `jmp`. */
  ja: 0x00,
  jeq: 0x10,
  jgt: 0x20,
  jge: 0x30,
  jset: 0x40,
  /** The operand is X instead of k; for `ret`: the result is A. */
  x: 0x08,
  retA: 0x10,
  tax: 0x00,
  txa: 0x80,
} as const;

const classMask = 0x07;
const operationMask = 0xf0;

/** Loads at negative offsets ask the Linux kernel for what is not in the frame (SKF_AD_OFF, SKF_NET_OFF, SKF_LL_OFF). */
const kernelOffsets = 0xffe0_0000;

const arithmetic = [bpf.add, bpf.sub, bpf.mul, bpf.div, bpf.or, bpf.and, bpf.lsh, bpf.rsh, bpf.mod, bpf.xor];
const comparisons = [bpf.jeq, bpf.jgt, bpf.jge, bpf.jset];
const sizes = [bpf.word, bpf.half, bpf.byte];

const knownOpcodes: ReadonlySet<number> = new Set([
  ...sizes.flatMap((size) => [bpf.ld | size | bpf.abs, bpf.ld | size | bpf.ind]),
  ...[bpf.imm, bpf.mem, bpf.len].flatMap((mode) => [bpf.ld | mode, bpf.ldx | mode]),
  bpf.ldx | bpf.byte | bpf.msh,
  bpf.st,
  bpf.stx,
  ...arithmetic.flatMap((operation) => [bpf.alu | operation, bpf.alu | operation | bpf.x]),
  bpf.alu | bpf.neg,
  bpf.jmp | bpf.ja,
  ...comparisons.flatMap((test) => [bpf.jmp | test, bpf.jmp | test | bpf.x]),
  bpf.ret,
  bpf.ret | bpf.retA,
  bpf.misc | bpf.tax,
  bpf.misc | bpf.txa,
]);

const hostIsLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Reads `struct bpf_insn`s in the byte order of this machine. */
export function fromInstructions(bytes: Uint8Array): BpfProgram {
  const length = Math.floor(bytes.length / instructionBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const program = {
    length,
    code: new Uint16Array(length),
    jt: new Uint8Array(length),
    jf: new Uint8Array(length),
    k: new Uint32Array(length),
  };
  for (let i = 0; i < length; i++) {
    const at = i * instructionBytes;
    program.code[i] = view.getUint16(at, hostIsLittleEndian);
    program.jt[i] = bytes[at + 2];
    program.jf[i] = bytes[at + 3];
    program.k[i] = view.getUint32(at + 4, hostIsLittleEndian);
  }
  return program;
}

/** The `struct sock_filter[]` of SO_ATTACH_FILTER, 8 bytes per instruction in the byte order of this machine. */
export function toSockFilter(program: BpfProgram): Uint8Array {
  const bytes = new Uint8Array(program.length * instructionBytes);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < program.length; i++) {
    const at = i * instructionBytes;
    view.setUint16(at, program.code[i], hostIsLittleEndian);
    bytes[at + 2] = program.jt[i];
    bytes[at + 3] = program.jf[i];
    view.setUint32(at + 4, program.k[i], hostIsLittleEndian);
  }
  return bytes;
}

/**
 * Checks what the kernel checks before it runs a program: known instructions, jumps that go forward and stay inside, a
 * return at the end, no division by a constant zero. Only one thing is allowed that the kernel refuses: reading scratch
 * memory never written, which libpcap's own programs do (`pppoes` on radiotap); here it holds 0.
 *
 * @returns null when the program may run, else one sentence why not.
 */
export function problemOf(program: BpfProgram): string | null {
  const { length } = program;
  if (length === 0) return 'the program is empty';
  if (length > longestProgram) return `${length} instructions are more than ${longestProgram}`;
  for (let i = 0; i < length; i++) {
    const because = instructionProblem(program, i);
    if (because !== null) return `instruction ${i} ${because}`;
  }
  return (program.code[length - 1] & classMask) === bpf.ret ? null : 'the program does not end with a return';
}

/** Throws Failure BAD_FILTER when {@link problemOf} finds something. */
export function requireValid(program: BpfProgram): void {
  const because = problemOf(program);
  if (because === null) return;
  throw new Failure(
    'BAD_FILTER',
    `the compiled filter cannot be run: ${because}`,
    'Write the filter in another way, for example with proto instead of protochain.',
  );
}

function instructionProblem(program: BpfProgram, i: number): string | null {
  const code = program.code[i];
  const k = program.k[i];
  if (!knownOpcodes.has(code)) return `has the unknown code 0x${code.toString(16)}`;
  if ((code & classMask) === bpf.jmp) return jumpProblem(program, i);
  if (code === (bpf.alu | bpf.div) || code === (bpf.alu | bpf.mod)) return k === 0 ? 'divides by zero' : null;
  if (code === (bpf.alu | bpf.lsh) || code === (bpf.alu | bpf.rsh))
    return k > 31 ? 'shifts by more than 31 bits' : null;
  if (usesScratch(code)) return k >= scratchWords ? `uses scratch word ${k} of ${scratchWords}` : null;
  if ((code & (classMask | 0xe0)) === (bpf.ld | bpf.abs) && k >= kernelOffsets) {
    return `loads at offset ${k - 2 ** 32}, which only the kernel can answer`;
  }
  return null;
}

function jumpProblem(program: BpfProgram, i: number): string | null {
  const room = program.length - i - 1;
  const isAlways = (program.code[i] & operationMask) === bpf.ja;
  // libpcap makes loops for one word only.
  if (isAlways && program.k[i] > 0x7fff_ffff) return 'jumps backwards (protochain does), which may never end';
  const farthest = isAlways ? program.k[i] : Math.max(program.jt[i], program.jf[i]);
  return farthest >= room ? 'jumps out of the program' : null;
}

/** Whether `k` is the number of a scratch word. */
export function usesScratch(code: number): boolean {
  return code === (bpf.ld | bpf.mem) || code === (bpf.ldx | bpf.mem) || code === bpf.st || code === bpf.stx;
}

/** Where an instruction may go on. */
export function successors(program: BpfProgram, i: number): readonly number[] {
  const code = program.code[i];
  const kind = code & classMask;
  if (kind === bpf.ret) return [];
  if (kind !== bpf.jmp) return [i + 1];
  if ((code & operationMask) === bpf.ja) return [i + 1 + program.k[i]];
  return [i + 1 + program.jt[i], i + 1 + program.jf[i]];
}

/**
 * Decides about one frame: `capLen` bytes at `at` of `bytes`, `wireLen` on the wire. Gives the number of bytes the
 * program wants to keep; 0: not accepted.
 */
export type Matcher = (bytes: Uint8Array, at: number, capLen: number, wireLen: number) => number;
