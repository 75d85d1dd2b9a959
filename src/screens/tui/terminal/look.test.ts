// Proves which colours and characters a terminal is taken to have.

import { expect, it } from 'vitest';
import { isLight, lookOf } from './look.ts';

const look = (environment: Record<string, string>, allows = true, light: boolean | null = null) =>
  lookOf(environment, allows, light, 80);

it('knows 256 colours, 16, and none', () => {
  expect(look({ TERM: 'xterm-256color' }).depth).toBe(256);
  expect(look({ TERM: 'xterm', COLORTERM: 'truecolor' }).depth).toBe(256);
  expect(look({ TERM: 'xterm' }).depth).toBe(16);
  expect(look({ TERM: 'xterm-256color', NO_COLOR: '1' }).depth).toBe(0);
  expect(look({ TERM: 'xterm-256color' }, false).depth).toBe(0);
});

it('knows where there is only ASCII', () => {
  expect(look({ TERM: 'xterm', LANG: 'de_DE.UTF-8' }).unicode).toBe(true);
  expect(look({ TERM: 'xterm', LANG: 'C', LC_ALL: 'POSIX' }).unicode).toBe(false);
  expect(look({ TERM: 'linux', LANG: 'de_DE.UTF-8' }).unicode).toBe(false);
});

it('believes the terminal about its background before the environment', () => {
  expect(look({ TERM: 'xterm' }).background).toBe('dark');
  expect(look({ TERM: 'xterm', COLORFGBG: '0;15' }).background).toBe('light');
  expect(look({ TERM: 'xterm', COLORFGBG: '0;15' }, true, false).background).toBe('dark');
  expect([isLight(1, 1, 1), isLight(0.1, 0.1, 0.2)]).toEqual([true, false]);
});
