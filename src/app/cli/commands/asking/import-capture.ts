// A capture file read into a store, without showing or writing anything else.

import type { RunAbout, Store } from '../../../../output/store/index.ts';
import { Keeper, newRun } from '../../../pipeline/index.ts';
import type { Host } from '../../host.ts';
import { configOwner, detectSettings, type ReadSettings } from '../../options/index.ts';
import type { Rooms } from '../../rooms.ts';
import { analyseFiles } from '../alerting/known-alerts.ts';

/** Gives the number of the run. Rejects with a Failure. */
export async function importCapture(
  read: ReadSettings,
  path: string,
  store: Store,
  host: Host,
  rooms: Rooms,
): Promise<number> {
  const run = newRun();
  const about: RunAbout = {
    run,
    sensor: '',
    kind: 'file',
    source: path,
    hash: '',
    endsHash: '',
    beganUs: Date.now() * 1000,
    program: host.version,
  };
  let failure: unknown = null;
  const keeper = new Keeper({
    store: Promise.resolve(store),
    about: () => about,
    isLive: false,
    interfaceName: () => '',
    retention: { rawDays: 0, rollupDays: 0, maxBytes: 0 },
    system: `${process.platform} ${process.arch}`,
    nowMs: () => host.nowMs(),
    wallMs: () => Date.now(),
    warn: (error) => {
      failure ??= error;
    },
  });
  const detect = await detectSettings(read, configOwner(host.user, host.environment));
  // As with --store: what the store needs is handed over.
  const asked = { ...read, settings: { ...read.settings, store: ':memory:' } };
  const snapshot = await analyseFiles(asked, [path], detect, host, rooms, keeper.listeners);
  await keeper.finish(snapshot, '');
  if (failure !== null) throw failure;
  return run;
}
