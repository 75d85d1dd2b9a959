// Keys of a table: the same as in the terminal.

export interface Active {
  readonly row: number;
  readonly column: number;
}

export interface TableKeys {
  readonly active: Active;
  readonly rows: number;
  readonly columns: number;
  /** Rows that PageUp and PageDown go. */
  readonly page: number;
  move(to: Active): void;
  open(): void;
  narrow(isNot: boolean): void;
  sort(): void;
  reverse(): void;
}

const clamped = (value: number, length: number): number => Math.max(0, Math.min(length - 1, value));

/** How far each key goes: rows, columns. */
function stepOf(key: string, page: number): readonly [rows: number, columns: number] | null {
  if (key === 'ArrowDown' || key === 'j') return [1, 0];
  if (key === 'ArrowUp' || key === 'k') return [-1, 0];
  if (key === 'PageDown') return [page, 0];
  if (key === 'PageUp') return [-page, 0];
  if (key === 'Home' || key === 'g') return [Number.NEGATIVE_INFINITY, 0];
  if (key === 'End' || key === 'G') return [Number.POSITIVE_INFINITY, 0];
  if (key === 'ArrowRight' || key === 'l') return [0, 1];
  if (key === 'ArrowLeft' || key === 'h') return [0, -1];
  return null;
}

/** True: the key was for the table. */
export function tableKey(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>,
  { active, rows, columns, page, move, open, narrow, sort, reverse }: TableKeys,
): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || rows === 0) return false;
  const step = stepOf(event.key, page);
  if (step !== null) {
    move({ row: clamped(active.row + step[0], rows), column: clamped(active.column + step[1], columns) });
    return true;
  }
  if (event.key === 'Enter') open();
  else if (event.key === 'f' || event.key === 'F') narrow(event.key === 'F');
  else if (event.key === 's') sort();
  else if (event.key === 'S') reverse();
  else return false;
  return true;
}
