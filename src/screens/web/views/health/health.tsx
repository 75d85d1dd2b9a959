// The view Health.

import type { JSX } from 'preact';
import type { ViewProps } from '../../shell/screen.ts';

export function Health(_: ViewProps): JSX.Element {
  return <h2>Health</h2>;
}
