// A question from its store to its end: opened, stopped by Ctrl+C or its time, closed.

import { type ExitCode, exitCodes, Failure, printable } from '../../../../core/index.ts';
import type { AskOptions } from '../../../../output/store/index.ts';
import { cellWidth } from '../../../../screens/present/index.ts';
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

/**
 * Opens the store that the settings name, or the default one, and acts. Rejects with a Failure.
 *
 * @param filter what the user wrote, to show which word of it is wrong
 */
export function withReading(
  settings: Settings,
  host: Host,
  rooms: Rooms,
  act: (reading: Reading, options: AskOptions) => Promise<void>,
  filter = '',
): Promise<ExitCode> {
  return untilStopped(host, async (signal) => {
    const reading = await rooms.openReading(storePlace(settings.store, host));
    try {
      await act(reading, { signal, timeoutMs: Math.max(1, Math.round(settings.timeout * 1000)) });
    } catch (error) {
      if (error instanceof Failure && error.code === 'BAD_FILTER') pointAt(error, filter, host);
      throw error;
    } finally {
      await reading.close();
    }
  });
}

/** At a terminal, the filter with its wrong word underlined. */
function pointAt({ range }: Failure, filter: string, host: Host): void {
  if (range === undefined || host.stderr.isTTY !== true) return;
  const before = cellWidth(printable(filter.slice(0, range.at)));
  const under = Math.max(1, cellWidth(printable(filter.slice(range.at, range.at + range.length))));
  host.stderr.write(`  ${printable(filter)}\n  ${' '.repeat(before)}${'^'.repeat(under)}\n`);
}
