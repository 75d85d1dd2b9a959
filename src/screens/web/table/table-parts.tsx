// Rows of a table: the one with titles, and those with values.

import type { JSX } from 'preact';
import type { ShownColumn } from '../../present/index.ts';
import type { CellLook } from './cell-look.ts';

interface HeadProps {
  readonly columns: readonly ShownColumn[];
  readonly sort: string;
  readonly onSort: (column: string) => void;
}

export function HeadRow({ columns, sort, onSort }: HeadProps): JSX.Element {
  return (
    <div class="head" role="rowgroup">
      <div class="row" role="row" aria-rowindex={1}>
        {columns.map(({ column, title, align }, i) => {
          const isSorted = sort.replace(/^-/, '') === column;
          const order = sort.startsWith('-') ? 'descending' : 'ascending';
          return (
            <div
              key={column}
              class={`cell ${align}`}
              role="columnheader"
              aria-colindex={i + 1}
              aria-sort={isSorted ? order : 'none'}
            >
              <button type="button" class="value" onClick={() => onSort(column)}>
                {title}
                <span aria-hidden="true">{isSorted ? (order === 'descending' ? ' ▾' : ' ▴') : ''}</span>
              </button>
            </div>
          );
        })}
      </div>
    </div>
  );
}

interface GridRowProps {
  /** Of the grid, for the names of its cells. */
  readonly id: string;
  readonly at: number;
  readonly topPx: number;
  readonly columns: readonly ShownColumn[];
  /** By column; 0: no bars. */
  readonly most: readonly number[];
  /** Null: on their way. */
  readonly cells: readonly CellLook[] | null;
  /** -1: another row is the active one. */
  readonly activeColumn: number;
  readonly isOpen: boolean;
  readonly onNarrow: (term: string, isNot: boolean) => void;
  readonly onPick: (column: number) => void;
}

export function GridRow(props: GridRowProps): JSX.Element {
  const { id, at, columns, most, cells, activeColumn, onPick } = props;
  return (
    <div
      class={`row${activeColumn >= 0 ? ' active' : ''}`}
      role="row"
      aria-rowindex={at + 2}
      aria-selected={props.isOpen}
      style={{ transform: `translateY(${props.topPx}px)` }}
    >
      {columns.map((column, i) => {
        const cell = cells?.[i] ?? null;
        const share = (cell?.amount ?? 0) / (most[i] || 1);
        return (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the grid hears keys for the cell that is active
          <div
            key={column.column}
            id={i === activeColumn ? `${id}-${at}-${i}` : undefined}
            class={`cell ${column.align}${i === activeColumn ? ' here' : ''}${share > 0 ? ' amount' : ''}`}
            role="gridcell"
            aria-colindex={i + 1}
            style={share > 0 ? { '--share': `${(share * 100).toFixed(1)}%` } : undefined}
            onClick={() => onPick(i)}
          >
            {cell === null ? <span class="muted">…</span> : <CellText cell={cell} onNarrow={props.onNarrow} />}
          </div>
        );
      })}
    </div>
  );
}

interface CellTextProps {
  readonly cell: CellLook;
  readonly onNarrow: (term: string, isNot: boolean) => void;
}

function CellText({ cell, onNarrow }: CellTextProps): JSX.Element {
  const { text, mark, term, title } = cell;
  if (term === undefined) {
    return (
      <span class="text" title={title ?? text}>
        {mark}
        {text}
      </span>
    );
  }
  return (
    <button
      type="button"
      class="value"
      tabIndex={-1}
      title={`${title ?? text}\n${term}: click only this, Alt-click not this`}
      onClick={(event) => {
        event.stopPropagation();
        onNarrow(term, event.altKey);
      }}
    >
      {mark}
      {text}
    </button>
  );
}
