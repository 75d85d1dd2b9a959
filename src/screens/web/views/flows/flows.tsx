// The view Flows.

import type { JSX } from 'preact';
import type { ViewProps } from '../../shell/screen.ts';

export function Flows(_: ViewProps): JSX.Element {
  return <h2>Flows</h2>;
}
