// Proves that programs mean what the BPF paper says, that bad ones are refused, and that the translated function and the
// interpreter are the same machine.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInterpreter, createMatcher } from './bpf-machine.ts';
import { translate } from './bpf-machine-translate.ts';
import { type BpfProgram, bpf, fromInstructions, problemOf, toSockFilter } from './bpf-program.ts';

type Instruction = readonly [code: number, jt: number, jf: number, k: number];

function programOf(instructions: readonly Instruction[]): BpfProgram {
  return {
    length: instructions.length,
    code: Uint16Array.from(instructions, ([code]) => code),
    jt: Uint8Array.from(instructions, ([, jt]) => jt),
    jf: Uint8Array.from(instructions, ([, , jf]) => jf),
    k: Uint32Array.from(instructions, ([, , , k]) => k),
  };
}

const returnA: Instruction = [bpf.ret | bpf.retA, 0, 0, 0];
const set = (k: number): Instruction => [bpf.ld | bpf.imm, 0, 0, k];
const setX = (k: number): Instruction => [bpf.ldx | bpf.imm, 0, 0, k];
const accept: Instruction = [bpf.ret, 0, 0, 1];
const refuse: Instruction = [bpf.ret, 0, 0, 0];

/** Runs both machines, which must agree. */
function run(instructions: readonly Instruction[], frame: readonly number[] = [], wireLen = frame.length): number {
  const program = programOf(instructions);
  const bytes = Uint8Array.of(0xaa, 0xbb, ...frame, 0xcc, 0xdd, 0xee, 0xff, 0x99);
  const interpreted = createInterpreter(program)(bytes, 2, frame.length, wireLen);
  expect(translate(program)?.(bytes, 2, frame.length, wireLen)).toBe(interpreted);
  return interpreted;
}

