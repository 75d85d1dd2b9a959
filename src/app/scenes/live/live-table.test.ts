// Proves that windows on live rows show what a plain sort and filter of all rows would, within the bound of memory.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchOfRows, type Table, type Value } from '../../../output/store/index.ts';
import { compareValues, LiveTable, type Matcher } from './live-table.ts';

const table: Table = {
  name: 'flows',
  title: 'Flows',
  time: 'ts',
  keep: 'raw',
  columns: [
    { name: 'ts', kind: 'time', title: 'When' },
    { name: 'app', kind: 'word', title: 'App' },
    { name: 'rtt', kind: 'u32', title: 'RTT', nullable: true },
  ],
};
const row = fc.tuple(fc.nat(50), fc.constantFrom('', 'dns', 'tls', 'http'), fc.option(fc.nat(20)));
const isTls: Matcher = (column) => column('app') === 'tls';

function filled(lists: readonly (readonly Value[][])[], capacity = 1_000_000): LiveTable {
  const live = new LiveTable(table, capacity);
  for (const rows of lists) live.add(batchOfRows(table, rows));
  return live;
}

describe('a live table', () => {
  it('gives the window that sorting and filtering everything would', () => {
    const request = fc.record({
      from: fc.nat(30),
      count: fc.integer({ min: 1, max: 40 }),
      column: fc.constantFrom(null, 0, 1, 2),
      descending: fc.boolean(),
      isFiltered: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(fc.array(row, { maxLength: 30 }), { maxLength: 6 }), request, (lists, asked) => {
        const live = filled(lists);
        const { from, count, column, descending, isFiltered } = asked;
        const fitting = lists.flat().filter(([, app]) => !isFiltered || app === 'tls');
        const newest = fitting.toReversed();
        if (column !== null) newest.sort((a, b) => compareValues(a[column], b[column], descending));
        const sort = column === null ? undefined : { column: table.columns[column].name, descending };
        const seen = live.window(isFiltered ? 'app == tls' : '', isFiltered ? isTls : null, { from, count, sort });
        expect(seen.rows).toEqual(newest.slice(from, from + count));
        expect(seen.total).toBe(fitting.length);
      }),
      { numRuns: 150 },
    );
  });

  it('asks its filter once a row, however often a window is drawn', () => {
    const live = filled([Array.from({ length: 600 }, (_, i) => [i, 'tls', null])]);
    let asked = 0;
    const counting: Matcher = (column) => {
      asked++;
      return isTls(column);
    };
    for (let i = 0; i < 5; i++) live.window('app == tls', counting, { from: 0, count: 10 });
    expect(asked).toBe(600);
    live.add(batchOfRows(table, [[601, 'dns', null]]));
    expect(live.window('app == tls', counting, { from: 0, count: 10 }).total).toBe(600);
    expect(asked).toBe(601);
  });

  it('lets other work have its turn while a filter is asked of many rows', async () => {
    const rows = Array.from({ length: 1000 }, (_, i) => [i, 'tls', null]);
    const live = filled(Array.from({ length: 6 }, () => rows));
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const slow: Matcher = (column) => {
      if (column('ts') === 0) for (const end = performance.now() + 6; performance.now() < end; );
      return isTls(column);
    };
    await live.prepare('slow', slow);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(1);
    expect(live.window('slow', () => expect.unreachable(), { from: 0, count: 1 }).total).toBe(6000);
  });

  it('keeps so many rows and no more than a batch besides, and counts what it forgot', () => {
    const live = new LiveTable(table, 2000);
    for (let i = 0; i < 100; i++)
      live.add(
        batchOfRows(
          table,
          Array.from({ length: 100 }, (_, j) => [i * 100 + j, '', null]),
        ),
      );
    const seen = live.window('', null, { from: 0, count: 1 });
    expect(seen.rows).toEqual([[9999, '', null]]);
    expect(seen.kept).toBeGreaterThanOrEqual(2000);
    expect(seen.kept).toBeLessThan(2700);
    expect(seen.kept + seen.forgotten).toBe(10_000);
  });

  it('shows of things that change their newest version only', () => {
    const state: Table = { ...table, keep: 'state', key: ['app'] };
    const live = new LiveTable(state, 3);
    live.add(
      batchOfRows(state, [
        [1, 'dns', 1],
        [1, 'tls', 1],
      ]),
    );
    live.add(batchOfRows(state, [[2, 'dns', 2]]));
    expect(live.window('', null, { from: 0, count: 9 })).toMatchObject({
      rows: [
        [2, 'dns', 2],
        [1, 'tls', 1],
      ],
      total: 2,
    });
    const isFirst: Matcher = (column) => column('rtt') === 1;
    expect(live.window('rtt == 1', isFirst, { from: 0, count: 9 }).rows).toEqual([[1, 'tls', 1]]);
  });

  it('refuses columns that are not there, and sorted windows that reach too deep', () => {
    const live = filled([[[1, '', null]]]);
    expect(() => live.window('', null, { from: 0, count: 1, columns: ['nope'] })).toThrow("no column 'nope'");
    const sort = { column: 'ts', descending: true };
    expect(() => live.window('', null, { from: 9_900, count: 200, sort })).toThrow('ends at row 10000');
  });
});
