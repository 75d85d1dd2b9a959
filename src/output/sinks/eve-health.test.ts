// Proves that a flow's line tells its health under our own key, and leaves out what is not known.

import { describe, expect, it } from 'vitest';
import { Flow, waits } from '../../core/index.ts';
import { writeEveFlow } from './eve-flow.ts';

const decoder = new TextDecoder();

/** What a line says under `taplight.health`. */
function healthOf(values: Partial<Flow>): unknown {
  const out = new Uint8Array(8192);
  const end = writeEveFlow(out, 0, Object.assign(new Flow(), { proto: 6 }, values), null);
  return JSON.parse(decoder.decode(out.subarray(0, end))).taplight.health;
}

describe('taplight.health', () => {
  it('has legs, responses and verdict where they are known', () => {
    const health = { hasHealth: true, responses: 2, responseMeanUs: 900, responseMostUs: 1200, serverLegUs: 20_000 };
    expect(healthOf({ ...health, clientLegUs: 300, verdict: 0, verdictPercent: 62 })).toEqual({
      responses: 2,
      rtt_server_us: 20_000,
      rtt_client_us: 300,
      response_mean_us: 900,
      response_max_us: 1200,
      verdict: 'server',
      verdict_percent: 62,
    });
  });

  it('leaves out what is not known, and itself where nothing is', () => {
    expect(healthOf({ hasHealth: true })).toEqual({ responses: 0 });
    expect(healthOf({})).toBeUndefined();
  });

  it('is whole JSON for every verdict', () => {
    for (const [verdict, name] of waits.entries())
      expect(healthOf({ hasHealth: true, verdict, verdictPercent: 100 })).toMatchObject({ verdict: name });
  });
});
