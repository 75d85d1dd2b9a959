// Which columns a table shows, and how high its rows are.

import type { JSX } from 'preact';
import type { ShownColumn } from '../../present/index.ts';
import { Menu } from '../shell/menu.tsx';
import type { Screen } from '../shell/screen.ts';

interface ColumnChooserProps {
  readonly all: readonly ShownColumn[];
  readonly shown: readonly ShownColumn[];
  readonly screen: Pick<Screen, 'params' | 'setParams'>;
}

export function ColumnChooser({ all, shown, screen }: ColumnChooserProps): JSX.Element {
  const params = screen.params.value;
  const isShown = (column: ShownColumn): boolean => shown.includes(column);
  const turn = (column: ShownColumn): void => {
    const next = all.filter((each) => (each === column ? !isShown(each) : isShown(each)));
    if (next.length > 0) screen.setParams({ ...params, columns: next.map((each) => each.column).join(',') });
  };
  const { columns: _, ...withoutColumns } = params;
  return (
    <Menu label="Columns" button="Columns ▾">
      {all.map((column) => (
        <label key={column.column} class="check">
          <input type="checkbox" checked={isShown(column)} onChange={() => turn(column)} /> {column.title}
        </label>
      ))}
      <label class="check">
        <input
          type="checkbox"
          checked={params.dense === '1'}
          onChange={(event) => screen.setParams({ ...params, dense: event.currentTarget.checked ? '1' : '' })}
        />{' '}
        dense rows
      </label>
      <button type="button" onClick={() => screen.setParams(withoutColumns)} disabled={params.columns === undefined}>
        As many as fit
      </button>
    </Menu>
  );
}
