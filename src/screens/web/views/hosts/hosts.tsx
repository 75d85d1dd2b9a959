// The view Hosts.

import type { JSX } from 'preact';
import type { ViewProps } from '../../shell/screen.ts';

export function Hosts(_: ViewProps): JSX.Element {
  return <h2>Hosts</h2>;
}
