// Proves that nothing has grown past what one can read in one go: no file past 400 lines, no folder past 12 files, but for
// the exceptions below, each with its reason.
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesBelow, isTest, textOf } from './source-files.ts';

const lineLimit = 400;
const folderLimit = 12;

/** Path and the reason why splitting would make it worse. */
const longFiles: Readonly<Record<string, string>> = {};
const fullFolders: Readonly<Record<string, string>> = {
  'src/core':
    'the words of all rooms, one file each, read through one index.ts; a folder inside would hide some of them',
  'src/capture/wire/link': 'one file per link layer, all of one shape, in the registry of their index.ts',
  'src/analysis/flows':
    'the parts of one table row; TCP is most of what a row knows, so apart from it neither is whole',
};

const lines = (path: string): number => textOf(path).split('\n').length - 1;
const files = ['src', 'test', 'bench', 'scripts'].flatMap(filesBelow).filter((path) => /\.(ts|mjs)$/.test(path));

/** Files of each folder of the program itself, without those in folders inside and without tests. */
const folders = new Map<string, number>();
for (const path of files) {
  if (!path.startsWith('src/') || isTest(path)) continue;
  folders.set(dirname(path), (folders.get(dirname(path)) ?? 0) + 1);
}

describe('sizes', () => {
  it(`keeps every file at ${lineLimit} lines or below`, () => {
    expect(files.length).toBeGreaterThan(20);
    const long = files.filter((path) => lines(path) > lineLimit && longFiles[path] === undefined);
    expect(long.map((path) => `${path}: ${lines(path)} lines`)).toEqual([]);
  });

  it(`keeps every folder at ${folderLimit} files or below`, () => {
    expect(folders.size).toBeGreaterThan(10);
    const full = [...folders].filter(([path, count]) => count > folderLimit && fullFolders[path] === undefined);
    expect(full.map(([path, count]) => `${path}: ${count} files`)).toEqual([]);
  });

  it('has no exception that is not needed', () => {
    const idleFiles = Object.keys(longFiles).filter((path) => !files.includes(path) || lines(path) <= lineLimit);
    const idleFolders = Object.keys(fullFolders).filter((path) => (folders.get(path) ?? 0) <= folderLimit);
    expect([...idleFiles, ...idleFolders]).toEqual([]);
  });
});
