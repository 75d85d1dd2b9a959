// Proves that entries know their list, the first one counts, and Zeek's sources are lists of their own.

import { describe, expect, it } from 'vitest';
import { ListReader } from './list-reader.ts';

describe('reading lists', () => {
  it('keeps names, confidence and counts', () => {
    const reader = new ListReader();
    reader.line('before.example');
    reader.begin('a.txt');
    for (const line of ['# confidence: 50', 'evil.example', 'evil.example', 'nothing']) reader.line(line);
    reader.begin('b.intel');
    for (const line of ['#fields\tindicator\tindicator_type\tmeta.source', 'worse.example\tIntel::DOMAIN\tabuse'])
      reader.line(line);
    reader.line('evil.example\tIntel::DOMAIN\tother');
    const lists = reader.end();
    expect(reader.files).toEqual([
      { name: 'a.txt', found: 2, entries: 1, ignored: 1 },
      { name: 'b.intel', found: 2, entries: 1, ignored: 0 },
    ]);
    expect(lists.domain('evil.example')?.list).toEqual({ name: 'a.txt', confidence: 0.5 });
    expect(lists.domain('worse.example')?.list.name).toBe('b.intel (abuse)');
    expect(lists.domain('before.example')).toBeNull();
  });
});
