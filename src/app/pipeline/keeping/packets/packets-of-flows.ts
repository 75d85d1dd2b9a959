// "The packets of this flow, of this alert": out of the ring beside a store.

import {
  type About,
  type KeptCounters,
  type KeptOfRun,
  type KeptQuery,
  keptPackets,
  nothingKept,
} from '../../../../capture/writers/index.ts';
import { Failure, printable } from '../../../../core/index.ts';

/** Microseconds; from inclusive, to exclusive. Left out: all. */
export interface PacketRange {
  readonly fromUs?: number | undefined;
  readonly toUs?: number | undefined;
  /** Packets at the most. */
  readonly limit?: number | undefined;
  /** Ends the search; the file then ends there. */
  readonly signal?: AbortSignal;
}

/**
 * A pcapng file in pieces, to be gone through once. Going through it throws NO_SUCH_FILE before the first piece when no
 * packet is left, FILE_UNREADABLE when the ring cannot be read.
 */
export interface PacketStream extends AsyncIterable<Uint8Array> {
  /** Of what was handed over so far. */
  readonly counters: Readonly<KeptCounters>;
}

/**
 * The packets of these flows of one run.
 *
 * @param folder of the ring: `packets` in the store's
 * @param flows their numbers (`flow_id`)
 * @param comment goes to the head of the file
 */
export function packetsOfFlows(
  folder: string,
  run: number,
  flows: Iterable<number>,
  range: PacketRange,
  comment = '',
): PacketStream {
  return packetsOfRuns(folder, new Map([[run, { flows: new Set(flows) }]]), range, comment);
}

/** The packets of several runs; packets that an alert numbers, too. */
export function packetsOfRuns(
  folder: string,
  runs: ReadonlyMap<number, KeptOfRun>,
  range: PacketRange,
  comment = '',
): PacketStream {
  const { fromUs = Number.NEGATIVE_INFINITY, toUs = Number.POSITIVE_INFINITY } = range;
  const { limit = Number.POSITIVE_INFINITY } = range;
  const counters = nothingKept();
  const about: About = { application: 'taplight', comments: comment === '' ? [] : [comment] };
  const query = { folder, runs, fromUs, toUs, limit, about, signal: range.signal ?? null };
  return { counters, [Symbol.asyncIterator]: () => found(query, counters) };
}

async function* found(query: KeptQuery, counters: KeptCounters): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of keptPackets(query, counters)) {
      if (counters.packets === 0 && query.signal?.aborted !== true) throw noneLeft(query.folder);
      yield piece;
    }
  } catch (cause) {
    if (cause instanceof Failure || !(cause instanceof Error) || !('code' in cause)) throw cause; // not the system's
    throw new Failure(
      'FILE_UNREADABLE',
      `cannot read the packets kept in ${printable(query.folder)}: ${cause.message}`,
      'They belong to the user who captured them: ask as that user, or with sudo.',
      cause,
    );
  }
}

function noneLeft(folder: string): Failure {
  return new Failure(
    'NO_SUCH_FILE',
    `no packets of this are left in ${printable(folder)}`,
    'They are kept with --keep-packets SIZE, until newer ones need the room; of each flow the first --keep-per-flow bytes.',
  );
}
