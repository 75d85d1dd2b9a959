// Views of the terminal, in the order of their keys.

import type { View } from '../frame/view.ts';
import { flowsView } from './flows/flows.ts';
import { overviewView } from './overview/overview.ts';

export { help } from './help.ts';

export const views: readonly View[] = [overviewView, flowsView];
