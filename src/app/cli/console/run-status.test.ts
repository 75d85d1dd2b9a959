// Proves that rates are differences, and the progress line waits for a reason.

import { describe, expect, it } from 'vitest';
import { emptySnapshot } from '../../../../test/e2e/cli-empty-snapshot.ts';
import { readProgress, runStatus } from './run-status.ts';

describe('runStatus', () => {
  it('shows the rate since the snapshot before', () => {
    const status = runStatus('eth0');
    status({ ...emptySnapshot, packets: 100, bytes: 1000 }, 1000);
    const line = status({ ...emptySnapshot, packets: 1100, bytes: 251_000 }, 3000);
    expect(line).toBe('eth0 · 1,100 packets · 500 pkt/s · 1.00 Mb/s · 0 flows · 0 dropped');
  });

  it('lets no control character of a name reach the terminal', () => {
    expect(runStatus('e\x1b[31m')(emptySnapshot, 0)).toContain('e\\x1b[31m');
  });
});

describe('readProgress', () => {
  it('is silent for what is small and fast, and at most ten times a second', () => {
    const small = readProgress(0);
    expect(small(1e6, 2e6, 500)).toBeNull();
    expect(small(1e6, 2e6, 1500)).toContain('50 %');
    expect(small(1e6, 2e6, 1550)).toBeNull();
    expect(readProgress(0)(1e6, 60e6, 100)).not.toBeNull();
  });

  it('shows bytes, percent, rate and time left', () => {
    expect(readProgress(0)(25e6, 100e6, 1000)).toBe(
      '[#####---------------]  25 % · 25.0 MB of 100 MB · 25.0 MB/s · 3.0 s left',
    );
    expect(readProgress(0)(5e6, null, 2000)).toBe('5.00 MB read · 2.50 MB/s');
  });
});
