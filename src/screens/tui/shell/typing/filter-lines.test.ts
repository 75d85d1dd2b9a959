// Proves that the line of a filter shows colours, the mistake below its word, and what may follow.

import { expect, it } from 'vitest';
import { keptTables } from '../../../../app/pipeline/index.ts';
import { examineFilter } from '../../../../core/index.ts';
import { filterFields } from '../../../../output/store/index.ts';
import type { Look } from '../../frame/view.ts';
import { type FilterEdit, startFilter } from './filter-edit.ts';
import { filterLines } from './filter-lines.ts';

const plain: Look = { width: 80, colour: false, unicode: true, depth: 0, background: 'dark' };
const colours: Look = { ...plain, colour: true, depth: 256 };
const tables = keptTables();
const fields = filterFields(tables.find(({ name }) => name === 'flows') ?? tables[0], tables);

const edit = (text: string): FilterEdit =>
  startFilter(text, 'flows', {
    examine: (given) => examineFilter(given, fields),
    complete: (_, cursor) => ({
      at: cursor,
      length: 0,
      proposals: ['dns', 'dns.qry.name'].map((name) => ({ text: name, kind: 'field' as const, title: 'a name' })),
    }),
  });

it('points at the word that is wrong and says what was expected', () => {
  const lines = filterLines(edit('a == '), 80, 12, plain);
  expect(lines.at(-1)).toContain(' / a ==');
  expect(lines.at(-2)).toContain('▲');
  const unknown = filterLines(edit('dns and nosuch == 1'), 80, 12, plain);
  expect(unknown.at(-2)).toBe(`${' '.repeat(' / dns and '.length)}▲`);
  expect(unknown.at(-3)).toContain('nosuch');
});

it('lists what may follow, with what it means, above the line', () => {
  const lines = filterLines(edit('x '), 80, 12, plain);
  expect(lines[0]).toContain('may follow');
  expect(lines[1]).toMatch(/dns +a name/);
  expect(lines).toHaveLength(5);
  expect(filterLines(edit('x '), 80, 2, plain)).toHaveLength(2);
});

it('colours the parts, and never writes past the screen', () => {
  expect(filterLines(edit('x == 1'), 80, 12, colours).at(-1)).toContain('\x1b[');
  const long = filterLines(edit('x'.repeat(300)), 80, 12, plain);
  for (const line of long) expect([...line].length).toBeLessThanOrEqual(80);
  expect(long.at(-1)).toContain('█');
});
