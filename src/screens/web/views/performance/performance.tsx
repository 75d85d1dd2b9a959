// The view Performance.

import type { JSX } from 'preact';
import type { ViewProps } from '../../shell/screen.ts';

export function Performance(_: ViewProps): JSX.Element {
  return <h2>Performance</h2>;
}
