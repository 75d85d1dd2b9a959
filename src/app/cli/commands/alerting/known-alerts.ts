// Where `alerts` and `explain` find alerts: in the files that -r names, analysed now, or in the journal of past runs.

import type { Alert, HostRisk, Incident, Snapshot } from '../../../../core/index.ts';
import type { DetectOptions, Listeners, RunOptions } from '../../../pipeline/index.ts';
import type { Host } from '../../host.ts';
import { configOwner, detectSettings, type ReadSettings } from '../../options/index.ts';
import type { Rooms } from '../../rooms.ts';
import { planOutput, runOptions } from '../capturing/capture-plan.ts';

export interface KnownAlerts {
  /** Newest run first; in a run in the order they came. */
  readonly alerts: readonly Alert[];
  readonly incidents: readonly Incident[];
  readonly risks: readonly HostRisk[];
}

/** Alerts of these files, or of the journal when there are none. Rejects with a Failure. */
export async function knownAlerts(
  read: ReadSettings,
  files: readonly string[],
  host: Host,
  rooms: Rooms,
): Promise<KnownAlerts> {
  if (files.length === 0) {
    const entries = rooms.readJournal(host);
    return {
      alerts: entries.flatMap((entry) => entry.alerts),
      incidents: entries.flatMap((entry) => entry.incidents),
      risks: entries[0]?.risks ?? [],
    };
  }
  return analyseFiles(read, files, await detectSettings(read, configOwner(host.user, host.environment)), host, rooms);
}

/** Analyses files without showing or writing anything; `listeners` hear it. Rejects with a Failure. */
export async function analyseFiles(
  { settings }: ReadSettings,
  files: readonly string[],
  detect: DetectOptions | null,
  host: Host,
  rooms: Rooms,
  listeners: Listeners = {},
  asked: Partial<RunOptions> = {},
): Promise<Snapshot> {
  const around = { stdoutIsTty: false, stderrIsTty: false, user: host.user };
  const options = runOptions({
    settings,
    input: { kind: 'files', paths: files },
    filter: '',
    isLive: false,
    plan: planOutput({ ...settings, quiet: true }, false, around),
    user: host.user,
    version: host.version,
    detect,
  });
  return (await rooms.startRun({ ...options, ...asked }, listeners).done).snapshot;
}
