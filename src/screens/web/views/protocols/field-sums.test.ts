// Proves that values of fields are counted once a row, and that numbers fall into the columns they belong to.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isMeasure, numberSums, orderedFields, quantile, tellingFields, topValues } from './field-sums.ts';

test('the most frequent values, lists once for each value', () => {
  const rows = [{ a: 'x' }, { a: ['x', 'y', 'y'] }, { a: '' }, { a: null }, { a: true }, { a: 404 }];
  expect(topValues(rows, 'a', 3)).toEqual([
    { value: 'x', count: 2 },
    { value: '404', count: 1 },
    { value: 'y', count: 1 },
  ]);
});

test('a histogram loses nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1e9 }), { minLength: 1 }), (values) => {
      const sums = numberSums(
        values.map((each) => ({ n: each })),
        'n',
      );
      expect(sums?.bins.reduce((sum, { count }) => sum + count, 0)).toBe(values.length);
      expect(sums?.max).toBe(Math.max(...values));
      expect(sums?.p50).toBe(quantile(values, 0.5));
    }),
  );
  expect(numberSums([{ n: null }], 'n')).toBeNull();
});

test('known protocols begin with what matters; marks and objects are left out', () => {
  const field = (column: string, kind = 'text', unit: string | null = null) => ({
    column,
    kind,
    unit,
    title: '',
    filters: [],
  });
  const fields = [
    field('tx_id', 'real'),
    field('flags'),
    field('latency_us', 'real', 'us'),
    field('query'),
    field('answers', 'json'),
  ];
  expect(orderedFields({ name: 'dns', fields }).map(({ column }) => column)).toEqual(['query', 'latency_us', 'flags']);
  expect(orderedFields({ name: 'new', fields }).map(({ column }) => column)).toEqual(['flags', 'latency_us', 'query']);
  expect(isMeasure(field('latency_us', 'real', 'us'))).toBe(true);
  expect(isMeasure(field('status_code', 'real'))).toBe(false);
});

test('what says the same twice, and what never differs, is told once or not at all', () => {
  const field = (column: string, title: string) => ({ column, title, kind: 'text', unit: null, filters: [] });
  const fields = [field('a', 'A'), field('also_a', 'A'), field('same', 'Same'), field('none', 'None'), field('b', 'B')];
  const rows = [
    { a: 1, also_a: 'one', same: 'x', none: '', b: 'p' },
    { a: 2, also_a: 'two', same: 'x', none: null, b: 'q' },
  ];
  expect(tellingFields({ name: 'new', fields }, rows).map(({ column }) => column)).toEqual(['a', 'b']);
});
