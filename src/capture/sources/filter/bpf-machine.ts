// Runs classic BPF programs on frames, with the meaning libpcap's bpf_filter gives them: 32-bit unsigned arithmetic, a
// load beyond the captured bytes or a division by zero ends with 0 (not accepted).
//
// `interpret` is the reference: one instruction after the other, as the paper says. `createMatcher` gives the same
// program as a JavaScript function, which the engine compiles to machine code; tests hold the two together.
import { translate } from './bpf-machine-translate.ts';
import { type BpfProgram, bpf, type Matcher, requireValid, scratchWords } from './bpf-program.ts';

/** Makes a program runnable. Throws Failure BAD_FILTER for one that is not safe to run. */
export function createMatcher(program: BpfProgram): Matcher {
  requireValid(program);
  return translate(program) ?? createInterpreter(program);
}

/** The reference. Throws Failure BAD_FILTER like {@link createMatcher}. */
export function createInterpreter(program: BpfProgram): Matcher {
  requireValid(program);
  const scratch = new Int32Array(scratchWords);
  return (bytes, at, capLen, wireLen) => interpret(program, scratch, bytes, at, capLen, wireLen);
}

/** A and X are signed here: the bits are the same, and small integers are what the engine is fast with. */
function interpret(
  program: BpfProgram,
  scratch: Int32Array,
  bytes: Uint8Array,
  at: number,
  capLen: number,
  wireLen: number,
): number {
  const { code: codes, jt, jf, k: ks } = program;
  scratch.fill(0);
  let a = 0;
  let x = 0;
  for (let pc = 0; ; pc++) {
    const code = codes[pc];
    const k = ks[pc];
    switch (code & 0x07) {
      case bpf.ld:
      case bpf.ldx: {
        const size = sizeOf(code);
        const mode = code & 0xe0;
        let value = 0;
        if (mode === bpf.imm) value = k | 0;
        else if (mode === bpf.len) value = wireLen | 0;
        else if (mode === bpf.mem) value = scratch[k];
        else {
          const offset = mode === bpf.ind ? (x >>> 0) + k : k;
          if (offset + size > capLen) return 0;
          value = load(bytes, at + offset, size);
          if (mode === bpf.msh) value = (value & 0x0f) << 2;
        }
        if ((code & 0x07) === bpf.ld) a = value;
        else x = value;
        break;
      }
      case bpf.st:
        scratch[k] = a;
        break;
      case bpf.stx:
        scratch[k] = x;
        break;
      case bpf.alu: {
        const operand = (code & bpf.x) !== 0 ? x : k | 0;
        const operation = code & 0xf0;
        if (operand === 0 && (operation === bpf.div || operation === bpf.mod)) return 0;
        a = compute(operation, a, operand);
        break;
      }
      case bpf.jmp: {
        const operand = (code & bpf.x) !== 0 ? x : k | 0;
        const test = code & 0xf0;
        if (test === bpf.ja) pc += k;
        else pc += holds(test, a, operand) ? jt[pc] : jf[pc];
        break;
      }
      case bpf.ret:
        return code === (bpf.ret | bpf.retA) ? a >>> 0 : k;
      default:
        if ((code & 0xf8) === bpf.tax) x = a;
        else a = x;
    }
  }
}

function sizeOf(code: number): number {
  const size = code & 0x18;
  if (size === bpf.byte) return 1;
  return size === bpf.half ? 2 : 4;
}

function load(b: Uint8Array, o: number, size: number): number {
  if (size === 1) return b[o];
  if (size === 2) return (b[o] << 8) | b[o + 1];
  return (b[o] << 24) | (b[o + 1] << 16) | (b[o + 2] << 8) | b[o + 3];
}

function compute(operation: number, a: number, operand: number): number {
  switch (operation) {
    case bpf.add:
      return (a + operand) | 0;
    case bpf.sub:
      return (a - operand) | 0;
    case bpf.mul:
      return Math.imul(a, operand);
    case bpf.div:
      return ((a >>> 0) / (operand >>> 0)) | 0;
    case bpf.mod:
      return ((a >>> 0) % (operand >>> 0)) | 0;
    case bpf.or:
      return a | operand;
    case bpf.and:
      return a & operand;
    case bpf.xor:
      return a ^ operand;
    case bpf.lsh:
      return operand >>> 0 > 31 ? 0 : a << operand;
    case bpf.rsh:
      return operand >>> 0 > 31 ? 0 : (a >>> operand) | 0;
    default:
      return -a | 0;
  }
}

function holds(test: number, a: number, operand: number): boolean {
  if (test === bpf.jeq) return a === operand;
  if (test === bpf.jset) return (a & operand) !== 0;
  return test === bpf.jgt ? a >>> 0 > operand >>> 0 : a >>> 0 >= operand >>> 0;
}
