// The view Protocols.

import type { JSX } from 'preact';
import type { ViewProps } from '../../shell/screen.ts';

export function Protocols(_: ViewProps): JSX.Element {
  return <h2>Protocols</h2>;
}
