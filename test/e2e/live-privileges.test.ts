// Proves that CAP_NET_RAW is all a capture needs, that root is given up for good before a frame is read, and that a
// process without the capability is told the exact command.
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Frame, type Namespace, openNamespace, type ProbeResult, reasonToSkip } from './live-namespace.ts';

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

/** The user nobody where it may read node and this checkout, else root stripped of all other capabilities. */
function withOnly(capability: string): string[] {
  const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
  const [command, ...words] = [
    ...nobody,
    process.execPath,
    '-e',
    `require('fs').readFileSync('${import.meta.filename}')`,
  ];
  if (spawnSync(command, words).status !== 0) {
    const bounding = capability === '' ? '-all' : `-all,${capability}`;
    return ['setpriv', `--bounding-set=${bounding}`, '--inh-caps=-all'];
  }
  return capability === '' ? nobody : [...nobody, `--inh-caps=${capability}`, `--ambient-caps=${capability}`];
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
