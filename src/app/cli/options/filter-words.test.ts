// Proves how files are told from filter words after -r.

import { expect, it } from 'vitest';
import { sortWords } from './filter-words.ts';

const isFile = (word: string) => ['a.pcap', 'b', 'tcp'].includes(word);

it('takes files for as long as they exist, then the filter', () => {
  expect(sortWords(['b', '-', 'port', '53'], [], true, isFile)).toEqual({ files: ['b', '-'], filter: 'port 53' });
  expect(sortWords(['port', 'b'], [], true, isFile)).toEqual({ files: [], filter: 'port b' });
  expect(sortWords(['len', '-', '4'], [], true, isFile)).toEqual({ files: [], filter: 'len - 4' });
  expect(sortWords([], ['tcp'], true, isFile)).toEqual({ files: [], filter: 'tcp' });
});

it('takes no files without -r', () => {
  expect(sortWords(['tcp'], ['or', 'udp'], false, isFile)).toEqual({ files: [], filter: 'tcp or udp' });
  expect(() => sortWords(['a.pcap'], [], false, isFile)).toThrow(/looks like a file/);
});

it('says that a file is missing rather than calling it a bad filter', () => {
  for (const word of ['c.pcapng.gz', './x', '/tmp/y', '../z', '~/q', 'C.PCAP']) {
    expect(() => sortWords([word], [], true, isFile)).toThrow(/there is no such file/);
  }
  expect(sortWords(['10.0.0.0/8'], [], true, isFile).filter).toBe('10.0.0.0/8');
});
