// Proves when there is a screen: at a terminal, unless lines were asked for; and when insisting on it is refused.

import { describe, expect, it } from 'vitest';
import { fakeHost } from '../../../../../test/e2e/cli-fake-host.ts';
import { readArguments, readSettings } from '../../options/index.ts';
import { wantsScreen } from './wants-screen.ts';

const terminals = { in: true, out: true, err: true };

function wants(words: readonly string[], at = terminals, environment: Record<string, string> = {}): boolean {
  const given = readArguments(words);
  const sources = { command: given.command, given: given.given, environment, config: null, listSeparator: ':' };
  return wantsScreen(readSettings(sources), { ...fakeHost(words, at), environment });
}

describe('the screen', () => {
  it('is what a terminal gets', () => {
    for (const words of [[], ['-i', 'eth0'], ['-r', 'a.pcap'], ['demo'], ['-r', 'a', '--eve', 'b'], ['-v']]) {
      expect(wants(words), words.join(' ')).toBe(true);
    }
  });

  it('gives way to lines that were asked for', () => {
    const asking = [
      '-q',
      '--print',
      '--json',
      '--no-tui',
      '--eve=-',
      '--summary=text',
      '--summary=none',
      '--chart-every=5s',
    ];
    for (const word of [...asking, '-w-']) expect(wants(['-i', 'eth0', word]), word).toBe(false);
    expect(wants(['-r', '-'])).toBe(false);
    expect(wants(['-i', '-'])).toBe(false);
  });

  it('needs a terminal on all sides, and one that can do it', () => {
    for (const side of ['in', 'out', 'err']) expect(wants(['-i', 'eth0'], { ...terminals, [side]: false })).toBe(false);
    expect(wants([], terminals, { TERM: 'dumb' })).toBe(false);
    expect(wants([], terminals, { INK_SCREEN_READER: 'true' })).toBe(false);
    expect(wants([], terminals, { TAPLIGHT_TUI: 'no' })).toBe(false);
  });

  it('is not given where it was insisted on and cannot be had', () => {
    expect(() => wants(['--tui'], { ...terminals, out: false })).toThrow(/stdout is none/);
    expect(() => wants(['--tui', '--json'])).toThrow(/--tui and --json exclude each other/);
    expect(wants(['--tui'], terminals, { TAPLIGHT_TUI: 'no' })).toBe(true);
  });
});
