// Proves what each key does to the question, that rows stay put under the hand, and that drawing fits the screen.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitKeys } from './interface-prompt.ts';
import {
  drawPrompt,
  matchRow,
  type PromptRow,
  type PromptStep,
  pressKey,
  refreshPrompt,
  startPrompt,
} from './prompt-state.ts';

const row = (number: number, name: string, bytesPerSec = 0, isDefault = false): PromptRow => ({
  number,
  name,
  detail: `10.0.0.${number}`,
  rates: `${bytesPerSec} B/s`,
  bytesPerSec,
  isDefault,
});
const rows = [row(1, 'lo'), row(2, 'eth0', 0, true), row(3, 'eth1', 50), row(4, 'wlan0')];

function press(...keys: string[]): PromptStep {
  let step: PromptStep = { state: startPrompt(rows) };
  for (const key of keys) if ('state' in step) step = pressKey(step.state, key);
  return step;
}
const selected = (step: PromptStep) => ('state' in step ? step.state.selected : step.end);

describe('the list', () => {
  it('begins with the busiest, or the default route when all are idle', () => {
    expect(startPrompt(rows).rows.map((r) => r.name)).toEqual(['eth1', 'eth0', 'lo', 'wlan0']);
    expect(startPrompt(rows.map((r) => ({ ...r, bytesPerSec: 0 }))).selected).toBe('eth0');
  });

  it('is sorted anew until the first key, then rows stay', () => {
    const busy = rows.map((r) => (r.name === 'lo' ? { ...r, bytesPerSec: 99 } : r));
    expect(refreshPrompt(startPrompt(rows), busy).rows[0].name).toBe('lo');
    const down = press('\x1b[B');
    if (!('state' in down)) throw new Error('ended');
    expect(refreshPrompt(down.state, busy).rows.map((r) => r.name)).toEqual(['eth1', 'eth0', 'lo', 'wlan0']);
    expect(refreshPrompt(down.state, [row(1, 'lo')]).selected).toBe('lo');
  });
});

describe('keys', () => {
  it('move and choose', () => {
    expect(press('\r')).toEqual({ end: { chosen: 'eth1' } });
    expect(press('\x1b[B', '\x1b[B', '\x1b[A', '\r')).toEqual({ end: { chosen: 'eth0' } });
    expect(selected(press('\x1b[A'))).toBe('eth1');
  });

  it('type a number or a name', () => {
    expect(press('4', '\r')).toEqual({ end: { chosen: 'wlan0' } });
    expect(press('w', '\r')).toEqual({ end: { chosen: 'wlan0' } });
    expect(press('eth0', '\r')).toEqual({ end: { chosen: 'eth0' } });
    const wrong = press('eth', '\r');
    expect('state' in wrong && wrong.state.message).toContain("'eth'");
    expect(press('x', '\x7f', '2', '\r')).toEqual({ end: { chosen: 'eth0' } });
    expect(press('x', '\x1b', '\r')).toEqual({ end: { chosen: 'eth1' } });
  });

  it('quit', () => {
    expect(press('q')).toEqual({ end: { quit: 0 } });
    expect(press('\x04')).toEqual({ end: { quit: 0 } });
    expect(press('w', '\x03')).toEqual({ end: { quit: 130 } });
    expect(selected(press('w', 'q'))).toBe('wlan0');
  });

  it('come apart as a terminal sends them', () => {
    expect(splitKeys('\x1b[A\x1bOBeth0\r')).toEqual(['\x1b[A', '\x1bOB', 'eth0', '\r']);
    expect(splitKeys('\x1b')).toEqual(['\x1b']);
  });

  it('never throw, whatever arrives', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), fc.integer({ min: 1, max: 200 }), (data, width) => {
        let step: PromptStep = { state: startPrompt(rows) };
        for (const key of data.flatMap(splitKeys)) if ('state' in step) step = pressKey(step.state, key);
        if (!('state' in step)) return;
        for (const line of drawPrompt(step.state, width, 10)) expect(line.length).toBeLessThanOrEqual(width);
      }),
      { numRuns: 200 },
    );
  });
});

describe('matchRow', () => {
  it('takes a beginning only when it is the beginning of one', () => {
    expect(matchRow(rows, 'eth')).toBeUndefined();
    expect(matchRow(rows, 'wl')?.name).toBe('wlan0');
    expect(matchRow([row(1, '2'), row(2, 'x')], '2')?.name).toBe('2');
  });
});

describe('drawPrompt', () => {
  it('keeps the cursor in view on a small screen', () => {
    const step = press('\x1b[B', '\x1b[B', '\x1b[B');
    if (!('state' in step)) throw new Error('ended');
    const lines = drawPrompt(step.state, 80, 6);
    expect(lines).toHaveLength(5);
    expect(lines.find((line) => line.startsWith('>'))).toContain('wlan0');
  });
});
