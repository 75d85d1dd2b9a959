// Proves that silence is three seconds of whoever looks on, however fast packet time goes.

import { expect, it } from 'vitest';
import { Silence } from './silence.ts';

const after = (stepUs: number): number => {
  const silence = new Silence();
  let us = 1.7e15;
  let found = 0;
  for (let i = 0; i < 100; i++) {
    us += stepUs;
    found = silence.after(us);
  }
  return found;
};

it('is longer where a file is played faster', () => {
  expect(after(1e5)).toBe(3e6);
  expect(after(0)).toBe(3e6);
  expect(after(1e6)).toBeCloseTo(30e6, -5);
});

it('does not take a pause for speed', () => {
  const silence = new Silence();
  silence.after(1e6);
  expect(silence.after(3600e6)).toBe(3e6);
});
