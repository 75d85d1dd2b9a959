// The newest flows, below everything else: loaded after what is above.

import type { JSX } from 'preact';
import { flowColumns } from '../../../present/index.ts';
import type { ViewProps } from '../../shell/screen.ts';
import { RowsTable } from '../../table/rows-table.tsx';
import { columnsOf, flowKey, flowLook, flowNeeds } from '../flows/flow-look.ts';

export function NewestFlows({ screen }: ViewProps): JSX.Element {
  return (
    <RowsTable
      screen={screen}
      title="Newest flows"
      noun="flow"
      table="flows"
      columns={columnsOf(flowColumns, screen.scene.value)}
      needs={flowNeeds}
      firstSort="-start_ts"
      isNatural
      look={flowLook(screen)}
      rowKey={flowKey}
      onOpen={(row) => screen.go('flows', { flow: flowKey(row) })}
      height="330px"
      empty="No flows yet. The first one appears with its first packet."
    />
  );
}
