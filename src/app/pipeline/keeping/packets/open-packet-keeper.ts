// Starts what keeps the packets of one worker: the ring's memory, the thread that writes it, the keeper that fills it.

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { fileBytesOf, RingMemory, RingWriter } from '../../../../capture/writers/index.ts';
import { Failure, type Source } from '../../../../core/index.ts';
import { type KeepPackets, leastKeptBytes, type RunOptions } from '../../options.ts';
import { PacketKeeper } from './packet-keeper.ts';
import type { PacketThreadAnswer, PacketThreadOrder } from './packet-thread.ts';

/** Null when no packets are kept. Throws WRITE_FAILED, or BAD_OPTION for a ring too small for so many workers. */
export async function openPacketKeeper(
  options: RunOptions,
  source: Source,
  worker: number,
): Promise<PacketKeeper | null> {
  const { keepPackets, workers, version, filter, input } = options;
  if (keepPackets === null) return null;
  refuseSmallRing(keepPackets, workers);
  const { folder, run, bytes, perFlowBytes } = keepPackets;
  const memory = new RingMemory();
  // Workers that share an interface count packets each for itself.
  const hasRunNumbers = workers === 1 || input.kind === 'files';
  const order: PacketThreadOrder = {
    memory: memory.shared,
    files: { folder, worker, workers, run, bytes, hasRunNumbers },
  };
  // The bundle beside this one: see scripts/build.mjs.
  const thread = new Worker(new URL('./packets.js', import.meta.url), { workerData: order });
  const [answer] = (await once(thread, 'message')) as [PacketThreadAnswer]; // `once` rejects with what the thread threw
  if (answer !== null) throw Failure.fromData(answer);
  thread.unref();
  const ring = new RingWriter(memory, source.interfaces, {
    about: { application: `taplight ${version}`, ...(filter === '' ? {} : { filter }) },
    fileBytes: fileBytesOf(bytes, workers),
    canDrop: source.kind === 'interface',
  });
  return new PacketKeeper(ring, perFlowBytes, () => memory.failure);
}

function refuseSmallRing({ bytes }: KeepPackets, workers: number): void {
  if (bytes / workers >= leastKeptBytes) return;
  throw new Failure(
    'BAD_OPTION',
    `--keep-packets is too small for ${workers} workers`,
    `Give each of them at least ${leastKeptBytes >> 20} MiB.`,
  );
}
