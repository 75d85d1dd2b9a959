// All conversations, those that go on and those that ended, and one of them beside the table.

import type { JSX } from 'preact';
import { flowColumns } from '../../../present/index.ts';
import type { ViewProps } from '../../shell/screen.ts';
import { RowsTable } from '../../table/rows-table.tsx';
import { FlowDrawer } from './flow-drawer.tsx';
import { columnsOf, flowKey, flowLook, flowNeeds, keyOf } from './flow-look.ts';

export function Flows({ screen }: ViewProps): JSX.Element {
  const params = screen.params.value;
  const opened = keyOf(params.flow);
  const { flow: _, packet: __, ...closed } = params;
  return (
    <div class={opened === null ? 'split' : 'split open'}>
      <RowsTable
        screen={screen}
        title="Flows"
        noun="flow"
        table="flows"
        columns={columnsOf(flowColumns, screen.scene.value)}
        needs={flowNeeds}
        firstSort="-start_ts"
        isNatural
        look={flowLook(screen)}
        rowKey={flowKey}
        opened={params.flow}
        onOpen={(row) => screen.setParams({ ...closed, flow: flowKey(row) })}
        empty="No flows yet. The first one appears with its first packet."
      />
      {opened !== null && (
        <FlowDrawer key={params.flow} screen={screen} {...opened} onClose={() => screen.setParams(closed)} />
      )}
    </div>
  );
}
