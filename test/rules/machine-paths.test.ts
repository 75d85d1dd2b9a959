// Proves that no tracked file names a folder of the machine it was written on.
import { describe, expect, it } from 'vitest';
import { textOf, trackedFiles } from './source-files.ts';

// Written in pieces, so that this file does not find itself.
const forbidden = new RegExp(
  [
    '/wo' + 'rk/(main|shared|\\.library)',
    '/ho' + 'me/\\w+/',
    '/Us' + 'ers/\\w+/',
    '/ro' + 'ot/',
    '/t' + 'mp/(peers|brief)',
  ].join('|'),
);
const isText = (path: string): boolean => !/\.(pcap|pcapng|gz|zst|png|ico)$/.test(path);

describe('machine paths', () => {
  it('are in no tracked file', () => {
    const files = trackedFiles().filter(isText);
    expect(files.length).toBeGreaterThan(20);
    const found = files.flatMap((path) =>
      textOf(path)
        .split('\n')
        .map((line, i) => ({ where: `${path}:${i + 1}`, line }))
        .filter(({ line }) => forbidden.test(line))
        .map(({ where, line }) => `${where}: ${line.trim().slice(0, 100)}`),
    );
    expect(found).toEqual([]);
  });
});
