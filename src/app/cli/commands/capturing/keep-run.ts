// History of a run: which store it goes to, whether its files are there already, and its end.

import { randomInt } from 'node:crypto';
import { Failure, printable, type Snapshot, type SourceInterface } from '../../../../core/index.ts';
import type { RunAbout, Store } from '../../../../output/store/index.ts';
import { type FileMark, Keeper, type Listeners, type StorePlan } from '../../../pipeline/index.ts';
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

/** What a run keeps. For files the store is opened here: it may have them already. Throws what opening fails with. */
export async function keepRun(
  task: RunTask,
  plan: StorePlan,
  host: Host,
  rooms: Rooms,
  fail: (error: unknown) => void,
): Promise<RunKeeping> {
  const { input } = task.options;
  let kept: RunKeeping | null = null;
  const open = () =>
    rooms.openStore(plan, {
      waits: !task.isLive,
      trouble: storeTrouble(host),
      alertStateSet: (run, id, state) => kept?.setAlertState(run, id, state),
    });
  if (input.kind !== 'files' || input.paths.includes('-')) {
    kept = keepNew(task, plan, host, { mark: null, store: null, open }, fail);
    return kept;
  }
  const store = await open();
  try {
    // What an earlier import left in the spool counts as well.
    await store.flush?.(flushMs);
    const mark = await rooms.markFiles(input.paths, store);
    if (mark.broken.length > 0) await store.forget(mark.broken);
    if (mark.known === null) {
      kept = keepNew(task, plan, host, { mark, store, open: async () => store }, fail);
      return kept;
    }
    const since = new Date(mark.known.beganUs / 1000).toISOString().slice(0, 19).replace('T', ' ');
    host.stderr.write(
      `taplight: ${task.source} is in the store since ${since} UTC (run ${mark.known.run}); not kept twice\n`,
    );
    await store.close();
    return nothing;
  } catch (error) {
    await store.close();
    throw error;
  }
}

function aboutOf(task: RunTask, plan: StorePlan, mark: FileMark | null): RunAbout {
  return {
    // Numbers of runs of all sensors of a fleet meet in one store.
    run: randomInt(1, 2 ** 48 - 1),
    sensor: plan.sensor,
    kind: task.about.kind === 'file' ? 'file' : 'live',
    source: task.about.names.join(', '),
    hash: '',
    endsHash: mark?.endsHash ?? '',
    beganUs: Date.now() * 1000,
    program: task.options.version,
  };
}

interface StoreToOpen {
  readonly mark: FileMark | null;
  /** Open already. */
  readonly store: Store | null;
  open(): Promise<Store>;
}

function keepNew(
  task: RunTask,
  plan: StorePlan,
  host: Host,
  { mark, store: early, open }: StoreToOpen,
  fail: (error: unknown) => void,
): RunKeeping {
  let names: readonly SourceInterface[] = [];
  let begin: (store: Promise<Store>) => void = () => {};
  const store = new Promise<Store>((resolve) => {
    begin = resolve;
  });
  const about = aboutOf(task, plan, mark);
  const keeper = new Keeper({
    store,
    about,
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
      begin(open());
    },
    setAlertState: (run, id, state) => keeper.setAlertState(run, id, state),
    finish: async (snapshot) => {
      const report = await keeper.finish(snapshot, mark === null ? '' : await mark.hash);
      // A store that failed has said so.
      if (report.droppedRows > 0 && !report.hasFailed) {
        host.stderr.write(`taplight: ${report.droppedRows} rows were not kept, the store was too slow\n`);
      } else if (task.isVerbose) host.stderr.write(`kept ${report.rows} rows as run ${about.run}\n`);
      await (await store).close();
    },
    abandon: async () => {
      const opened = isOpened ? store : Promise.resolve(early);
      await opened.then((each) => each?.close()).catch(ignoreFailure);
    },
  };
}

/** The run has failed already, and says why. */
function ignoreFailure(cause: unknown): void {
  if (!(cause instanceof Failure)) throw cause;
}
