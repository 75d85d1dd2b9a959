// Proves that filters compiled for LINUX_SLL2 mean the same on the bare packets of a cooked socket, by running both on
// packets with and without that header, and that what cannot be moved is refused rather than wrong.
import { describe, expect, test } from 'vitest';
import { compileFilter } from '../filter/bpf-compile.ts';
import { createMatcher } from '../filter/bpf-machine.ts';
import { fromInstructions, toSockFilter } from '../filter/bpf-program.ts';
import { acceptAll, acceptNothing, forCookedSocket, socketFilter } from './af-packet-filter.ts';
import { cookedShape, linkShapeOf } from './af-packet-link.ts';

const header = [8, 0, 0, 0, 0, 0, 0, 3, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0];
const packet = [0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 127, 0, 0, 1, 127, 0, 0, 2, 0x1b, 0x58, 0, 53, 0, 8, 0, 0];

/** The kernel's ancillary values for the packet above, put where the rewritten loads look for them. */
function runAsKernel(program: Uint8Array): number {
  const words = new Int32Array(program.slice().buffer);
  const values: Record<number, number> = { 0: 0x0800, 4: 0, 8: 3, 28: 1 };
  for (let i = 0; i < words.length; i += 2) {
    const value = words[i + 1] + 0x1000;
    const opcode = words[i] & 0xffff;
    if ((opcode & 0xe7) !== 0x20 || value < 0 || value > 0x100) continue;
    // BPF_LD | BPF_IMM.
    words[i] &= ~0xffff;
    words[i + 1] = values[value];
  }
  const program2 = fromInstructions(new Uint8Array(words.buffer));
  return createMatcher(program2)(Uint8Array.from(packet), 0, packet.length, packet.length);
}

describe('a filter on a cooked socket', () => {
  const expressions = ['ip', 'udp port 53', 'ip6', 'tcp', 'host 127.0.0.2', 'inbound', 'outbound', 'ip[8] = 64', 'arp'];
  test.each([...expressions, 'ifindex 3', 'udp[4:2] = 8'])('%s', (expression) => {
    const program = compileFilter(expression, 276);
    const moved = forCookedSocket(toSockFilter(program));
    const whole = Uint8Array.from([...header, ...packet]);
    const expected = createMatcher(program)(whole, 0, whole.length, whole.length);
    expect(runAsKernel(moved!) > 0).toBe(expected > 0);
  });
});

test('what the kernel cannot tell there is filtered here', () => {
  for (const expression of ['greater 100', 'ether src 2:0:0:0:0:1', 'link[1] = 0']) {
    let filter: ReturnType<typeof socketFilter>;
    try {
      filter = socketFilter(expression, cookedShape, 0);
    } catch {
      // This libpcap has no such word for cooked frames: nothing to move.
      continue;
    }
    expect(filter.here, expression).not.toBeNull();
    expect(filter.program).toEqual(acceptAll(0));
  }
});

test('tags are looked for here, because the kernel keeps them beside the packet', () => {
  expect(socketFilter('vlan 5', linkShapeOf(1), 0).here).not.toBeNull();
  expect(socketFilter('tcp', linkShapeOf(1), 0).here).toBeNull();
  expect(socketFilter(' ', linkShapeOf(1), 96)).toEqual({ program: acceptAll(96), here: null });
});

test('the two programs of one instruction', () => {
  expect([...acceptNothing]).toEqual([6, 0, 0, 0, 0, 0, 0, 0]);
  expect([...acceptAll(96)]).toEqual([6, 0, 0, 0, 96, 0, 0, 0]);
});
