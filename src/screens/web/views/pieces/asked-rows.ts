// Rows that a view asks the scene for, again when what is looked at changes, and now and then while it goes on.

import { useEffect, useState } from 'preact/hooks';
import { Failure, printable } from '../../../../core/index.ts';
import type { Cell, Row, RowWindow, Scene, WindowRequest } from '../../../api/index.ts';
import type { Screen } from '../../shell/screen.ts';

export interface Asked {
  /** Null before the first answer. */
  readonly window: RowWindow | null;
  /** What went wrong with the latest question; null: nothing. */
  readonly trouble: string | null;
}

/** Rows of one answer. */
const pageRows = 200;

/** Up to `most` rows in windows of 200. Rejects with the first Failure. */
export async function rowsOf(
  scene: Pick<Scene, 'rows'>,
  request: Omit<WindowRequest, 'from' | 'count'>,
  most: number,
): Promise<RowWindow> {
  let whole: RowWindow | null = null;
  const rows: (readonly Cell[])[] = [];
  while (rows.length < most) {
    const count = Math.min(pageRows, most - rows.length);
    whole = await scene.rows({ ...request, from: rows.length, count });
    rows.push(...whole.rows);
    if (whole.rows.length < count) break;
  }
  return { ...(whole ?? { columns: [], total: 0, kept: 0, forgotten: 0 }), rows };
}

/**
 * @param everyMs how often it is asked again while the scene goes on and is not paused
 * @param changes another number: it is asked again at once
 */
export function useRows(
  screen: Pick<Screen, 'scene' | 'filter' | 'isPaused'>,
  request: Omit<WindowRequest, 'from' | 'count' | 'filter' | 'range'>,
  most: number,
  everyMs: number,
  changes = 0,
): Asked {
  const [asked, setAsked] = useState<Asked>({ window: null, trouble: null });
  const scene = screen.scene.value;
  const filter = screen.filter.value;
  const isPaused = screen.isPaused.value;
  const text = JSON.stringify({ ...request, filter });
  useEffect(() => {
    let isOver = false;
    let isAsking = false;
    // What came while a question was on its way may not be in its answer.
    let isAnotherWanted = false;
    const ask = async (): Promise<void> => {
      if (isAsking) isAnotherWanted = true;
      if (isAsking || document.hidden) return;
      isAsking = true;
      isAnotherWanted = false;
      try {
        const window = await rowsOf(scene, JSON.parse(text) as WindowRequest, most);
        if (!isOver) setAsked({ window, trouble: null });
      } catch (error) {
        if (!isOver) setAsked((before) => ({ ...before, trouble: troubleText(error) }));
      }
      isAsking = false;
      if (isAnotherWanted && !isOver) void ask();
    };
    void ask();
    const timer = isPaused || !scene.about.isLive ? null : setInterval(ask, everyMs);
    // What is no longer live may still be read in.
    const off = scene.subscribe((news) => {
      if (news === 'end') void ask();
    });
    return () => {
      isOver = true;
      if (timer !== null) clearInterval(timer);
      off();
    };
  }, [scene, text, most, everyMs, isPaused, changes]);
  return asked;
}

/** One sentence for people. */
export function troubleText(error: unknown): string {
  if (error instanceof Failure) return printable(`${error.message}. ${error.hint}`);
  return error instanceof Error ? printable(error.message) : 'Something went wrong.';
}

/** Rows by column. */
export function namedRows(window: RowWindow | null): Row[] {
  if (window === null) return [];
  return window.rows.map((row) => Object.fromEntries(window.columns.map(({ name }, i) => [name, row[i]])));
}

export const textOf = (cell: Cell | undefined): string => (typeof cell === 'string' ? cell : '');
export const numberOf = (cell: Cell | undefined): number | null => (typeof cell === 'number' ? cell : null);
