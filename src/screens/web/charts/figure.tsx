// What every chart stands in: a title, a sentence that says what is to be seen, and the same numbers as a table.

import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';

/** Text only, ready to be shown. */
export interface ChartTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Said below when rows were left out. */
  readonly more?: string;
}

export interface ChartFigureProps {
  readonly title: string;
  readonly sentence: string;
  /** Made when it is asked for. */
  readonly table: () => ChartTable;
  /** Saves the chart as a picture, where it can. */
  readonly onPicture?: (() => void) | undefined;
  readonly children: ComponentChildren;
}

export function ChartFigure({ title, sentence, table, onPicture, children }: ChartFigureProps) {
  const [isTable, setTable] = useState(false);
  const id = useId();
  return (
    <figure class="chart" aria-labelledby={`${id}t`} aria-describedby={`${id}s`}>
      <figcaption class="chart-head">
        <h2 id={`${id}t`}>{title}</h2>
        <span class="chart-actions">
          {onPicture !== undefined && !isTable && (
            <button
              type="button"
              class="chart-action"
              onClick={onPicture}
              aria-label={`PNG: save ${title} as a picture`}
            >
              PNG
            </button>
          )}
          <button
            type="button"
            class="chart-action"
            aria-pressed={isTable}
            aria-label={`table: show the numbers of ${title}`}
            onClick={() => setTable(!isTable)}
          >
            table
          </button>
        </span>
        <p id={`${id}s`} class="unseen">
          {sentence}
        </p>
      </figcaption>
      {isTable ? <DataTable {...table()} caption={title} /> : children}
    </figure>
  );
}

/** The first column names the row; all others are numbers or words. */
export function DataTable({ columns, rows, more, caption }: ChartTable & { readonly caption: string }) {
  return (
    // biome-ignore-start lint/a11y: what scrolls must be reachable by keyboard, and is no landmark
    <div class="chart-table" role="group" tabIndex={0} aria-label={caption}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              {row.map((cell, at) =>
                at === 0 ? (
                  <th key={columns[at]} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={columns[at]}>{cell}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {more !== undefined && <p class="muted">{more}</p>}
    </div>
    // biome-ignore-end lint/a11y: as above
  );
}
