// Starts a run, shows it while it goes on, and brings it to its end: by itself, by a signal, by a reader that went away,
// or by a failure.

import { type ExitCode, exitCodes, type Snapshot } from '../../../../core/index.ts';
import { isReaderGone, type Listeners, type Run, type RunOptions, type RunResult } from '../../../pipeline/index.ts';
import { type Console, listenForStop, openConsole } from '../../console/index.ts';
import type { Host } from '../../host.ts';
import type { Rooms } from '../../rooms.ts';
import { stdoutFailure } from '../../write-all.ts';
import { type CaptureNotes, captureNotes } from './capture-notes.ts';
import { closeRun, statsLines } from './close-run.ts';
import { type FactFiles, factFiles } from './fact-files.ts';
import { type AlertKeeper, keepAlerts } from './keep-alerts.ts';
import { keepRun, type RunKeeping } from './keep-run.ts';
import type { RunTask } from './run-task.ts';

/** Everything one run writes to, and why it was told to end before its input did. */
interface Outputs {
  readonly console: Console;
  readonly notes: CaptureNotes;
  readonly files: FactFiles;
  readonly keeper: AlertKeeper;
  /** History; set before the run begins. */
  keeping: RunKeeping | null;
  readerGone: boolean;
  failure: unknown;
  /** Notes an error of an output and asks the run to end. */
  fail(error: unknown): void;
  /** Set once there is a run. */
  stop(): void;
  latest: Snapshot | null;
}

/** Runs to the end and gives the exit code. Rejects with a Failure. */
export async function driveRun(task: RunTask, host: Host, rooms: Rooms): Promise<ExitCode> {
  const outputs = prepareOutputs(task, host, rooms);
  const { console } = outputs;
  if (task.store !== null) outputs.keeping = await keepRun(task, task.store, host, rooms, outputs.fail);
  const run = rooms.startRun(withPackets(task, outputs.keeping), runListeners(task, outputs, host));
  outputs.stop = () => run.stop();
  let force = () => {};
  const forced = new Promise<'forced'>((resolve) => {
    force = () => resolve('forced');
  });
  const deaf = listenForStop(host, {
    stop: () => run.stop(),
    force: () => {
      force();
      run.abort().catch(() => {}); // the process ends anyway
    },
    report: () => report(outputs),
  });
  const ending = finish(run, task, outputs, host.version);
  ending.catch(() => {}); // when forced, nobody waits for it
  try {
    const code = await Promise.race([ending, forced]);
    return code === 'forced' ? exitCodes.forced : code;
  } finally {
    deaf();
    console.bottom(null);
  }
}

/** The run, with its packets kept where it has a number in the store. */
function withPackets({ options, packets }: RunTask, keeping: RunKeeping | null): RunOptions {
  const run = keeping?.run ?? null;
  return packets === null || run === null ? options : { ...options, keepPackets: { ...packets, run } };
}

/** The end that the run comes to by itself or after it was asked to: every output has then taken everything. */
async function finish(run: Run, task: RunTask, outputs: Outputs, version: string): Promise<ExitCode> {
  const { console, files, fail } = outputs;
  try {
    const result = await run.done;
    console.bottom(null);
    return await conclude(task, result, outputs, version);
  } finally {
    attempt(() => files.abandon(), fail);
    await outputs.keeping?.abandon();
    await console.finish();
  }
}

function prepareOutputs(task: RunTask, host: Host, rooms: Rooms): Outputs {
  const state = { readerGone: false, failure: null as unknown, stop: () => {}, latest: null, keeping: null };
  const console = openConsole(host.stdout, host.stderr, (error) => {
    outputs.fail(error.code === 'EPIPE' ? error : stdoutFailure(error));
  });
  const outputs: Outputs = Object.assign(state, {
    console,
    notes: captureNotes(console, task, host.nowMs()),
    files: factFiles(task.plan, task.isLive, rooms),
    keeper: keepAlerts(task, host, rooms),
    fail: (error: unknown) => {
      if (isReaderGone(error) || isClosedPipe(error)) outputs.readerGone = true;
      else outputs.failure ??= error;
      outputs.stop();
    },
  });
  return outputs;
}

function isClosedPipe(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === 'EPIPE';
}

function runListeners({ plan, isVerbose }: RunTask, outputs: Outputs, host: Host): Listeners {
  const { console, files, notes } = outputs;
  const listeners: Listeners = {
    ...(plan.eve.length > 0 || plan.zeek !== null
      ? { flow: (flow) => files.flow(flow), event: (event) => files.event(event) }
      : {}),
    ...(plan.print ? { packet: (line) => console.packet(line) } : {}),
    alert: (alert) => {
      files.alert(alert);
      notes.alert(alert);
    },
    snapshot: (snapshot) => {
      outputs.latest = snapshot;
      files.snapshot(snapshot, host.nowMs());
      notes.snapshot(snapshot, host.nowMs());
      outputs.keeper.snapshot(snapshot, host.nowMs());
      console.flush();
    },
    progress: (done, total) => notes.progress(done, total, host.nowMs()),
    drained: () => {
      files.drained();
      console.flush();
    },
  };
  const kept = outputs.keeping?.listeners ?? {};
  return {
    ...guarded(both(listeners, kept), outputs.fail),
    busy: () => console.busy() ?? kept.busy?.() ?? null,
    // Not guarded: an output that cannot be opened fails the run before a packet is read.
    opened: (interfaces) => {
      files.opened(interfaces);
      outputs.keeping?.opened(interfaces);
      notes.opened();
      if (isVerbose) console.err('the capture is open\n');
      console.flush();
    },
  };
}

/** The last records, the summary, the exit code; throws what made an output fail. */
async function conclude(task: RunTask, result: RunResult, outputs: Outputs, version: string): Promise<ExitCode> {
  const { console, files, notes, fail } = outputs;
  attempt(() => files.finish(result.snapshot), fail);
  attempt(() => notes.finish(result.snapshot), fail);
  outputs.keeper.finish(result.snapshot);
  await outputs.keeping?.finish(result.snapshot);
  const code = outputs.readerGone ? exitCodes.ok : closeRun(task, result, console, version);
  await console.finish();
  if (outputs.failure !== null) throw outputs.failure;
  return outputs.readerGone ? exitCodes.ok : code;
}

function report({ console, latest }: Outputs): void {
  console.err(latest === null ? 'nothing captured yet\n' : statsLines(latest));
  console.flush();
}

function attempt(act: () => void, fail: (error: unknown) => void): void {
  try {
    act();
  } catch (error) {
    fail(error);
  }
}

/** Listeners that hand everything to both. */
function both(first: Listeners, second: Listeners): Listeners {
  const joined: Record<string, (given: never, more: never) => void> = {};
  for (const [name, listen] of [...Object.entries(first), ...Object.entries(second)]) {
    const before = joined[name];
    joined[name] =
      before === undefined
        ? listen
        : (given, more) => {
            before(given, more);
            listen(given as never, more as never);
          };
  }
  // Every key came from a Listeners value and takes the same arguments.
  return joined as Listeners;
}

/** The same listeners; an error goes to `fail` instead of into the run. */
function guarded(listeners: Listeners, fail: (error: unknown) => void): Listeners {
  const safe: Record<string, (given: never, more: never) => void> = {};
  for (const [name, listen] of Object.entries(listeners) as [string, (given: never, more: never) => void][]) {
    safe[name] = (given, more) => {
      try {
        listen(given, more);
      } catch (error) {
        fail(error);
      }
    };
  }
  // Every key came from a Listeners value and takes the same arguments.
  return safe as Listeners;
}
