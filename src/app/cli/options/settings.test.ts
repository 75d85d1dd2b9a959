// Proves the order of settings, how each kind of value is read, and that bad values say where they stand.

import { describe, expect, it } from 'vitest';
import { Failure } from '../../../core/index.ts';
import { readSettings, type SettingSources } from './settings.ts';
import { comesFrom, configKey, environmentName, optionRows } from './table.ts';

const sources: SettingSources = { command: 'capture', given: {}, environment: {}, config: null, listSeparator: ':' };
const read = (part: Partial<SettingSources>) => readSettings({ ...sources, ...part });
const config = (values: Record<string, unknown>) => ({ path: '/c.toml', values });

function failure(part: Partial<SettingSources>): Failure {
  try {
    read(part);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('no failure');
}

describe('readSettings', () => {
  it('takes flags before environment before file before built in', () => {
    const all = { environment: { TAPLIGHT_THRESHOLD: '3' }, config: config({ threshold: 4, 'chart-every': '2m' }) };
    expect(read({ ...all, given: { threshold: ['2'] } }).settings.threshold).toBe(2);
    expect(read(all).settings.threshold).toBe(3);
    expect(read({ config: all.config }).settings.threshold).toBe(4);
    expect(read({}).settings.threshold).toBe(100);
    expect(read(all).settings.chartEvery).toBe(120);
    expect(read(all).origin).toMatchObject({ threshold: 'environment', chartEvery: 'config', quiet: 'built in' });
  });

  it('reads how fast the demo plays', () => {
    const speed = (word: string) => read({ command: 'demo', given: { speed: [word] } }).settings.speed;
    expect([speed('2.5'), speed('MAX'), read({ command: 'demo' }).settings.speed]).toEqual([2.5, Infinity, 10]);
    for (const word of ['0', '-1', 'fast', '1e3', ''])
      expect(failure({ command: 'demo', given: { speed: [word] } }).code).toBe('BAD_OPTION');
  });

  it('reads every kind of value', () => {
    const { settings } = read({
      given: { flowTimeouts: ['tcp=10,active=60'], read: ['a', 'b'], summary: ['json'], buffer: ['1MiB'] },
      environment: { TAPLIGHT_PROMISCUOUS: 'off', TAPLIGHT_INTERFACE: 'eth9', TAPLIGHT_QUIET: '' },
      config: config({ color: false, 'rotate-size': '10MB' }),
    });
    expect(settings).toMatchObject({
      flowTimeouts: { tcp: 10, udp: 60, other: 60, active: 60 },
      read: ['a', 'b'],
      summary: 'json',
      buffer: 1 << 20,
      promiscuous: false,
      interface: 'eth9',
      quiet: false,
      color: false,
      rotateSize: 10_000_000,
    });
    expect(read({ environment: { TAPLIGHT_READ: 'a:b' } }).settings.read).toEqual(['a', 'b']);
    expect(read({ config: config({ read: ['x', 'y'] }) }).settings.read).toEqual(['x', 'y']);
  });

  it('refuses bad values and says where they stand', () => {
    expect(failure({ given: { count: ['0'] } })).toMatchObject({ code: 'BAD_OPTION' });
    expect(failure({ given: { count: ['-3'] } }).message).toBe("--count: '-3' is not a whole number, 1 or more");
    expect(failure({ environment: { TAPLIGHT_DURATION: 'soon' } }).message).toContain('TAPLIGHT_DURATION');
    expect(failure({ config: config({ threshold: { a: 1 } }) })).toMatchObject({ code: 'BAD_CONFIG' });
    expect(failure({ config: config({ treshold: 1 }) }).message).toContain("no setting 'treshold'");
    for (const bad of ['tcp', 'tcp=0', 'tcp=1=2', 'sctp=3', 'tcp=x', '', '__proto__=1']) {
      expect(failure({ given: { flowTimeouts: [bad] } }).code).toBe('BAD_OPTION');
    }
  });

  it('gives other commands no defaults they do not know', () => {
    const { settings } = read({ command: 'doctor', environment: { TAPLIGHT_THRESHOLD: 'x', TAPLIGHT_COLOR: 'no' } });
    expect(settings).toMatchObject({ threshold: 100, color: false });
  });

  it('names every option once in each place', () => {
    for (const [place, name] of [
      ['environment', environmentName],
      ['config', configKey],
    ] as const) {
      const names = optionRows.filter(([, spec]) => comesFrom(spec, place)).map(([, spec]) => name(spec));
      expect(new Set(names).size).toBe(names.length);
    }
    const letters = optionRows.flatMap(([, spec]) => /^-\w/.exec(spec.flags) ?? []);
    expect(new Set(letters).size).toBe(letters.length);
  });
});
