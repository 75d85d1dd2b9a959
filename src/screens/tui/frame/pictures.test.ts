// Proves that charts, sparks and tables show what they are given: heights by value, colours by the largest part, columns by
// rank.

import { describe, expect, it } from 'vitest';
import { flowColumns } from '../../present/index.ts';
import { areaChart, niceTop } from './chart.ts';
import type { Spans } from './lines.ts';
import { resample, spark } from './spark.ts';
import { cutMiddle, cutStart, firstShown, fitColumns } from './table.ts';
import type { Look } from './view.ts';

const dark: Look = { width: 80, colour: true, unicode: true, depth: 256, background: 'dark' };
const plain: Look = { ...dark, unicode: false, depth: 0 };
const textOf = (spans: Spans): string => spans.map(({ text }) => text).join('');
const label = (value: number): string => String(value);

describe('areaChart', () => {
  it('draws the height of each value, and its axes', () => {
    const rows = areaChart(
      [{ ink: 'quic', values: [0, 0, 50, 50, 100, 100] }],
      {
        cells: 9,
        rows: 3,
        label,
        times: [[1, 'now']],
      },
      plain,
    );
    expect(rows.map(textOf)).toEqual(['  100   #', '    0  ##', '      now']);
  });

  it('gives a cell the ink of the part that takes most of it', () => {
    const layers = [
      { ink: 'quic' as const, values: [9, 9, 1, 1] },
      { ink: 'names' as const, values: [1, 1, 9, 9] },
    ];
    const [row] = areaChart(layers, { cells: 8, rows: 2, label, times: [] }, dark);
    expect(row.slice(-2).map(({ ink }) => ink)).toEqual(['quic', 'names']);
  });

  it('never draws something as nothing, and nothing as something', () => {
    const rows = areaChart(
      [{ ink: 'quic', values: [0, 0, 1, 1, 1e9, 1e9] }],
      { cells: 9, rows: 3, label, times: [] },
      dark,
    );
    expect(textOf(rows[1]).slice(-3)).toBe(' ⣀⣿');
  });

  it('has a round number on top', () => {
    expect([0, 7, 61, 1.2e6, 990].map(niceTop)).toEqual([1, 8, 80, 2e6, 1000]);
  });
});

describe('sparks', () => {
  it('keep the means of what they gather, and leave the left empty where there is little', () => {
    expect(resample([1, 3, 5, 7], 2)).toEqual([2, 6]);
    expect(resample([5], 3)).toEqual([0, 0, 5]);
    expect(spark([0, 1, 4, 4], 2, dark, 'in').text).toBe('⢀⣿');
  });
});

describe('columns', () => {
  it('leave out the least needed first, keep the sorted one, and never leave their room', () => {
    for (let cells = 20; cells <= 250; cells++) {
      const shown = fitColumns(flowColumns, cells, 'verdict');
      const width = shown.reduce((sum, column) => sum + column.cells + 2, 1);
      if (cells >= 60) expect(width).toBeLessThanOrEqual(cells);
      if (cells >= 60)
        expect(shown.map(({ column }) => column)).toEqual(
          expect.arrayContaining(['src_ip', 'dst_ip', 'app', 'verdict']),
        );
    }
    expect(fitColumns(flowColumns, 80, null).map(({ column }) => column)).not.toContain('verdict');
    expect(fitColumns(flowColumns, 250, null)).toHaveLength(flowColumns.length);
  });

  it('cut names where they say least', () => {
    expect(cutMiddle('2001:db8:85a3::8a2e:370:7334', 12, dark)).toBe('2001:d…:7334');
    expect(cutStart('very.long.example.com', 12, dark)).toBe('…example.com');
  });

  it('scroll no further than they must', () => {
    expect([firstShown(0, 9, 10), firstShown(0, 10, 10), firstShown(5, 3, 10)]).toEqual([0, 1, 3]);
  });
});