describe('instructions', () => {
  it('load big-endian numbers, and end with 0 beyond the captured bytes', () => {
    const frame = [0xf1, 0x02, 0x03, 0x04, 0x45];
    const load = (size: number, k: number) => run([[bpf.ld | size | bpf.abs, 0, 0, k], returnA], frame);
    expect([load(bpf.word, 0), load(bpf.word, 1), load(bpf.word, 2)]).toEqual([0xf1020304, 0x02030445, 0]);
    expect([load(bpf.half, 0), load(bpf.half, 3), load(bpf.half, 4)]).toEqual([0xf102, 0x0445, 0]);
    expect([load(bpf.byte, 4), load(bpf.byte, 5), load(bpf.byte, 0x7fff_ffff)]).toEqual([0x45, 0, 0]);
    const indirect = (x: number, k: number) => run([setX(x), [bpf.ld | bpf.byte | bpf.ind, 0, 0, k], returnA], frame);
    expect([indirect(1, 2), indirect(4, 0), indirect(5, 0), indirect(0xffff_ffff, 2)]).toEqual([4, 0x45, 0, 0]);
    expect(run([[bpf.ldx | bpf.byte | bpf.msh, 0, 0, 4], [bpf.misc | bpf.txa, 0, 0, 0], returnA], frame)).toBe(20);
    expect(run([[bpf.ld | bpf.len, 0, 0, 0], returnA], frame, 1500)).toBe(1500);
  });

  it('compute with 32 unsigned bits', () => {
    const both = (operation: number, a: number, operand: number) => {
      const byK = run([set(a), [bpf.alu | operation, 0, 0, operand], returnA]);
      const byX = run([set(a), setX(operand), [bpf.alu | operation | bpf.x, 0, 0, 0], returnA]);
      expect(byX).toBe(byK);
      return byK;
    };
    expect(both(bpf.add, 0xffff_ffff, 2)).toBe(1);
    expect(both(bpf.sub, 1, 2)).toBe(0xffff_ffff);
    expect(both(bpf.mul, 0xffff_ffff, 0xffff_fffe)).toBe(2);
    expect(both(bpf.div, 0xffff_fffe, 3)).toBe(1_431_655_764);
    expect(both(bpf.div, 0xffff_fffe, 0xffff_ffff)).toBe(0);
    expect(both(bpf.mod, 0xffff_fffe, 0x8000_0001)).toBe(0x7fff_fffd);
    expect(both(bpf.or, 0x8000_0000, 1)).toBe(0x8000_0001);
    expect(both(bpf.and, 0xffff_ffff, 0xf000_000f)).toBe(0xf000_000f);
    expect(both(bpf.xor, 0xffff_ffff, 0x0f0f_0f0f)).toBe(0xf0f0_f0f0);
    expect(both(bpf.lsh, 0x8000_0001, 31)).toBe(0x8000_0000);
    expect(both(bpf.rsh, 0x8000_0000, 31)).toBe(1);
    expect(run([set(1), [bpf.alu | bpf.neg, 0, 0, 0], returnA])).toBe(0xffff_ffff);
    for (const shift of [bpf.lsh, bpf.rsh]) {
      expect(run([set(0xffff_ffff), setX(32), [bpf.alu | shift | bpf.x, 0, 0, 0], returnA])).toBe(0);
    }
    for (const operation of [bpf.div, bpf.mod]) {
      expect(run([set(7), setX(0), [bpf.alu | operation | bpf.x, 0, 0, 0], accept])).toBe(0);
    }
  });

  it('compare without signs', () => {
    const holds = (test: number, a: number, operand: number) => {
      const byK = run([set(a), [bpf.jmp | test, 0, 1, operand], accept, refuse]);
      expect(run([set(a), setX(operand), [bpf.jmp | test | bpf.x, 1, 0, 0], refuse, accept])).toBe(byK);
      return byK === 1;
    };
    expect([holds(bpf.jeq, 0xffff_ffff, 0xffff_ffff), holds(bpf.jeq, 1, 2)]).toEqual([true, false]);
    expect([holds(bpf.jgt, 0x8000_0000, 1), holds(bpf.jgt, 5, 5), holds(bpf.jgt, 1, 0x8000_0000)]).toEqual([
      true,
      false,
      false,
    ]);
    expect([holds(bpf.jge, 5, 5), holds(bpf.jge, 4, 0xffff_ffff)]).toEqual([true, false]);
    expect([holds(bpf.jset, 0x8000_0000, 0x8000_0001), holds(bpf.jset, 6, 9)]).toEqual([true, false]);
    expect(run([[bpf.jmp | bpf.ja, 0, 0, 1], refuse, accept])).toBe(1);
  });

  it('remember in scratch memory, which starts with zeroes for each frame', () => {
    const sum: Instruction[] = [[bpf.ld | bpf.mem, 0, 0, 2], [bpf.alu | bpf.add, 0, 0, 1], [bpf.st, 0, 0, 2], returnA];
    for (const machine of [createInterpreter(programOf(sum)), createMatcher(programOf(sum))]) {
      for (let i = 0; i < 3; i++) expect(machine(new Uint8Array(0), 0, 0, 0)).toBe(1);
    }
    const program: Instruction[] = [
      set(9),
      [bpf.st, 0, 0, 15],
      setX(5),
      [bpf.stx, 0, 0, 0],
      [bpf.ld | bpf.mem, 0, 0, 15],
    ];
    program.push([bpf.ldx | bpf.mem, 0, 0, 0], [bpf.alu | bpf.sub | bpf.x, 0, 0, 0], [bpf.misc | bpf.tax, 0, 0, 0]);
    expect(run([...program, [bpf.misc | bpf.txa, 0, 0, 0], returnA])).toBe(4);
  });
});

describe('validation', () => {
  const refused: [string, Instruction[]][] = [
    ['empty', []],
    ['more than 4096', Array(4097).fill(accept)],
    ['does not end with a return', [set(1)]],
    ['unknown code', [[0xff, 0, 0, 0], accept]],
    ['unknown code', [[bpf.ldx | bpf.half | bpf.abs, 0, 0, 0], accept]],
    ['jumps out', [[bpf.jmp | bpf.jeq, 1, 0, 0], accept]],
    ['jumps out', [[bpf.jmp | bpf.jeq, 0, 1, 0], accept]],
    ['jumps out', [[bpf.jmp | bpf.ja, 0, 0, 1], accept]],
    ['jumps backwards', [[bpf.jmp | bpf.ja, 0, 0, 0xffff_ffff], accept]],
    ['divides by zero', [[bpf.alu | bpf.div, 0, 0, 0], accept]],
    ['divides by zero', [[bpf.alu | bpf.mod, 0, 0, 0], accept]],
    ['shifts', [[bpf.alu | bpf.lsh, 0, 0, 32], accept]],
    ['scratch word 16', [[bpf.st, 0, 0, 16], accept]],
    ['only the kernel', [[bpf.ld | bpf.word | bpf.abs, 0, 0, 0xffff_f000 + 44], accept]],
  ];
  it.each(refused)('refuses what the kernel refuses: %s', (because, instructions) => {
    const program = programOf(instructions);
    expect(problemOf(program)).toContain(because);
    expect(() => createMatcher(program)).toThrow(expect.objectContaining({ code: 'BAD_FILTER' }));
    expect(() => createInterpreter(program)).toThrow(expect.objectContaining({ code: 'BAD_FILTER' }));
  });
});

