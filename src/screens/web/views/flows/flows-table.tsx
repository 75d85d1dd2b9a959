// Flows as rows, newest first: the table of its own view, the newest of the overview, those of a host.

import type { JSX } from 'preact';
import type { Row } from '../../../api/index.ts';
import { flowColumns } from '../../../present/index.ts';
import { RowsTable, type RowsTableProps } from '../../table/rows-table.tsx';
import { columnsOf, flowKey, flowLook, flowNeeds } from './flow-look.ts';

type Own = 'screen' | 'title' | 'alsoFilter' | 'opened' | 'height' | 'empty';

interface FlowsTableProps extends Pick<RowsTableProps, Own> {
  /** Left out: a row opens its flow in the view of flows. */
  readonly onOpen?: (row: Row) => void;
}

export function FlowsTable(props: FlowsTableProps): JSX.Element {
  const { screen } = props;
  return (
    <RowsTable
      noun="flow"
      table="flows"
      columns={columnsOf(flowColumns, screen.scene.value)}
      needs={flowNeeds}
      firstSort="-start_ts"
      isNatural
      look={flowLook(screen)}
      rowKey={flowKey}
      onOpen={(row) => screen.go('flows', { flow: flowKey(row) })}
      {...props}
    />
  );
}
