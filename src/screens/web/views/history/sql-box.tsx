// SQL of the engine behind the store, read-only; the answer as a table and as a file.

import { useState } from 'preact/hooks';
import { cellText, counted, isNumeric } from '../../../present/index.ts';
import { saveBlob } from '../../charts/picture.ts';
import { csvText, jsonText } from '../../exports/written-rows.ts';
import { Empty, Panel, SmallTable } from '../pieces/pieces.tsx';
import { type Answer, askSql } from './asked-history.ts';
import { useAnswer } from './use-answer.ts';

const example =
  'SELECT app, count(*) AS flows, sum(bytes_fwd + bytes_rev) AS bytes\nFROM flows GROUP BY app ORDER BY bytes DESC';
const rowsShown = 200;

export function SqlBox() {
  const [text, setText] = useState(example);
  const [asked, setAsked] = useState<string | null>(null);
  const { answer, trouble, isAsking } = useAnswer(asked, (signal) => askSql((asked ?? '').trimEnd(), signal));
  // The same text again is asked again.
  const ask = (): void => setAsked(asked === text ? `${text} ` : text);
  return (
    <Panel title="SQL" note="read-only; Ctrl+Enter asks" isWide>
      <textarea
        class="query"
        aria-label="SQL"
        spellcheck={false}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) ask();
        }}
      />
      <p class="actions">
        <button type="button" onClick={ask} disabled={isAsking}>
          {isAsking ? 'asking…' : 'ask'}
        </button>
        {answer !== null && <Files answer={answer} />}
      </p>
      {trouble !== null && <Empty>{trouble}</Empty>}
      {answer !== null && <Rows answer={answer} />}
    </Panel>
  );
}

function Files({ answer }: { readonly answer: Answer }) {
  return (
    <>
      <span class="muted">
        {counted(answer.rows.length, 'row')}
        {answer.isCut ? ', and there are more' : ''} in {Math.round(answer.tookMs)} ms
      </span>
      <button
        type="button"
        onClick={() => saveBlob(new Blob([csvText(answer)], { type: 'text/csv' }), 'taplight-query.csv')}
      >
        CSV
      </button>
      <button
        type="button"
        onClick={() => saveBlob(new Blob([jsonText(answer)], { type: 'application/json' }), 'taplight-query.json')}
      >
        JSON
      </button>
    </>
  );
}

function Rows({ answer: { columns, rows } }: { readonly answer: Answer }) {
  return (
    <>
      <SmallTable
        caption="Answer"
        columns={columns.map((column) => ({ title: column.name, isNumber: isNumeric(column) }))}
        rows={rows.slice(0, rowsShown).map((row) => row.map((cell, i) => cellText(columns[i], cell)))}
        empty="No rows."
      />
      {rows.length > rowsShown && <p class="muted">The first {rowsShown}; the files have all.</p>}
    </>
  );
}
