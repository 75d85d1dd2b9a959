// Classic BPF to JavaScript.
//
// All jumps go forward, so each target becomes a label around everything before it, and a jump is a `break`:
//
//   t9: { t5: { <instructions 0-4: break t5, break t9> }  <instructions 5-8: break t9> }  <instructions 9-…>
//
// The text is built from a fixed set of phrases and from integers of a validated program; nothing a user typed gets in.
import { type BpfProgram, bpf, type Matcher, successors, usesScratch } from './bpf-program.ts';

/** Beyond this many labels the engine's parser would need too much stack. */
const mostLabels = 400;

/** Gives the program as a function; null where that is not possible: too many jumps, or code from text is forbidden. */
export function translate(program: BpfProgram): Matcher | null {
  const targets = jumpTargets(program);
  if (targets.length > mostLabels) return null;
  try {
    // The source below takes and gives what Matcher says.
    return new Function('b', 'at', 'len', 'wire', sourceOf(program, targets)) as Matcher;
  } catch {
    // `--disallow-code-generation-from-strings`: the interpreter does the same.
    return null;
  }
}

/** Instructions that something jumps to (not merely falls into), ascending. */
function jumpTargets(program: BpfProgram): number[] {
  const targets = new Set<number>();
  for (let i = 0; i < program.length; i++) {
    for (const next of successors(program, i)) if (next !== i + 1) targets.add(next);
  }
  return [...targets].sort((one, other) => one - other);
}

function sourceOf(program: BpfProgram, targets: readonly number[]): string {
  const isTarget = new Set(targets);
  const lines = ['"use strict"; let a = 0, x = 0, o = 0;'];
  const scratch = scratchWordsOf(program);
  if (scratch.length > 0) lines.push(`let ${scratch.map((word) => `m${word} = 0`).join(', ')};`);
  for (const target of [...targets].reverse()) lines.push(`t${target}: {`);
  for (let i = 0; i < program.length; i++) {
    if (isTarget.has(i)) lines.push('}');
    lines.push(statement(program, i));
  }
  return lines.join('\n');
}

function scratchWordsOf(program: BpfProgram): number[] {
  const words = new Set<number>();
  for (let i = 0; i < program.length; i++) {
    if (usesScratch(program.code[i])) words.add(program.k[i]);
  }
  return [...words];
}

function statement(program: BpfProgram, i: number): string {
  const code = program.code[i];
  const k = program.k[i];
  switch (code & 0x07) {
    case bpf.ld:
      return load(code, k, 'a');
    case bpf.ldx:
      return load(code, k, 'x');
    case bpf.st:
      return `m${k} = a;`;
    case bpf.stx:
      return `m${k} = x;`;
    case bpf.alu:
      return arithmetic(code, k);
    case bpf.jmp:
      return jump(program, i);
    case bpf.ret:
      return code === (bpf.ret | bpf.retA) ? 'return a >>> 0;' : `return ${k};`;
    default:
      return (code & 0xf8) === bpf.tax ? 'x = a;' : 'a = x;';
  }
}

function load(code: number, k: number, register: 'a' | 'x'): string {
  const mode = code & 0xe0;
  if (mode === bpf.imm) return `${register} = ${k | 0};`;
  if (mode === bpf.len) return `${register} = wire | 0;`;
  if (mode === bpf.mem) return `${register} = m${k};`;
  const size = [4, 2, 1][(code & 0x18) >> 3];
  if (mode === bpf.ind) {
    return `if ((x >>> 0) > len - ${k + size}) return 0; o = at + x + ${k}; ${register} = ${bytesAt(size)};`;
  }
  const value = mode === bpf.msh ? '(b[o] & 15) << 2' : bytesAt(size);
  return `if (len < ${k + size}) return 0; o = at + ${k}; ${register} = ${value};`;
}

function bytesAt(size: number): string {
  if (size === 1) return 'b[o]';
  if (size === 2) return '(b[o] << 8) | b[o + 1]';
  return '(b[o] << 24) | (b[o + 1] << 16) | (b[o + 2] << 8) | b[o + 3]';
}

function arithmetic(code: number, k: number): string {
  const byX = (code & bpf.x) !== 0;
  const operand = byX ? 'x' : String(k | 0);
  const unsigned = byX ? '(x >>> 0)' : String(k);
  const guard = byX ? 'if (x === 0) return 0; ' : '';
  switch (code & 0xf0) {
    case bpf.add:
      return `a = (a + ${parenthesised(operand)}) | 0;`;
    case bpf.sub:
      return `a = (a - ${parenthesised(operand)}) | 0;`;
    case bpf.mul:
      return `a = Math.imul(a, ${operand});`;
    case bpf.div:
      return `${guard}a = ((a >>> 0) / ${unsigned}) | 0;`;
    case bpf.mod:
      return `${guard}a = ((a >>> 0) % ${unsigned}) | 0;`;
    case bpf.or:
      return `a = a | ${parenthesised(operand)};`;
    case bpf.and:
      return `a = a & ${parenthesised(operand)};`;
    case bpf.xor:
      return `a = a ^ ${parenthesised(operand)};`;
    case bpf.lsh:
      return byX ? 'a = (x >>> 0) > 31 ? 0 : a << x;' : `a = a << ${k};`;
    case bpf.rsh:
      return byX ? 'a = (x >>> 0) > 31 ? 0 : (a >>> x) | 0;' : `a = (a >>> ${k}) | 0;`;
    default:
      return 'a = -a | 0;';
  }
}

const parenthesised = (operand: string): string => (operand.startsWith('-') ? `(${operand})` : operand);

function jump(program: BpfProgram, i: number): string {
  const code = program.code[i];
  if ((code & 0xf0) === bpf.ja) return goTo(i, i + 1 + program.k[i]);
  const whenTrue = goTo(i, i + 1 + program.jt[i]);
  const whenFalse = goTo(i, i + 1 + program.jf[i]);
  const otherwise = whenFalse === '' ? '' : ` else ${whenFalse}`;
  return `if (${comparison(code, program.k[i])}) { ${whenTrue} }${otherwise}`;
}

/** Falling through needs no words. */
const goTo = (from: number, target: number): string => (target === from + 1 ? '' : `break t${target};`);

function comparison(code: number, k: number): string {
  const byX = (code & bpf.x) !== 0;
  const unsigned = byX ? '(x >>> 0)' : String(k);
  switch (code & 0xf0) {
    case bpf.jeq:
      return byX ? 'a === x' : `a === ${k | 0}`;
    case bpf.jset:
      return byX ? '(a & x) !== 0' : `(a & ${k | 0}) !== 0`;
    case bpf.jgt:
      return `(a >>> 0) > ${unsigned}`;
    default:
      return `(a >>> 0) >= ${unsigned}`;
  }
}
