// Keeps the alerts of a run for `taplight alerts` and `taplight explain`: at its end, and now and then while it goes on.

import { Failure, type Snapshot } from '../../../../core/index.ts';
import type { Host } from '../../host.ts';
import type { Rooms } from '../../rooms.ts';
import type { RunTask } from './run-task.ts';

const everyMs = 30_000;

export interface AlertKeeper {
  snapshot(snapshot: Snapshot, nowMs: number): void;
  finish(snapshot: Snapshot): void;
}

/** A keeper for a run that begins now. What cannot be kept is said once when asked to be verbose, and is no failure. */
export function keepAlerts(task: RunTask, host: Host, rooms: Rooms): AlertKeeper {
  const startedMs = Date.now();
  let lastMs = Number.NEGATIVE_INFINITY;
  let kept = 0;
  let isRefused = false;
  const write = ({ alerts, incidents, risks, detection }: Snapshot): void => {
    // What the seed's rule finds is in every summary; a run with nothing else is not worth a file.
    const own = alerts.filter(({ detector }) => detector !== 'volume.packet-count');
    if (isRefused || (own.length === 0 && kept === 0)) return;
    kept = own.length;
    try {
      const about = { startedMs, source: task.source, version: host.version };
      rooms.writeJournal(host, { ...about, alerts: own, incidents, risks, exceptions: detection?.exceptions ?? [] });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      isRefused = true;
      if (task.isVerbose) host.stderr.write(`taplight: ${error.message}\n`);
    }
  };
  return {
    snapshot: (snapshot, nowMs) => {
      if (nowMs - lastMs < everyMs) return;
      lastMs = nowMs;
      write(snapshot);
    },
    finish: write,
  };
}
