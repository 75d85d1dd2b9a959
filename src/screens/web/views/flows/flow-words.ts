// Words of flows that many views need: who and what.

import { printable } from '../../../../core/index.ts';
import type { Cell } from '../../../api/index.ts';
import type { Screen } from '../../shell/screen.ts';

export const textOf = (value: Cell | undefined): string => (typeof value === 'string' ? value : '');
export const numberOf = (value: Cell | undefined): number | null => (typeof value === 'number' ? value : null);

export const appTitle = (screen: Pick<Screen, 'protocol'>, app: string): string =>
  app === '' || app === 'unknown' ? 'unknown' : printable(screen.protocol(app)?.title ?? app.toUpperCase());
