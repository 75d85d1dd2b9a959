// Proves that roles are learned from what hosts do, that one host does not make one, and that memory is bounded.

import { describe, expect, it } from 'vitest';
import { defineDetector } from '../detector.ts';
import { Stage } from '../golden/stage.ts';
import { announces, macOf, sentBy, sentTo } from './golden/frames.ts';
import { type Roles, rolesOf } from './roles.ts';

/** A stage with a detector that does nothing but ask for the roles. */
function learn(): { stage: Stage; roles: () => Roles } {
  let roles: Roles | null = null;
  const asker = defineDetector({
    name: 'test.roles',
    title: '',
    version: 1,
    severity: 'info',
    mitre: null,
    meaning: '',
    benign: '',
    next: '',
    options: {},
    open: (around) => {
      roles = rolesOf(around);
      return {};
    },
  });
  const stage = new Stage(asker);
  return {
    stage,
    roles: () => {
      if (roles === null) throw new Error('not opened');
      return roles;
    },
  };
}

const ip = (n: number): [4, number, number, number, number] => [4, (10 << 24) | n, 0, 0, 0];

describe('roles', () => {
  it('a resolver answers five clients, one that asks itself is none', () => {
    const { stage, roles } = learn();
    for (let i = 1; i <= 8; i++) stage.flow('answered', { from: `10.0.0.${i}`, to: '10.0.0.53', rPort: 53, proto: 17 });
    for (let i = 1; i <= 4; i++) stage.flow('answered', { from: `10.0.0.${i}`, to: '10.0.0.54', rPort: 53, proto: 17 });
    expect([roles().has('resolver', ...ip(53)), roles().has('resolver', ...ip(54))]).toEqual([true, false]);
    expect(roles().clients('resolver', ...ip(53))).toBeGreaterThanOrEqual(7);
    expect(roles().nameFactor(...ip(53))).toBeGreaterThanOrEqual(7);
    expect(roles().nameFactor(...ip(9))).toBe(1);
    expect(roles().list()).toEqual([{ ip: '10.0.0.53', role: 'resolver' }]);
  });

  it('a router carries what hosts elsewhere send', () => {
    const { stage, roles } = learn();
    stage.frame(announces(1)).frame(announces(5));
    for (const to of ['8.8.8.8', '9.9.9.9'])
      stage.flow('answered', { from: '10.0.0.5', to, ...sentBy(macOf(1)), ...sentTo(macOf(5)) });
    expect([roles().has('router', ...ip(1)), roles().isRouter(...ip(5))]).toEqual([true, false]);
  });

  it('behind a translator are several systems, or several distances', () => {
    const { stage, roles } = learn();
    const get = (userAgent: string) => stage.event('http', { userAgent }, { from: '10.0.0.7', to: '8.8.8.8' });
    for (let i = 0; i < 3; i++) {
      get('Mozilla/5.0 (Windows NT 10.0; Win64; x64)');
      get('Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X)');
    }
    for (let i = 0; i < 30; i++) stage.flow('opened', { from: '10.0.0.8', to: '8.8.8.8', ttl: 61 + (i % 3) });
    for (let i = 0; i < 30; i++) stage.flow('opened', { from: '10.0.0.9', to: '8.8.8.8', ttl: 64 });
    expect([7, 8, 9].map((n) => roles().has('nat', ...ip(n)))).toEqual([true, true, false]);
    expect([7, 9].map((n) => roles().sourceFactor(...ip(n)))).toEqual([4, 1]);
  });

  it('keeps to its memory when very many servers answer', () => {
    const { stage, roles } = learn();
    for (let i = 0; i < 20_000; i++)
      stage.flow('answered', { from: '10.0.0.1', to: `10.${i >> 14}.${(i >> 7) & 127}.${i & 127}`, rPort: 9100 });
    expect(roles().list().length).toBeLessThanOrEqual(4096);
    expect(stage.detection.occupancy()[0].bytes).toBeLessThan(1.5e6);
  });
});
