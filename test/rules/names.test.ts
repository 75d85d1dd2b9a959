// Proves that files are named after the thing they hold, in kebab-case, and begin with a comment that says what it is.
import { basename, dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesBelow, textOf } from './source-files.ts';

const files = ['src', 'test', 'bench', 'scripts'].flatMap(filesBelow).filter((path) => /\.(ts|mjs|c|json)$/.test(path));
const source = files.filter((path) => /\.(ts|mjs)$/.test(path));

/** Words that say nothing about what is inside. */
const empty = /(^|-)(utils?|helpers?|common|managers?|services?|misc|stuff)(-|$)|^types$/;
const kebab = /^[a-z0-9]+(-[a-z0-9]+)*$/;

describe('names', () => {
  it('writes files and folders in kebab-case', () => {
    expect(files.length).toBeGreaterThan(20);
    const odd = files.filter((path) => {
      const folders = dirname(path).split('/');
      const stem = basename(path).replace(/(\.test|\.d)?\.(ts|mjs|c|json)$/, '');
      return ![...folders, stem].every((name) => kebab.test(name));
    });
    expect(odd).toEqual([]);
  });

  it('uses no name that fits everything', () => {
    const vague = files.filter((path) => path.split('/').some((part) => empty.test(part.replace(/\..*$/, ''))));
    expect(vague).toEqual([]);
  });

  it('begins every file with a comment', () => {
    const silent = source.filter((path) => !/^(#!.*\n)?\s*(\/\/|\/\*)/.test(textOf(path)));
    expect(silent).toEqual([]);
  });

  it('says in the first line of every test what it proves', () => {
    const silent = source.filter(
      (path) => /\.test\.tsx?$/.test(path) && !/^\/\/ Proves\b|^\/\/ .{20,}/.test(textOf(path)),
    );
    expect(silent).toEqual([]);
  });
});
