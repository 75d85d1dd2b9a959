// History of a run: which store it goes to, whether its files are there already, and its end.

import { Failure, printable, type Snapshot, type SourceInterface } from '../../../../core/index.ts';
import type { RunAbout, Store } from '../../../../output/store/index.ts';
import {
  type FileMark,
  forgetfulStore,
  Keeper,
  type Listeners,
  newRun,
  type StorePlan,
} from '../../../pipeline/index.ts';
import type { Host } from '../../host.ts';
import type { Rooms } from '../../rooms.ts';
import type { RunTask } from './run-task.ts';

export interface RunKeeping {
  /** Its number in the store; null where nothing of it is to be kept. */
  readonly run: number | null;
  /** Hears the run; null where nothing of it is to be kept. */
  readonly listeners: Listeners | null;
  /** The capture is open and privileges are given up: from now on files may be made. */
  opened(interfaces: readonly SourceInterface[]): void;
  /** A person has set the state of an alert. */
  setAlertState(run: number, alertId: string, state: string): void;
  /** Everything is in its place, and the store is closed. */
  finish(snapshot: Snapshot): Promise<void>;
  /** The store is closed, after a failure. */
  abandon(): Promise<void>;
}

/** Longest wait for a server before files are looked for in it. */
const flushMs = 10_000;

const nothing: RunKeeping = {
  run: null,
  listeners: null,
  opened: () => {},
  setAlertState: () => {},
  finish: async () => {},
  abandon: async () => {},
};

/** Tells what is wrong with a server that keeps history. */
export function storeTrouble(host: Host): (what: string | null) => void {
  return (what) => host.stderr.write(`taplight: ${what === null ? 'the store takes rows again' : printable(what)}\n`);
}

/** Where a run's rows go. */
interface Place {
  readonly store: Store;
  readonly mark: FileMark | null;
  /** The store has these files already: nothing is kept twice. */
  readonly isKnown: boolean;
}

/**
 * What a run keeps. Stores are opened while the run begins; what fails at once, such as a store that is taken, fails
 * here. Where packets are kept, too, it has to be known before whether files are new.
 */
export async function keepRun(
  task: RunTask,
  plan: StorePlan,
  host: Host,
  rooms: Rooms,
  fail: (error: unknown) => void,
): Promise<RunKeeping> {
  const { input } = task.options;
  let kept = nothing;
  const open = (): Promise<Store> =>
    rooms.openStore(plan, {
      waits: !task.isLive,
      trouble: storeTrouble(host),
      alertStateSet: (run, id, state) => kept.setAlertState(run, id, state),
    });
  if (input.kind !== 'files' || input.paths.includes('-')) {
    const find = async (): Promise<Place> => ({ store: await open(), mark: null, isKnown: false });
    kept = keepAt(task, plan, host, fail, { find, early: null });
    return kept;
  }
  const found = placeOfFiles(task, input.paths, host, rooms, open);
  kept = keepAt(task, plan, host, fail, { find: () => found, early: found });
  await Promise.race([found, new Promise(setImmediate)]);
  return task.packets !== null && (await found).isKnown ? nothing : kept;
}

/** Looks whether a store has these files, and forgets what was left of imports that were cut short. */
async function placeOfFiles(
  task: RunTask,
  paths: readonly string[],
  host: Host,
  rooms: Rooms,
  open: () => Promise<Store>,
): Promise<Place> {
  const store = await open();
  try {
    // What an earlier import left in the spool counts as well.
    await store.flush?.(flushMs);
    const mark = await rooms.markFiles(paths, store);
    if (mark.broken.length > 0) await store.forget(mark.broken);
    if (mark.known === null) return { store, mark, isKnown: false };
    const since = new Date(mark.known.beganUs / 1000).toISOString().slice(0, 19).replace('T', ' ');
    host.stderr.write(
      `taplight: ${task.source} is in the store since ${since} UTC (run ${mark.known.run}); not kept twice\n`,
    );
    const { show } = store;
    await store.close();
    const shown = show === undefined ? forgetfulStore : { ...forgetfulStore, write: show };
    return { store: shown, mark, isKnown: true };
  } catch (error) {
    await store.close();
    throw error;
  }
}

function aboutOf(task: RunTask, plan: StorePlan): RunAbout {
  return {
    run: newRun(),
    sensor: plan.sensor,
    kind: task.about.kind === 'file' ? 'file' : 'live',
    source: task.about.names.join(', '),
    hash: '',
    endsHash: '',
    beganUs: Date.now() * 1000,
    program: task.options.version,
  };
}

interface Finding {
  /** Opens the store; called once the capture is open, when files may be made. */
  find(): Promise<Place>;
  /** Begun already. */
  readonly early: Promise<Place> | null;
}

function keepAt(
  task: RunTask,
  plan: StorePlan,
  host: Host,
  fail: (error: unknown) => void,
  { find, early }: Finding,
): RunKeeping {
  let names: readonly SourceInterface[] = [];
  let begin: (place: Promise<Place>) => void = () => {};
  const place = new Promise<Place>((resolve) => {
    begin = resolve;
  });
  let about = aboutOf(task, plan);
  const store = place.then((found) => {
    about = { ...about, endsHash: found.mark?.endsHash ?? '' };
    return found.store;
  });
  store.catch(() => {}); // told by the keeper
  const keeper = new Keeper({
    store,
    about: () => about,
    isLive: task.isLive,
    interfaceName: (index) => (task.isLive ? (names[index]?.name ?? '') : ''),
    retention: plan.retention,
    system: `${process.platform} ${process.arch}`,
    nowMs: () => host.nowMs(),
    wallMs: () => Date.now(),
    // A capture that cannot be kept goes on; a file that cannot be kept was read in vain.
    warn: (failure) => {
      if (!task.isLive || failure.code === 'STORE_LOCKED') fail(failure);
      else host.stderr.write(`taplight: history is not kept: ${failure.message}. ${failure.hint}\n`);
    },
  });
  let isOpened = false;
  return {
    run: about.run,
    listeners: keeper.listeners,
    opened: (interfaces) => {
      names = interfaces;
      isOpened = true;
      begin(find());
    },
    setAlertState: (run, id, state) => keeper.setAlertState(run, id, state),
    finish: async (snapshot) => {
      const found = await place.catch(() => null); // the keeper has told why
      const report = await keeper.finish(snapshot, (await found?.mark?.hash) ?? '');
      // A store that failed has said so.
      if (report.droppedRows > 0 && !report.hasFailed) {
        host.stderr.write(`taplight: ${report.droppedRows} rows were not kept, the store was too slow\n`);
      } else if (task.isVerbose && found?.isKnown === false) {
        host.stderr.write(`kept ${report.rows} rows as run ${about.run}\n`);
      }
      await found?.store.close();
    },
    abandon: async () => {
      await (isOpened ? place : early)?.then((found) => found.store.close()).catch(ignoreFailure);
    },
  };
}

/** The run has failed already, and says why. */
function ignoreFailure(cause: unknown): void {
  if (!(cause instanceof Failure)) throw cause;
}
