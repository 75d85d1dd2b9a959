// A question from its store to its end: opened, stopped by Ctrl+C or its time, closed.

import { type ExitCode, exitCodes, Failure } from '../../../../core/index.ts';
import type { AskOptions } from '../../../../output/store/index.ts';
import type { Reading } from '../../../pipeline/index.ts';
import { listenForStop } from '../../console/index.ts';
import type { Host } from '../../host.ts';
import { type Settings, storePlace } from '../../options/index.ts';
import type { Rooms } from '../../rooms.ts';

/**
 * Acts until it is done or stopped; the first Ctrl+C stops questions in the engine (exit code 130), the second the
 * process.
 */
export async function untilStopped(host: Host, act: (signal: AbortSignal) => Promise<void>): Promise<ExitCode> {
  const stopping = new AbortController();
  const off = listenForStop(host, {
    stop: () => stopping.abort(),
    force: () => host.exit(exitCodes.forced),
    report: () => {},
  });
  try {
    await act(stopping.signal);
    return exitCodes.ok;
  } catch (error) {
    if (!stopping.signal.aborted || !(error instanceof Failure) || error.code !== 'QUERY_STOPPED') throw error;
    host.stderr.write('taplight: stopped\n');
    return exitCodes.forced;
  } finally {
    off();
  }
}

/** Opens the store that the settings name, or the default one, and acts. Rejects with a Failure. */
export function withReading(
  settings: Settings,
  host: Host,
  rooms: Rooms,
  act: (reading: Reading, options: AskOptions) => Promise<void>,
): Promise<ExitCode> {
  return untilStopped(host, async (signal) => {
    const reading = await rooms.openReading(storePlace(settings.store, host));
    try {
      await act(reading, { signal, timeoutMs: Math.max(1, Math.round(settings.timeout * 1000)) });
    } finally {
      await reading.close();
    }
  });
}
