// Proves that the page about filters tells the truth: its examples can be asked, its fields exist, its operators are all there are.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { eventKinds } from '../../../app/pipeline/hand-over/flow-names.ts';
import { storeTables } from '../tables/index.ts';
import { filterFields, filterSql } from './index.ts';

const page = readFileSync(new URL('../../../../docs/50-filter.md', import.meta.url), 'utf8');
const tables = storeTables(eventKinds);
const tableOf = (name: string) => tables.find((each) => each.name === name)!;

const examples = [...page.matchAll(/^```filter (\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, table, lines]) =>
  lines
    .trimEnd()
    .split('\n')
    .map((line) => [line.replace(/\s+# .*$/, ''), table] as const),
);

/** Code in the first two columns of the table below a line that begins so. */
function codeBelow(head: string): string[] {
  const rows = page.slice(page.indexOf(head)).split('\n\n')[0].split('\n').slice(2);
  return rows.flatMap((row) =>
    [
      ...row
        .split(/(?<!\\)\|/)
        .slice(1, 3)
        .join(' ')
        .matchAll(/`([^`]+)`/g),
    ].map(([, code]) => code),
  );
}

describe('docs/50-filter.md', () => {
  it('has examples', () => expect(examples.length).toBeGreaterThan(35));

  it.each(examples)('%s of %s', (filter, table) => {
    for (const dialect of ['duckdb', 'clickhouse'] as const) {
      expect(filterSql(filter, tableOf(table), tables, dialect, [])).not.toBe('true');
    }
  });

  it('lists operators that there are', () => {
    const operators = codeBelow('| Operator |').map((code) => code.replace('{…}', '{"1"}'));
    expect(operators.length).toBeGreaterThan(20);
    for (const operator of operators) {
      const filter = operator.includes('{') ? `service ${operator}` : `service ${operator} "1"`;
      expect(filterSql(filter, tableOf('flows'), tables, 'duckdb', []), filter).not.toBe('');
    }
  });

  it('lists fields that flows have', () => {
    const fields = filterFields(tableOf('flows'), tables);
    const names = codeBelow('| Field |').filter((name) => !/^(inside|out|in|outside|open|closed)$/.test(name));
    expect(names.length).toBeGreaterThan(50);
    expect(names.filter((name) => fields.find(name) === undefined)).toEqual([]);
  });
});
