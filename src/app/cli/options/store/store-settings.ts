// From options of the store to a plan.

import { hostname } from 'node:os';
import { join } from 'node:path';
import { spoolFolder, storeFolder } from '../../../machine/index.ts';
import type { KeepPackets, StorePlan } from '../../../pipeline/index.ts';
import type { Host } from '../../host.ts';
import type { Settings } from '../table.ts';

/** What `--store` means: a folder or a URL; without it, the folder that is asked by default. */
export function storePlace(store: string | null, { user, environment }: Pick<Host, 'user' | 'environment'>): string {
  if (store !== null && store !== 'default') return store;
  return storeFolder(user.sudo?.home ?? user.home, environment.XDG_DATA_HOME);
}

/** Folder of kept packets. A server keeps none: with one they are on the machine that saw them. */
export function packetFolder(store: string | null, host: Pick<Host, 'user' | 'environment'>): string {
  const place = storePlace(store, host);
  return join(place.includes('://') ? storePlace(null, host) : place, 'packets');
}

/** What of packets is kept, but for the number of the run; null: nothing. */
export function packetPlan(settings: Settings, host: Host): Omit<KeepPackets, 'run'> | null {
  if (settings.keepPackets === 0) return null;
  return {
    folder: packetFolder(settings.store, host),
    bytes: settings.keepPackets,
    perFlowBytes: settings.keepPerFlow,
  };
}

/** Where history is kept; null: nowhere. */
export function storePlan(settings: Settings, host: Host): StorePlan | null {
  if (settings.store === null) return null;
  return {
    place: storePlace(settings.store, host),
    sensor: settings.sensor ?? hostname(),
    retention: {
      rawDays: settings.keepDays,
      rollupDays: settings.keepRollupDays,
      maxBytes: settings.keepSize,
    },
    spoolFolder: spoolFolder(host.user.sudo?.home ?? host.user.home, host.environment.XDG_STATE_HOME),
    program: host.version,
  };
}
