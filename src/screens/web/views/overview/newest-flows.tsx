// The newest flows, below everything else: loaded after what is above.

import type { JSX } from 'preact';
import type { ViewProps } from '../../shell/screen.ts';
import { FlowsTable } from '../flows/flows-table.tsx';

export function NewestFlows({ screen }: ViewProps): JSX.Element {
  return (
    <FlowsTable
      screen={screen}
      title="Newest flows"
      height="330px"
      empty="No flows yet. The first one appears with its first packet."
    />
  );
}
