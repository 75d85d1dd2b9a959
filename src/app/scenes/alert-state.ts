// What a person says of an alert, on its way into the store and to whoever makes later versions of it.

import { Failure } from '../../core/index.ts';
import { alerts, type Batch, batchOfRows, type Value } from '../../output/store/index.ts';
import type { AlertStates } from './scene-parts.ts';

const states = ['open', 'acknowledged', 'closed'];

/** Writes the row of an alert with another state; gives that row. Throws UNSUPPORTED, BAD_QUERY. */
export async function writeAlertState(
  to: AlertStates | null,
  alert: Readonly<Record<string, Value>> | null,
  state: string,
): Promise<Batch> {
  if (to === null)
    throw new Failure('UNSUPPORTED', 'alerts cannot be changed here', 'Ask the program that owns the store.');
  if (!states.includes(state))
    throw new Failure('BAD_QUERY', `'${state}' is no state of an alert`, `States are ${states.join(', ')}.`);
  if (alert === null) throw new Failure('BAD_QUERY', 'there is no such alert', 'The table of alerts lists them.');
  const version = Math.max(Number(alert.version) + 1, Date.now() * 1000);
  const changed: Record<string, Value> = { ...alert, state, version };
  const batch = batchOfRows(alerts, [alerts.columns.map(({ name }) => changed[name] ?? null)]);
  await to.write([batch]);
  to.set?.(Number(alert.run), String(alert.alert_id), state);
  return batch;
}
