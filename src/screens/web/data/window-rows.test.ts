// Proves that a long table asks for what is in sight and no more: two pages at a time, one question at a time, kept rows
// again only when told so, and that a question that failed is asked again.
import { describe, expect, test } from 'vitest';
import type { RowWindow } from '../../api/index.ts';
import { WindowRows } from './window-rows.ts';

const settled = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};

function table(total: number) {
  const asked: string[] = [];
  let version = 0;
  let fails = false;
  const rows = new WindowRows(
    async (from, count): Promise<RowWindow> => {
      asked.push(`${from}+${count}`);
      if (fails) throw new Error('no');
      const length = Math.max(0, Math.min(count, total - from));
      return {
        columns: [{ name: 'id', kind: 'text' }],
        rows: Array.from({ length }, (_, i) => [`${version}:${from + i}`]),
        total,
        kept: total,
        forgotten: 0,
      };
    },
    () => {},
  );
  return {
    rows,
    asked,
    change: () => {
      version++;
    },
    fail: (does: boolean) => {
      fails = does;
    },
  };
}

describe('rows in sight', () => {
  test('are asked for by pages, and only once', async () => {
    const { rows, asked } = table(100_000);
    rows.look(0, 40);
    await settled();
    expect(rows.row(39)).toEqual({ id: '0:39' });
    rows.look(10, 60);
    rows.look(80, 120);
    await settled();
    expect(asked).toEqual(['0+100', '100+100']);
    expect(rows.row(119)).toEqual({ id: '0:119' });
    rows.look(99_950, 99_999);
    await settled();
    expect(rows.row(99_999)).toEqual({ id: '0:99999' });
    expect(asked.length).toBe(3);
  });

  test('no more than two pages at a time, and what was jumped over is not asked for', async () => {
    const { rows, asked } = table(100_000);
    rows.look(0, 40);
    rows.look(5000, 5900);
    rows.look(90_050, 90_950);
    await settled();
    expect(asked).toEqual(['0+100', '90000+200']);
  });

  test('nothing is asked for beyond the end', async () => {
    const { rows, asked } = table(30);
    rows.look(0, 40);
    await settled();
    rows.look(100, 140);
    await settled();
    expect(asked).toEqual(['0+100']);
    expect(rows.row(30)).toBeUndefined();
  });

  test('stay until newer ones are there', async () => {
    const { rows, change } = table(500);
    rows.look(0, 40);
    await settled();
    change();
    rows.refresh();
    expect(rows.row(0)).toEqual({ id: '0:0' });
    await settled();
    expect(rows.row(0)).toEqual({ id: '1:0' });
  });

  test('a failure is told and forgotten with the next answer', async () => {
    const { rows, fail } = table(500);
    fail(true);
    rows.look(0, 40);
    await settled();
    expect(rows.error).toBeInstanceOf(Error);
    fail(false);
    rows.refresh();
    await settled();
    expect(rows.error).toBeNull();
    expect(rows.row(0)).toEqual({ id: '0:0' });
  });

  test('nothing is asked for after it was closed', async () => {
    const { rows, asked } = table(500);
    rows.close();
    rows.look(0, 40);
    await settled();
    expect(asked).toEqual([]);
  });
});
