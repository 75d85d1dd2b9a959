// Proves that no file has grown past what one can read in one go: 400 lines, but for the exceptions below.
import { describe, expect, it } from 'vitest';
import { filesBelow, textOf } from './source-files.ts';

const limit = 400;

/** Path and the reason why splitting would make it worse. */
const exceptions: Readonly<Record<string, string>> = {};

const lines = (path: string): number => textOf(path).split('\n').length - 1;
const files = ['src', 'test', 'bench', 'scripts'].flatMap(filesBelow).filter((path) => /\.(ts|mjs)$/.test(path));

describe('sizes', () => {
  it(`keeps every file at ${limit} lines or below`, () => {
    expect(files.length).toBeGreaterThan(20);
    const long = files.filter((path) => lines(path) > limit && exceptions[path] === undefined);
    expect(long.map((path) => `${path}: ${lines(path)} lines`)).toEqual([]);
  });

  it('has no exception that is not needed', () => {
    const idle = Object.keys(exceptions).filter((path) => !files.includes(path) || lines(path) <= limit);
    expect(idle).toEqual([]);
  });
});
