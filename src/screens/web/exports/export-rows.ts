// Rows at the present filter and range as a file: asked for in windows, up to 10,000 of them.

import type { Scene, WindowRequest } from '../../api/index.ts';
import { formatCount } from '../../present/index.ts';
import { fileWords, saveBlob } from '../charts/picture.ts';
import { rowsOf } from '../views/pieces/asked-rows.ts';
import { csvText, jsonText } from './written-rows.ts';

export const mostExported = 10_000;

/** Saves the file, and gives one sentence about it. Rejects with a Failure. */
export async function exportRows(
  scene: Pick<Scene, 'rows'>,
  request: Omit<WindowRequest, 'from' | 'count'>,
  format: 'csv' | 'json',
): Promise<string> {
  const window = await rowsOf(scene, request, mostExported);
  const text = format === 'csv' ? csvText(window) : jsonText(window);
  saveBlob(
    new Blob([text], { type: format === 'csv' ? 'text/csv' : 'application/json' }),
    `${fileWords(request.table)}.${format}`,
  );
  const left = window.total - window.rows.length;
  return left > 0
    ? `${formatCount(window.rows.length)} rows; ${formatCount(left)} others are left out: narrow the filter or the range, or ask the store`
    : `${formatCount(window.rows.length)} rows`;
}
