// Proves that the summary names slow paths and what the slowest flows waited for, and says nothing where all is quick.

import { describe, expect, it } from 'vitest';
import type { NetworkHealth } from '../../../core/index.ts';
import { healthDocument, healthLines } from './health-summary.ts';

const style = { width: 100, colour: false, unicode: true };
const none = { p50: null, p95: null, max: null, count: 0 };
const quick: NetworkHealth = {
  flows: 1,
  rttMs: { p50: 1, p95: 2, max: 3, count: 4 },
  responseMs: none,
  segments: 10,
  repeated: 0,
  waitedSec: {} as NetworkHealth['waitedSec'], // no flow waited
  paths: [
    {
      name: '10.0.0.0/24 → 10.0.1.1',
      flows: 1,
      rttMs: { ...none, p50: 1, p95: 2 },
      responseMs: none,
      segments: 9,
      repeated: 0,
    },
  ],
  hosts: [],
  slowest: [],
};
const slow: NetworkHealth = {
  ...quick,
  paths: [
    {
      name: '10.0.0.0/24 → 192.0.2.1',
      flows: 3,
      rttMs: { p50: 250, p95: 800, max: 900, count: 9 },
      responseMs: { p50: 1000, p95: 4000, max: 4000, count: 3 },
      segments: 100,
      repeated: 5,
    },
  ],
  slowest: [
    {
      id: 7,
      client: '10.0.0.1:40000',
      server: '192.0.2.1:80',
      app: 'http',
      firstUs: 0,
      waitedSec: 9.5,
      verdict: 'server',
      share: 0.9,
      sentence: 'Of 10 s it waited 90 % for the server to answer.',
    },
  ],
};

describe('health in the summary', () => {
  it('says nothing where all is quick, or nobody measured', () => {
    expect(healthLines(quick, style)).toEqual([]);
    expect(healthLines(undefined, style)).toEqual([]);
    expect(healthDocument(undefined)).toBeNull();
  });

  it('names slow paths and the slowest flows', () => {
    const text = healthLines(slow, style).join('\n');
    expect(text).toContain('10.0.0.0/24 → 192.0.2.1');
    expect(text).toContain('Of 10 s it waited 90 % for the server to answer.');
  });

  it('has them as a document', () => {
    expect(healthDocument(slow)).toMatchObject({
      flows: 1,
      paths: [
        { name: '10.0.0.0/24 → 192.0.2.1', rtt_ms: { p50: 250 }, response_ms: { p95: 4000 }, retransmissions: 5 },
      ],
      slowest: [{ flow_id: 7, verdict: 'server', share: 0.9, waited_s: 9.5 }],
    });
  });
});
