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
        <h3 id={`${id}t`}>{title}</h3>
        <span class="chart-actions">
          {onPicture !== undefined && !isTable && (
            <button type="button" class="chart-action" onClick={onPicture} aria-label={`Save as a picture: ${title}`}>
              PNG
            </button>
          )}
          <button
            type="button"
            class="chart-action"
            aria-pressed={isTable}
            aria-label={`Show as a table: ${title}`}
            onClick={() => setTable(!isTable)}
          >
            {isTable ? 'chart' : 'table'}
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
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="chart-table" tabIndex={0} aria-label={caption}>
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
    </section>
  );
}
