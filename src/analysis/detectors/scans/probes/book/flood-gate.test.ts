// Proves that a service that thousands call is crowded, that the victim's other ports are not, and that it passes.

import { describe, expect, it } from 'vitest';
import { FlowSignal } from '../../../../../core/index.ts';
import { FloodGate } from './flood-gate.ts';

const to = (host: number, port: number): FlowSignal =>
  Object.assign(new FlowSignal(), { ipVersion: 4, proto: 6, r0: host, rPort: port });

describe('flood gate', () => {
  it('closes for the port that is flooded, only for it, and only for a while', () => {
    const gate = new FloodGate();
    const crowded = Array.from({ length: 5000 }, () => gate.count(to(1, 80), 1000)).filter(Boolean);
    expect(crowded.length).toBeGreaterThan(3500);
    expect(gate.isCrowded(to(1, 80))).toBe(true);
    expect(gate.isCrowded(to(1, 81))).toBe(false);
    expect(gate.count(to(2, 80), 1000)).toBe(false);
    for (let sec = 1000; sec < 1100; sec += 5) gate.count(to(3, 1), sec);
    expect(gate.isCrowded(to(1, 80))).toBe(false);
  });

  it('stays open for a scan of all ports of a host', () => {
    const gate = new FloodGate();
    const crowded = Array.from({ length: 60_000 }, (_, port) => gate.count(to(1, port), 1000)).filter(Boolean);
    expect(crowded).toEqual([]);
  });
});
