// `taplight packets`: packets that were kept, of flows that a filter finds, of one flow, or of an alert.

import { closeSync, openSync, writeSync } from 'node:fs';
import { type ExitCode, Failure, printable } from '../../../../core/index.ts';
import type { AskOptions, StoredRow } from '../../../../output/store/index.ts';
import { formatCount } from '../../../../screens/present/index.ts';
import {
  type AskedHistory,
  type PacketStream,
  packetsOfAlert,
  packetsOfFilter,
  packetsOfFlow,
  rowOf,
} from '../../../pipeline/index.ts';
import type { Host } from '../../host.ts';
import { type Arguments, packetFolder, type ReadSettings, type Settings } from '../../options/index.ts';
import type { Rooms } from '../../rooms.ts';
import { stdoutFailure } from '../../write-all.ts';
import { filterOf, placeOf } from './asked-scope.ts';
import { withReading } from './with-reading.ts';

export async function packets(read: ReadSettings, given: Arguments, host: Host, rooms: Rooms): Promise<ExitCode> {
  const { settings } = read;
  const filter = filterOf(given.words, given);
  const path = settings.write;
  refuseContradictions(settings, filter);
  if (path === null || (path === '-' && host.stdout.isTTY === true)) {
    throw new Failure('BAD_OPTION', 'packets need a file to go to', 'Add -w FILE.pcapng, or -w - into a pipe.');
  }
  return withReading(settings, host, rooms, async ({ history }, options) => {
    const found = await findPackets({ settings, filter, folder: packetFolder(settings.store, host) }, history, options);
    if (path === '-') await writeToStdout(found, host);
    else await writeToFile(found, path);
    if (path !== '-') host.stderr.write(reportOf(found, path));
  });
}

/** What is asked for by `--alert`, `--flow`, or a filter: one of them. Throws BAD_OPTION. */
function refuseContradictions({ ofAlert, ofFlow }: Settings, filter: string): void {
  const asked = [
    [ofAlert !== null, '--alert'],
    [ofFlow !== null, '--flow'],
    [filter !== '', 'a filter'],
  ] as const;
  const said = asked.filter(([isAsked]) => isAsked).map(([, words]) => words);
  if (said.length > 1)
    throw new Failure('BAD_OPTION', `${said[0]} and ${said[1]} exclude each other`, 'Leave one out.');
}

interface PacketAsk {
  readonly settings: Settings;
  readonly filter: string;
  /** Of the ring. */
  readonly folder: string;
}

async function findPackets(
  { settings, filter, folder }: PacketAsk,
  history: AskedHistory,
  options: AskOptions,
): Promise<PacketStream> {
  const { ofAlert, ofFlow } = settings;
  const place = await placeOf(settings, new Date());
  if (ofAlert !== null) {
    if (!/^[0-9a-z.-]+$/i.test(ofAlert)) throw noSuch(`alert '${printable(ofAlert)}'`, 'alerts');
    const row = await rowOf(history, 'alerts', `alert.id == "${ofAlert}"`, place.runs, options);
    return packetsOfAlert(folder, known(row, `alert '${ofAlert}'`, 'alerts'), history, options);
  }
  if (ofFlow !== null) {
    const match = /^(\d{1,16}):(\d{1,16})$/.exec(ofFlow);
    if (match === null) {
      const hint = 'Write the numbers of its run and of itself, as `taplight flows --columns run,flow_id` lists them.';
      throw new Failure('BAD_OPTION', `--flow: '${printable(ofFlow)}' is not RUN:ID`, hint);
    }
    const row = await rowOf(history, 'flows', `flow.id == ${match[2]}`, [Number(match[1])], options);
    return packetsOfFlow(folder, known(row, `flow ${ofFlow}`, 'flows'), options);
  }
  const limit = settings.limit > 0 ? settings.limit : undefined;
  return packetsOfFilter(folder, { ...place, filter }, limit, history, options);
}

function known(row: StoredRow | null, what: string, list: string): StoredRow {
  if (row === null) throw noSuch(what, list);
  return row;
}

function noSuch(what: string, list: string): Failure {
  return new Failure('BAD_OPTION', `there is no ${what} in the store`, `\`taplight ${list}\` lists what there is.`);
}

/** The file is made with the first packet: where none is found, nothing is overwritten. */
async function writeToFile(found: PacketStream, path: string): Promise<void> {
  let fd: number | null = null;
  try {
    for await (const piece of found) {
      try {
        fd ??= openSync(path, 'w');
        for (let done = 0; done < piece.length; ) done += writeSync(fd, piece, done);
      } catch (cause) {
        const why = cause instanceof Error && 'code' in cause ? cause.code : cause;
        throw new Failure('WRITE_FAILED', `cannot write ${printable(path)} (${why})`, 'Write to another place.', cause);
      }
    }
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

/** Resolves early when the reader is gone. */
async function writeToStdout(found: PacketStream, host: Host): Promise<void> {
  let failure: NodeJS.ErrnoException | null = null;
  const note = (error: NodeJS.ErrnoException): void => {
    failure ??= error;
  };
  host.stdout.on('error', note);
  for await (const piece of found) {
    await new Promise<void>((resolve) => {
      host.stdout.write(piece, (error) => {
        if (error instanceof Error) note(error);
        resolve();
      });
    });
    if (failure !== null) break;
  }
  const { code } = (failure ?? {}) as NodeJS.ErrnoException; // set by a callback
  if (failure !== null && code !== 'EPIPE') throw stdoutFailure(failure);
}

function reportOf({ counters }: PacketStream, path: string): string {
  const more = counters.isCut ? '; more were kept: raise --limit' : '';
  const damaged = counters.damaged > 0 ? `; ${formatCount(counters.damaged)} could not be read` : '';
  return `taplight: ${formatCount(counters.packets)} packets to ${printable(path)}${more}${damaged}\n`;
}
