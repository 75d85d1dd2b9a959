// Proves that a live capture tells each frame of a known set exactly once, byte for byte, through both ways to capture:
// on a veth, tagged, on loopback, on `any`, filtered from the first packet on, shared by two workers, and lost with a count.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Frame, type Namespace, openNamespace, reasonToSkip } from './live-namespace.ts';

const skip = reasonToSkip();
if (skip !== null) console.log(`skipped: ${skip}`);

const bytesOf = (frames: readonly Frame[]) => frames.map((one) => one.bytes);

describe.skipIf(skip !== null)('live capture', () => {
  let net: Namespace;
  beforeAll(() => {
    net = openNamespace('capture');
    net.ip('link', 'add', 'tlb2', 'type', 'veth', 'peer', 'name', 'tlb3');
  });
  afterAll(() => net?.remove());

  describe.each(['native', 'libpcap'])('%s', (backend) => {
    test('each frame that was sent is seen once, in order, with a time of day', () => {
      const { sent, seen, stats, interfaces, after, fromMs, toMs } = net.probe('capture', { backend, count: 3000 });
      expect(bytesOf(seen)).toEqual(sent);
      expect(stats).toEqual({ received: 3000, droppedKernel: 0, droppedInterface: 0 });
      expect(interfaces[0]).toMatchObject({ name: 'tlb1', linkType: 1, ticksPerSec: 1e9 });
      for (const one of seen) {
        expect(one.wireLen).toBe(54);
        expect(one.timeUs).toBeGreaterThan(fromMs * 1000 - 1);
        expect(one.timeUs).toBeLessThan(toMs * 1000);
      }
      expect(seen.some((one: Frame) => one.timeNs > 0)).toBe(true);
      expect(after).toBe(-1);
    });

    test('a VLAN tag that the kernel took out is put back', () => {
      const { sent, seen } = net.probe('capture', { backend, count: 50, frame: { vlan: 0x6123 } });
      expect(bytesOf(seen)).toEqual(sent);
      expect(seen[0].wireLen).toBe(58);
    });

    test('a filter for a VLAN finds it although the kernel took the tag out', () => {
      const filter = 'vlan 5 and udp port 7000';
      const hit = net.probe('capture', { backend, count: 20, frame: { vlan: 5 }, open: { filter } });
      expect(bytesOf(hit.seen)).toEqual(hit.sent);
      expect(net.probe('capture', { backend, count: 20, frame: { vlan: 6 }, open: { filter } }).seen).toEqual([]);
    });

    test('the snap length cuts what is captured and not what is counted', () => {
      const { sent, seen } = net.probe('capture', { backend, count: 5, open: { snapLen: 30 } });
      expect(bytesOf(seen)).toEqual(sent.map((one: string) => one.slice(0, 60)));
      expect(seen[0].wireLen).toBe(54);
    });

    test('on loopback each packet is counted once', () => {
      const { sent, seen } = net.probe('capture', { backend, count: 200, device: 'lo', open: { name: 'lo' } });
      expect(bytesOf(seen)).toEqual(sent);
    });

    test('nothing that the filter refuses slips in before it, while others are sending', async () => {
      const flood = net.start('flood', { milliseconds: 1500 });
      const options = { backend, times: 12, open: { filter: 'ip proto 6' } };
      const { seen, protocols } = net.probeFor<{ seen: number; protocols: number[] }>('reopen', options);
      await flood;
      expect(seen).toBeGreaterThan(100);
      expect(protocols).toEqual([6]);
    });

    test('an interface that is down and one that does not exist are said to be so', () => {
      expect(net.probe('refused', { backend, open: { name: 'tlb2' } })).toMatchObject({
        code: 'INTERFACE_DOWN',
        hint: 'Bring it up: sudo ip link set tlb2 up',
      });
      const missing = net.probe('refused', { backend, open: { name: 'tlb9' } });
      expect(missing).toMatchObject({ code: 'NO_SUCH_INTERFACE', message: 'there is no interface named tlb9' });
      expect(missing.hint).toContain('tlb0');
    });

    test('frames that find the buffer full are lost with a count', () => {
      const { sent, seen, stats } = net.probe('capture', { backend, count: 20_000, open: { bufferBytes: 1 << 18 } });
      expect(stats.droppedKernel).toBeGreaterThan(0);
      expect(seen.length + stats.droppedKernel).toBe(sent.length);
    });
  });

  test('`any` tells both ends of the pair, under a LINUX_SLL2 header, tags included', () => {
    for (const vlan of [undefined, 7]) {
      const { sent, seen, interfaces } = net.probe('capture', { count: 40, open: { name: 'any' }, frame: { vlan } });
      expect(interfaces[0].linkType).toBe(276);
      expect(seen.length).toBe(80);
      // Outgoing on tlb0, then to us or to another host on tlb1; both with the bytes behind the Ethernet addresses.
      const types = new Set(seen.map((one: Frame) => Number.parseInt(one.bytes.slice(20, 22), 16)));
      expect(types.has(4)).toBe(true);
      const behindHeader = seen.filter((_: Frame, i: number) => i % 2 === 0).map((one: Frame) => one.bytes.slice(40));
      expect(behindHeader).toEqual(sent.map((one: string) => one.slice(28)));
      expect(seen[0].bytes.slice(0, 4)).toBe(vlan === undefined ? '0800' : '8100');
    }
  });

  test('filters work on `any`, in the kernel and where the kernel cannot', () => {
    const count = (filter: string) => net.probe('capture', { count: 10, open: { name: 'any', filter } }).seen.length;
    expect(count('udp port 7000')).toBe(20);
    expect(count('outbound')).toBe(10);
    expect(count('tcp')).toBe(0);
    expect(count('udp and greater 70')).toBe(0);
    expect(count('udp and greater 60')).toBe(20);
  });

  test('a group of workers that forms while others send tells no frame twice', async () => {
    const flood = net.start('flood', { milliseconds: 1500 });
    const { seen, twice } = net.probeFor<{ seen: number; twice: number }>('join', { times: 6 });
    await flood;
    expect(seen).toBeGreaterThan(100);
    expect(twice).toBe(0);
  });

  test('`any` tells loopback packets once', () => {
    const { sent, seen } = net.probe('capture', { count: 30, device: 'lo', open: { name: 'any' } });
    expect(seen.length).toBe(sent.length);
  });

  test('an interface may go down and come back; one that is removed ends the capture and says so', () => {
    net.ip('link', 'add', 'tlb4', 'type', 'veth', 'peer', 'name', 'tlb5');
    for (const device of ['tlb4', 'tlb5']) net.ip('link', 'set', device, 'up');
    const result = net.probeFor<{ down: unknown[]; again: number; last: number; damage: object }>('gone', {});
    expect(result).toMatchObject({ down: [0, 0, null], again: 1, last: -1 });
    expect(result.damage).toMatchObject({ name: 'interface.gone', because: 'interface tlb5 was removed' });
  });

  test('two workers see each frame once, and each conversation whole', () => {
    const { sent, seen } = net.probeFor<{ sent: string[]; seen: Frame[][] }>('fanout', {});
    const [one, other] = seen.map(bytesOf) as [string[], string[]];
    expect(one.length).toBeGreaterThan(0);
    expect(other.length).toBeGreaterThan(0);
    expect([...one, ...other].sort()).toEqual([...sent].sort());
    const conversations = (frames: readonly string[]) =>
      new Set(frames.map((frame) => (frame.slice(68, 72) === '1b58' ? frame.slice(72, 76) : frame.slice(68, 72))));
    const shared = [...conversations(one)].filter((port) => conversations(other).has(port));
    expect(shared).toEqual([]);
  });
});
