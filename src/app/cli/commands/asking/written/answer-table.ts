// An answer as a table for people.

import type { Result, Table } from '../../../../../output/store/index.ts';
import { cut, type Style, table } from '../../../../../screens/present/index.ts';
import { type AnswerColumn, cell, isNumber } from './cells.ts';

/** Cells that a text may take. */
const widest = 60;

const telling: Readonly<Record<string, readonly string[]>> = {
  flows: [
    'end_ts',
    'src_ip',
    'src_port',
    'dst_ip',
    'dst_port',
    'proto',
    'app',
    'host',
    'bytes_fwd',
    'bytes_rev',
    'duration_us',
    'rtt_us',
    'state',
  ],
  hosts: [
    'ip',
    'names',
    'bytes_tx',
    'bytes_rx',
    'flows_out',
    'flows_in',
    'last_ts',
    'apps',
    'alerts',
    'local',
    'macs',
    'first_ts',
  ],
  alerts: ['last_ts', 'alert_id', 'severity', 'detector', 'explain', 'state', 'count', 'key'],
  runs: ['run', 'kind', 'source', 'state', 'began_ts', 'packets', 'bytes', 'sensor'],
};
/** Own fields of an event that are shown. */
const shownFields = 7;
const places = ['run', 'sensor', 'flow_id', 'src_ip', 'dst_ip', 'src_port', 'dst_port', 'proto', 'ts'];

/** Columns that say most about a row of a table. */
export function tellingColumns({ name, columns }: Table): readonly string[] {
  if (Object.hasOwn(telling, name)) return telling[name];
  const names = columns.map((column) => column.name);
  if (!names.includes('flow_id')) return names;
  const own = names.filter((each) => !places.includes(each));
  return ['ts', 'src_ip', 'dst_ip', ...own.slice(0, shownFields)];
}

/** Lines of a table; those that do not fit are left out from the right. */
export function answerTable(result: Result, declared: readonly AnswerColumn[], isOurs: boolean, style: Style): string {
  const columns = result.columns.map((column) => ({ ...declared.find(({ name }) => name === column.name), ...column }));
  const rows = result.rows.map((row) =>
    row.map((value, i) => cut(cell(value, columns[i], isOurs), widest, style.unicode)),
  );
  const heads = columns.map((column, i) => ({
    title: cut(column.name, widest, style.unicode),
    align: isNumber(column) ? ('right' as const) : ('left' as const),
    ...(i === 0 ? {} : { rank: i }),
  }));
  return `${table(heads, rows, style).join('\n')}\n`;
}
