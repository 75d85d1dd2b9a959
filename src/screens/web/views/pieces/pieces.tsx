// What views are put together from: a panel with a title, a small table, a mark of severity, a place that is empty.

import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { printable, type Severity } from '../../../../core/index.ts';
import { severities, severityPaint } from '../../../present/index.ts';
import { colourOf } from '../../charts/units.ts';
import type { Screen } from '../../shell/screen.ts';

interface PanelProps {
  /** Left out where the content has a title of its own. */
  readonly title?: string;
  readonly note?: ComponentChildren;
  readonly isWide?: boolean;
  readonly children: ComponentChildren;
}

export function Panel({ title, note, isWide, children }: PanelProps) {
  const id = useId();
  return (
    <section class={isWide ? 'panel panel-wide' : 'panel'} aria-labelledby={title === undefined ? undefined : id}>
      {title !== undefined && (
        <header class="panel-head">
          <h2 id={id}>{title}</h2>
          {note !== undefined && <span class="muted small">{note}</span>}
        </header>
      )}
      {children}
    </section>
  );
}

/** What is not there, why, and what to do. */
export function Empty({ children }: { readonly children: ComponentChildren }) {
  return <p class="empty muted">{children}</p>;
}

export interface SmallColumn {
  readonly title: string;
  readonly isNumber?: boolean;
}

interface SmallTableProps {
  readonly caption: string;
  readonly columns: readonly SmallColumn[];
  readonly rows: readonly (readonly ComponentChildren[])[];
  readonly empty?: string;
}

/** A table of few rows; large ones are windows on the scene. */
export function SmallTable({ caption, columns, rows, empty = 'Nothing yet.' }: SmallTableProps) {
  if (rows.length === 0) return <Empty>{empty}</Empty>;
  return (
    // biome-ignore-start lint/a11y: what scrolls must be reachable by keyboard, and is no landmark
    <div class="small-table" role="group" tabIndex={0} aria-label={caption}>
      <table>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ title, isNumber }) => (
              <th key={title} scope="col" class={isNumber ? 'num' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              {row.map((cell, at) => (
                <td key={columns[at].title} class={columns[at].isNumber ? 'num' : undefined}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
    // biome-ignore-end lint/a11y: as above
  );
}

/** Shape, colour and word. */
export function SeverityMark({
  severity,
  screen,
}: {
  readonly severity: Severity;
  readonly screen: Pick<Screen, 'theme'>;
}) {
  return (
    <span class="severity">
      <span aria-hidden="true" style={{ color: colourOf(severityPaint[severity], screen.theme.value) }}>
        {severities[severity].icon}
      </span>{' '}
      {severity}
    </span>
  );
}

interface TermProps {
  readonly screen: Pick<Screen, 'narrow'>;
  readonly text: string;
  /** One term of the filter language. */
  readonly term: string;
}

/** A value that narrows to itself. */
export function Term({ screen, text, term }: TermProps) {
  return (
    <button
      type="button"
      class="term"
      title={`${term}: click only this, Alt-click not this`}
      onClick={(event) => screen.narrow(term, event.altKey)}
    >
      {printable(text)}
    </button>
  );
}

/** Copies a text, and says so. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <button
      type="button"
      class="copy"
      onClick={async (event) => {
        const button = event.currentTarget as HTMLButtonElement;
        try {
          await navigator.clipboard.writeText(text);
          button.textContent = 'copied';
        } catch {
          button.textContent = 'select and copy it by hand';
        }
        setTimeout(() => {
          button.textContent = label;
        }, 1500);
      }}
    >
      {label}
    </button>
  );
}
