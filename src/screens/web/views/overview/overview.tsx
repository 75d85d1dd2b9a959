// The view Overview.

import type { JSX } from 'preact';
import type { ViewProps } from '../../shell/screen.ts';

export function Overview(_: ViewProps): JSX.Element {
  return <h2>Overview</h2>;
}
