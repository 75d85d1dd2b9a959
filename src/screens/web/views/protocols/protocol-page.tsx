// The page of one protocol: its words by how often, its numbers by how large, its newest rows.

import { printable } from '../../../../core/index.ts';
import { type Cell, type ProtocolInfo, protocolTable, type Row } from '../../../api/index.ts';
import { cellText, counted, familyPaint, formatCount } from '../../../present/index.ts';
import { type BarRow, Bars } from '../../charts/bars.tsx';
import { ExportMenu } from '../../exports/export-menu.tsx';
import type { Screen } from '../../shell/screen.ts';
import { namedRows, numberOf, useRows } from '../pieces/asked-rows.ts';
import { Empty, Panel, SmallTable } from '../pieces/pieces.tsx';
import { equals } from '../pieces/terms.ts';
import { isMeasure, numberSums, type ProtocolField, tellingFields, topValues } from './field-sums.ts';

const newestRows = 2000;
const everyMs = 5000;
const valuesShown = 8;
const fieldsShown = 12;
const rowsShown = 50;
const columnsShown = 6;

interface PageProps {
  readonly screen: Screen;
  readonly info: ProtocolInfo;
}

export function ProtocolPage({ screen, info }: PageProps) {
  const table = protocolTable(info.name);
  const { window, trouble } = useRows(screen, { table }, newestRows, everyMs);
  const rows = namedRows(window);
  const told = tellingFields(info, rows);
  return (
    <div class="view view-grid">
      <h1 class="unseen">{printable(info.title)}</h1>
      <p class="view-sentence">
        <a href={screen.href('protocols')}>Protocols</a> › <strong>{printable(info.title)}</strong>
        {window !== null &&
          `: ${counted(window.total, 'message')}${window.total > rows.length ? `, of which the newest ${formatCount(rows.length)} are counted here` : ''}.`}
      </p>
      {trouble !== null && <Empty>{trouble}</Empty>}
      {window !== null && rows.length === 0 && (
        <Empty>Nothing of it was seen{screen.filter.value === '' ? ' yet' : ' with this filter'}.</Empty>
      )}
      {told.slice(0, fieldsShown).map((field) => (
        <Panel key={field.column}>
          {isMeasure(field) ? (
            <Numbers screen={screen} info={info} field={field} rows={rows} />
          ) : (
            <Values screen={screen} info={info} field={field} rows={rows} />
          )}
        </Panel>
      ))}
      {rows.length > 0 && (
        <Panel title="Newest" isWide note={<ExportMenu screen={screen} table={table} />}>
          <Newest screen={screen} fields={told.slice(0, columnsShown)} rows={rows.slice(0, rowsShown)} />
        </Panel>
      )}
    </div>
  );
}

/** A value, or each of a list, with its unit. */
function fieldText({ column, kind, unit }: ProtocolField, cell: Cell): string {
  if (!Array.isArray(cell) || unit === null) return cellText({ name: column, kind, unit }, cell);
  return cell.map((each) => cellText({ name: column, kind: 'real', unit }, each)).join(', ');
}

type FieldProps = PageProps & { readonly field: ProtocolField; readonly rows: readonly Row[] };

function Values({ screen, info, field, rows }: FieldProps) {
  const word = field.filters[0];
  const isNumber = /^(real|u\d+)$/.test(field.kind);
  const bars = topValues(rows, field.column, valuesShown).map(
    ({ value, count }): BarRow => ({
      label: field.unit === null ? printable(value) : fieldText(field, Number(value)),
      value: formatCount(count),
      share: count / rows.length,
      paint: familyPaint[info.family],
      term: word === undefined || field.kind === 'flag' ? undefined : equals(word, isNumber ? Number(value) : value),
    }),
  );
  return <Bars screen={screen} title={field.title} rows={bars} measure="messages" />;
}

function Numbers({ screen, info, field, rows }: FieldProps) {
  const sums = numberSums(rows, field.column);
  if (sums === null) return null;
  const text = (value: number): string => cellText({ name: field.column, kind: 'real', unit: field.unit }, value);
  const bars = sums.bins.map(
    ({ from, to, count }): BarRow => ({
      label: `${text(from)} – ${text(to)}`,
      value: formatCount(count),
      share: count / sums.count,
      paint: familyPaint[info.family],
    }),
  );
  const sentence = `Half below ${text(sums.p50)}, 95 % below ${text(sums.p95)}, at most ${text(sums.max)}.`;
  return (
    <>
      <Bars screen={screen} title={field.title} rows={bars} measure="messages" sentence={sentence} />
      <p class="muted small">{sentence}</p>
    </>
  );
}

interface NewestProps {
  readonly screen: Screen;
  readonly fields: readonly ProtocolField[];
  readonly rows: readonly Row[];
}

function Newest({ screen, fields, rows }: NewestProps) {
  const link = (row: Row) => {
    const [run, id] = [numberOf(row.run), numberOf(row.flow_id)];
    const words = `${cellText({ name: 'src_ip', kind: 'address' }, row.src_ip ?? null)} → ${cellText({ name: 'dst_ip', kind: 'address' }, row.dst_ip ?? null)}`;
    if (run === null || id === null) return words;
    return <a href={screen.href('flows', { flow: `${run}.${id}` })}>{words}</a>;
  };
  return (
    <SmallTable
      caption="Newest"
      columns={[
        { title: 'Time' },
        { title: 'Flow' },
        ...fields.map((field) => ({ title: field.title, isNumber: isMeasure(field) })),
      ]}
      rows={rows.map((row) => [
        cellText({ name: 'ts', kind: 'time' }, row.ts ?? null),
        link(row),
        ...fields.map((field) => fieldText(field, row[field.column] ?? null)),
      ])}
    />
  );
}
