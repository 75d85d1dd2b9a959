// The view History.

import type { JSX } from 'preact';
import type { ViewProps } from '../../shell/screen.ts';

export function History(_: ViewProps): JSX.Element {
  return <h2>History</h2>;
}
