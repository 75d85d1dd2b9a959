// All hosts, and a page for each.

import type { JSX } from 'preact';
import { printable } from '../../../../core/index.ts';
import type { Row } from '../../../api/index.ts';
import { dayTime, hostColumns, type ShownColumn } from '../../../present/index.ts';
import type { ViewProps } from '../../shell/screen.ts';
import { type CellLook, plainLook, termOf } from '../../table/cell-look.ts';
import { RowsTable } from '../../table/rows-table.tsx';
import { columnsOf } from '../flows/flow-look.ts';
import { appTitle, textOf } from '../flows/flow-words.ts';
import { HostPage } from './host-page.tsx';

const hostKey = (row: Row): string => textOf(row.ip);

function hostLook({ screen }: ViewProps): (column: ShownColumn, row: Row) => CellLook {
  return ({ column }, row) => {
    const value = row[column];
    if (column === 'ip') return { ...plainLook(column, 'address', value), term: termOf('ip', value) };
    if (column === 'last_ts') {
      return { ...plainLook(column, 'time', value), title: typeof value === 'number' ? dayTime(value) : undefined };
    }
    if (column === 'apps' && Array.isArray(value)) {
      const text = value.map((app) => appTitle(screen, String(app))).join(', ');
      return { text: text === '' ? '–' : text };
    }
    if (column === 'country') return { ...plainLook(column, 'word', value), term: termOf('country', value) };
    return plainLook(column, column.startsWith('rate_') ? 'real' : typeof value === 'number' ? 'u64' : 'text', value);
  };
}

export function Hosts({ screen }: ViewProps): JSX.Element {
  const params = screen.params.value;
  const { host } = params;
  if (host !== undefined && host !== '') return <HostPage key={host} screen={screen} ip={host} />;
  return (
    <RowsTable
      screen={screen}
      title="Hosts"
      noun="host"
      table="hosts"
      columns={columnsOf(hostColumns, screen.scene.value)}
      needs={[]}
      firstSort="-bytes_in"
      look={hostLook({ screen })}
      rowKey={hostKey}
      onOpen={(row) => screen.setParams({ ...params, host: printable(hostKey(row)) })}
      empty="No hosts yet."
    />
  );
}
