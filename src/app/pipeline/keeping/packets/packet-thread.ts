// The thread that writes kept packets, so that a slow disk holds up nothing but itself.

import { parentPort, workerData } from 'node:worker_threads';
import { RingFiles, type RingFilesOptions, RingMemory, writeBlocks } from '../../../../capture/writers/index.ts';
import { Failure, type FailureData } from '../../../../core/index.ts';

/** Given to the thread when it starts. */
export interface PacketThreadOrder {
  readonly memory: SharedArrayBuffer;
  readonly files: RingFilesOptions;
}

/** Its one message: null, or why nothing can be kept. */
export type PacketThreadAnswer = FailureData | null;

const order = workerData as PacketThreadOrder; // given by open-packet-keeper.ts

function open(): RingFiles | null {
  try {
    const files = new RingFiles(order.files);
    parentPort?.postMessage(null satisfies PacketThreadAnswer);
    return files;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    parentPort?.postMessage(error.toData() satisfies PacketThreadAnswer);
    return null;
  }
}

const files = open();
if (files !== null) writeBlocks(new RingMemory(order.memory), files, 0, Number.POSITIVE_INFINITY);
