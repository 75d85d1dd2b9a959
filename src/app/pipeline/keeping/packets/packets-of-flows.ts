// "The packets of this flow, of this alert": out of the ring beside a store.

import { type KeptCounters, type KeptOfRun, keptPackets, nothingKept } from '../../../../capture/writers/index.ts';

/** Microseconds; from inclusive, to exclusive. Left out: all. */
export interface PacketRange {
  readonly fromUs?: number;
  readonly toUs?: number;
  /** Packets at the most. */
  readonly limit?: number;
}

/** A pcapng file as it comes: an async iterable, as an HTTP response takes it. */
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
  const about = { application: 'taplight', comments: comment === '' ? [] : [comment] };
  const query = { folder, runs, fromUs, toUs, limit, about };
  return { counters, [Symbol.asyncIterator]: () => keptPackets(query, counters) };
}
