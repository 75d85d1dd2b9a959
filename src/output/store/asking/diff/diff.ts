// Two scopes compared: what is new, what is gone, what changed.

import type { AskOptions, DiffReport, DiffRequest } from '../../history.ts';
import { type Asking, bounded } from '../statement/asking.ts';
import { settled } from '../statement/scope.ts';
import { newAndGone } from './new-and-gone.ts';
import { latencyShifts, volumeShifts } from './shifts.ts';

/** Sections in the order of history.ts; those without news are there, without items. */
export async function diff(asking: Asking, request: DiffRequest, options: AskOptions = {}): Promise<DiffReport> {
  const limit = bounded('the limit', request.limit, 50, 1, 10_000);
  const before = await settled(asking, request.before, options);
  const after = await settled(asking, request.after, options);
  const things = await newAndGone(asking, before, after, limit, options);
  const volume = await volumeShifts(asking, before, after, limit, options);
  const latency = await latencyShifts(asking, before, after, limit, options);
  const alerts = things.filter(({ what }) => what === 'alerts');
  return { sections: [...things.filter(({ what }) => what !== 'alerts'), volume, latency, ...alerts] };
}
