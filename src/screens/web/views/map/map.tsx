// The view Map.

import type { JSX } from 'preact';
import type { ViewProps } from '../../shell/screen.ts';

export function MapView(_: ViewProps): JSX.Element {
  return <h2>Map</h2>;
}
