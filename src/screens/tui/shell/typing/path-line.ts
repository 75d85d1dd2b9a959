// The path of a file as it is written, completed from what lies in the folder.

import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { type LineEdit, lineWith } from './line-edit.ts';

const mostPaths = 200;

/** `~` stands for the home of whoever sits there. */
export const spelledOut = (path: string): string => (/^~(\/|$)/.test(path) ? homedir() + path.slice(1) : path);

/** Files and folders (with a slash at the end) whose path begins so, in order; nothing where there is no such folder. */
export function pathsLike(beginning: string): readonly string[] {
  const at = beginning.lastIndexOf('/') + 1;
  const folder = beginning.slice(0, at);
  const start = beginning.slice(at);
  try {
    const shown = folder === '' ? '.' : dirname(`${spelledOut(folder)}x`);
    return readdirSync(shown, { withFileTypes: true })
      .filter(({ name }) => name.startsWith(start) && (start !== '' || !name.startsWith('.')))
      .map((entry) => `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`)
      .sort()
      .slice(0, mostPaths);
  } catch {
    // No folder, or none that may be read: nothing to complete from.
    return [];
  }
}

/** The line with as much added as all fitting paths have in common. */
export function completedPath(line: LineEdit, like: (beginning: string) => readonly string[]): LineEdit {
  const [first, ...more] = like(line.text);
  if (first === undefined) return line;
  let common = first;
  for (const path of more) while (!path.startsWith(common)) common = common.slice(0, -1);
  return common.length > line.text.length ? lineWith(common) : line;
}
