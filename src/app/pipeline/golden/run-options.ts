// Options of a run for tests: one file, nothing wanted, nothing kept; a test says what is different.

import { defaultFlowOptions, type RunOptions } from '../options.ts';

export function runOptions(different: Partial<RunOptions> = {}): RunOptions {
  return {
    version: 'test',
    input: { kind: 'files', paths: ['x'], follow: false },
    filter: '',
    snapLen: 0,
    maxPackets: 0,
    maxSec: 0,
    write: null,
    keepPackets: null,
    workers: 1,
    flow: { ...defaultFlowOptions, capacity: 1024 },
    threshold: 0,
    verifyChecksums: false,
    detect: null,
    wants: { flows: false, packets: false, alerts: false, events: false, values: false },
    keyLog: null,
    snapshotEveryMs: 0,
    screens: null,
    dropTo: null,
    ...different,
  };
}
