// A capture file read into a store, without showing or writing anything else.

import { randomInt } from 'node:crypto';
import type { RunAbout, Store } from '../../../../output/store/index.ts';
import { Keeper } from '../../../pipeline/index.ts';
import type { Host } from '../../host.ts';
import { configOwner, detectSettings, type ReadSettings } from '../../options/index.ts';
import type { Rooms } from '../../rooms.ts';
import { planOutput, runOptions } from '../capturing/capture-plan.ts';

/** Gives the number of the run. Rejects with a Failure. */
export async function importCapture(
  read: ReadSettings,
  path: string,
  store: Store,
  host: Host,
  rooms: Rooms,
): Promise<number> {
  // As with --store: what the store needs is handed over.
  const settings = { ...read.settings, store: ':memory:', quiet: true };
  const around = { stdoutIsTty: false, stderrIsTty: false, user: host.user };
  const options = runOptions({
    settings,
    input: { kind: 'files', paths: [path] },
    filter: '',
    isLive: false,
    plan: planOutput(settings, false, around),
    user: host.user,
    version: host.version,
    detect: await detectSettings(read, configOwner(host.user, host.environment)),
  });
  const run = randomInt(1, 2 ** 48 - 1);
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
  const { snapshot } = await rooms.startRun(options, keeper.listeners).done;
  await keeper.finish(snapshot, '');
  if (failure !== null) throw failure;
  return run;
}
