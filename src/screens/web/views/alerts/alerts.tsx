// The view Alerts.

import type { JSX } from 'preact';
import type { ViewProps } from '../../shell/screen.ts';

export function Alerts(_: ViewProps): JSX.Element {
  return <h2>Alerts</h2>;
}
