// Opens a store for writing: an embedded one in a folder, or a server for many sensors.

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Store } from '../../../output/store/index.ts';
import type { StorePlan } from '../keeping/index.ts';
import { keptTables } from './open-history.ts';
import { openStoreThread } from './store-thread.ts';

export interface StoreOpening {
  /** The run can wait for the store, as reading files can; otherwise rows that find no room are dropped and counted. */
  readonly waits: boolean;
  /** What is wrong with a server, once; null: it is over. */
  readonly trouble: (what: string | null) => void;
  /** A person has set the state of an alert, through this process. */
  readonly alertStateSet?: (run: number, alertId: string, state: string) => void;
}

/** Whether a place is a server rather than a folder. */
export function isServer(place: string): boolean {
  return /^clickhouses?:\/\//.test(place);
}

/** Throws STORE_LOCKED, STORE_FAILED, STORE_FULL, BAD_OPTION for a URL that is none. */
export async function openStore(plan: StorePlan, { waits, trouble }: StoreOpening): Promise<Store> {
  const { place, sensor, program } = plan;
  const tables = keptTables();
  if (!isServer(place)) return openStoreThread({ folder: place, tables, program });
  // Most runs have no server, and need not wait for its client.
  const { openClickhouse, parseClickhouseUrl } = await import('../../../output/store/clickhouse/index.ts');
  const { hosts, database, cluster } = parseClickhouseUrl(place);
  // A cluster keeps its name when its hosts change; what else stands in the URL may change, too.
  const server = [database, cluster === '' ? `${hosts[0].name}:${hosts[0].port}` : cluster];
  const spoolFolder = spoolOf(plan, server);
  return openClickhouse({ url: place, tables, sensor, program, spoolFolder, waits, trouble });
}

/** Of this sensor and this server alone. */
function spoolOf({ sensor, spoolFolder }: StorePlan, server: readonly string[]): string {
  const mark = createHash('sha256')
    .update([sensor, ...server].join('\n'))
    .digest('hex')
    .slice(0, 8);
  return join(spoolFolder, `${sensor.replace(/[^\w.-]/g, '_').slice(0, 64)}-${mark}`);
}
