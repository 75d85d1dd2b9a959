// What was said in a flow, with every field that its protocol declares.

import type { JSX } from 'preact';
import type { FlowDetails, Row } from '../../../api/index.ts';
import { type CellColumn, cellText, clockTime, counted } from '../../../present/index.ts';
import type { Screen } from '../../shell/screen.ts';
import { termOf } from '../../table/cell-look.ts';
import { appTitle, numberOf } from './flow-words.ts';

interface TransactionsProps {
  readonly screen: Screen;
  readonly transactions: FlowDetails['transactions'];
}

/** At first; the others on demand. */
const shownAtFirst = 40;

export function Transactions({ screen, transactions }: TransactionsProps): JSX.Element | null {
  if (transactions.length === 0) return null;
  const lines = (all: FlowDetails['transactions']): JSX.Element[] =>
    all.map(({ table, row }, i) => <Transaction key={i} screen={screen} table={table} row={row} />);
  return (
    <section>
      <h3>What was said</h3>
      <p class="muted">{counted(transactions.length, 'message')}</p>
      <ol class="said">{lines(transactions.slice(0, shownAtFirst))}</ol>
      {transactions.length > shownAtFirst && (
        <details>
          <summary>{counted(transactions.length - shownAtFirst, 'more message', 'more messages')}</summary>
          <ol class="said">{lines(transactions.slice(shownAtFirst))}</ol>
        </details>
      )}
    </section>
  );
}

interface Said extends CellColumn {
  readonly title: string;
  readonly filter: string | undefined;
}

/** Fields that say something in this row. */
function saidIn(screen: Screen, table: string, row: Row): (Said & { readonly text: string })[] {
  const fields = screen.protocol(table)?.fields ?? [];
  return fields
    .map(({ column, kind, unit, title, filters }) => ({ name: column, kind, unit, title, filter: filters[0] }))
    .filter(({ name }) => {
      const value = row[name];
      return value !== null && value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);
    })
    .map((field) => ({ ...field, text: cellText(field, row[field.name]) }));
}

interface TransactionProps {
  readonly screen: Screen;
  readonly table: string;
  readonly row: Row;
}

function Transaction({ screen, table, row }: TransactionProps): JSX.Element {
  const said = saidIn(screen, table, row);
  const timeUs = numberOf(row.ts) ?? numberOf(row.start_ts);
  return (
    <li>
      <p class="when">
        <strong>{appTitle(screen, table)}</strong>{' '}
        {timeUs !== null && <time class="muted num">{clockTime(timeUs)}</time>}
      </p>
      <dl class="fields">
        {said.map(({ name, title, text, filter }) => {
          const term = filter === undefined ? undefined : termOf(filter, row[name]);
          return (
            <div key={name}>
              <dt class="muted">{title}</dt>
              <dd>
                {term === undefined ? (
                  text
                ) : (
                  <button
                    type="button"
                    class="value"
                    title={`${term}: click only this, Alt-click not this`}
                    onClick={(event) => screen.narrow(term, event.altKey)}
                  >
                    {text}
                  </button>
                )}
              </dd>
            </div>
          );
        })}
      </dl>
    </li>
  );
}
