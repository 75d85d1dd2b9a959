// Proves that CAP_NET_RAW is all a capture needs, that root is given up for good before a frame is read, and that a
// process without the capability is told the exact command.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Frame,
  type Namespace,
  openNamespace,
  type ProbeResult,
  reasonToSkip,
  withOnly,
} from './live-namespace.ts';

const skip = reasonToSkip();
if (skip !== null) console.log(`skipped: ${skip}`);

const none = '0000000000000000';
const onlyNetRaw = '0000000000002000';

interface Drop extends ProbeResult {
  /** CapEff of each thread, before and after. */
  readonly before: string[];
  readonly afterDrop: string[];
  readonly groups: number[];
  readonly regained: boolean;
  /** What happened to a second capture. */
  readonly reopened: string;
}

describe.skipIf(skip !== null)('privileges', () => {
  let net: Namespace;
  beforeAll(() => {
    net = openNamespace('rights');
  });
  afterAll(() => net?.remove());

  test('CAP_NET_RAW alone is enough, promiscuous mode included', () => {
    const { sent, seen, capabilities } = net.probe('capture', { count: 100 }, withOnly('+net_raw'));
    expect(new Set(capabilities)).toEqual(new Set([onlyNetRaw]));
    expect(seen.map((one: Frame) => one.bytes)).toEqual(sent);
  });

  test('without it, the failure gives the line to type, with absolute paths', () => {
    const { code, hint } = net.probe('refused', {}, withOnly(''));
    expect(code).toBe('NO_PERMISSION');
    expect(hint).toContain(`sudo ${process.execPath} /`);
    expect(hint).toContain('live-probe.mjs');
  });

  test('after the drop no thread has a capability, root cannot be had back, and frames are still read', () => {
    const { before, afterDrop, groups, regained, sent, seen, reopened, stats } = net.probeFor<Drop>('drop', {
      count: 500,
    });
    expect(before[0]).not.toBe(none);
    expect(afterDrop.length).toBeGreaterThan(4);
    expect(new Set(afterDrop)).toEqual(new Set([none]));
    expect(groups).toEqual([65534]);
    expect(regained).toBe(false);
    expect(reopened).toBe('NO_PERMISSION');
    expect(seen.map((one: Frame) => one.bytes)).toEqual(sent);
    expect(stats).toEqual({ received: 500, droppedKernel: 0, droppedInterface: 0 });
  });
});
