// All conversations, those that go on and those that ended, and one of them beside the table.

import type { JSX } from 'preact';
import type { ViewProps } from '../../shell/screen.ts';
import { FlowDrawer } from './flow-drawer.tsx';
import { flowKey, keyOf } from './flow-look.ts';
import { FlowsTable } from './flows-table.tsx';

export function Flows({ screen }: ViewProps): JSX.Element {
  const params = screen.params.value;
  const opened = keyOf(params.flow);
  const { flow: _, packet: __, ...closed } = params;
  return (
    <div class={opened === null ? 'split' : 'split open'}>
      <FlowsTable
        screen={screen}
        title="Flows"
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