/** Valid programs: jumps forward, scratch memory filled first. */
const programs = fc
  .array(
    fc.record({
      shape: fc.nat(19),
      size: fc.constantFrom(bpf.word, bpf.half, bpf.byte),
      operation: fc.constantFrom(0x00, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x90, 0xa0),
      test: fc.constantFrom(bpf.jeq, bpf.jgt, bpf.jge, bpf.jset),
      jt: fc.nat(255),
      jf: fc.nat(255),
      small: fc.nat(40),
      k: fc.oneof(fc.nat(70), fc.nat(0xffff_ffff), fc.constantFrom(0x7fff_ffff, 0x8000_0000, 0xffff_ffff)),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((parts) => {
    const start: Instruction[] = [set(3), setX(11), [bpf.st, 0, 0, 0], [bpf.stx, 0, 0, 7]];
    const middle = parts.map((part, i): Instruction => {
      const room = parts.length - i;
      const scratch = part.k % 2 === 0 ? 0 : 7;
      const isShift = part.operation === bpf.lsh || part.operation === bpf.rsh;
      if (part.shape < 5) return [bpf.ld | part.size | (part.shape < 3 ? bpf.abs : bpf.ind), 0, 0, part.small];
      if (part.shape < 7) return [bpf.ld | part.size | bpf.ind, 0, 0, part.k];
      if (part.shape < 10) return [bpf.alu | part.operation, 0, 0, isShift ? part.k & 31 : part.k || 1];
      if (part.shape < 12) return [bpf.alu | part.operation | bpf.x, 0, 0, 0];
      if (part.shape < 14) return [bpf.jmp | part.test | (part.k & bpf.x), part.jt % room, part.jf % room, part.k];
      if (part.shape === 14) return [bpf.jmp | bpf.ja, 0, 0, part.k % room];
      if (part.shape === 15) return [part.k & 4 ? bpf.st : bpf.stx, 0, 0, scratch];
      if (part.shape === 16) return [(part.k & 4 ? bpf.ld : bpf.ldx) | bpf.mem, 0, 0, scratch];
      if (part.shape === 17) return [bpf.misc | (part.k & 4 ? bpf.tax : bpf.txa), 0, 0, 0];
      if (part.shape === 18) return [bpf.ldx | (part.k & 4 ? bpf.byte | bpf.msh : bpf.imm), 0, 0, part.small];
      return [part.k & 4 ? bpf.alu | bpf.neg : bpf.ld | bpf.len, 0, 0, 0];
    });
    return programOf([...start, ...middle, returnA]);
  });

describe('translation', () => {
  it('does what the interpreter does, for any valid program and any frame', () => {
    const frames = fc.tuple(fc.uint8Array({ maxLength: 60 }), fc.nat(8), fc.nat(70_000));
    fc.assert(
      fc.property(programs, fc.array(frames, { minLength: 1, maxLength: 8 }), (program, some) => {
        expect(problemOf(program)).toBeNull();
        const reference = createInterpreter(program);
        const translated = translate(program);
        for (const [bytes, cut, wireLen] of some) {
          const capLen = Math.max(0, bytes.length - cut);
          const at = bytes.length - capLen;
          expect(translated?.(bytes, at, capLen, wireLen)).toBe(reference(bytes, at, capLen, wireLen));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves programs with very many jumps to the interpreter', () => {
    const jumps = Array.from({ length: 1000 }, (_, i): Instruction => [bpf.jmp | bpf.jeq, 1, 0, i]);
    const program = programOf([set(5), ...jumps, accept, accept]);
    expect(translate(program)).toBeNull();
    expect(createMatcher(program)(new Uint8Array(0), 0, 0, 0)).toBe(1);
  });
});

describe('toSockFilter', () => {
  it('has the layout of struct sock_filter and can be read back', () => {
    const bytes = toSockFilter(programOf([[bpf.jmp | bpf.jeq, 1, 2, 0x0102_0304], accept]));
    expect(bytes.length).toBe(16);
    expect(new Uint16Array(bytes.buffer)[0]).toBe(0x15);
    expect([bytes[2], bytes[3]]).toEqual([1, 2]);
    expect(new Uint32Array(bytes.buffer)[1]).toBe(0x0102_0304);
    fc.assert(
      fc.property(programs, (program) => {
        expect(fromInstructions(toSockFilter(program))).toEqual(program);
      }),
    );
  });
});
