// Proves that a report answers like a scene: columns, order and place of its rows.
import { expect, test } from 'vitest';
import { windowOf } from './report-scene.ts';

const table = {
  columns: [
    { name: 'app', kind: 'word' },
    { name: 'bytes', kind: 'u64' },
  ],
  rows: [
    ['tls', 5],
    ['dns', 9],
    ['ssh', 1],
  ],
  total: 7,
  kept: 7,
  forgotten: 0,
};
const request = { table: 'flows', from: 0, count: 2 };

test('as it lies, sorted, a part', () => {
  expect(windowOf(table, request).rows).toEqual([
    ['tls', 5],
    ['dns', 9],
  ]);
  expect(windowOf(table, { ...request, sort: { column: 'bytes', descending: true } }).rows).toEqual([
    ['dns', 9],
    ['tls', 5],
  ]);
  expect(windowOf(table, { ...request, from: 2 }).rows).toEqual([['ssh', 1]]);
  expect(windowOf(table, request).total).toBe(7);
});

test('chosen columns, unknown ones left out', () => {
  const window = windowOf(table, { ...request, count: 1, columns: ['bytes', 'none', 'app'] });
  expect(window.columns.map(({ name }) => name)).toEqual(['bytes', 'app']);
  expect(window.rows).toEqual([[5, 'tls']]);
  expect(windowOf(undefined, request).rows).toEqual([]);
});
