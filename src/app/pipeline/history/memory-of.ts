// The memory of batches, to be handed to another thread instead of copied.

import type { Batch, ColumnData } from '../../../output/store/index.ts';

/** Smaller pieces are copied: that is as quick, and Node shares out small buffers from memory that it keeps. */
const leastBytes = 16_384;

/** Pieces of memory that can be handed over, each once. Shared memory is not: both threads see it anyway. */
export function memoryOf(batches: readonly Batch[]): ArrayBuffer[] {
  const pieces = new Set<ArrayBuffer>();
  const add = (array: Uint8Array | Uint32Array | null): void => {
    const buffer = array?.buffer;
    if (buffer instanceof ArrayBuffer && buffer.byteLength >= leastBytes) pieces.add(buffer);
  };
  for (const { columns } of batches) for (const column of columns) addColumn(column, add);
  return [...pieces];
}

function addColumn(column: ColumnData, add: (array: Uint8Array | Uint32Array | null) => void): void {
  if (column.shape === 'fixed') {
    add(column.values);
    add(column.missing);
  } else if (column.shape === 'text') {
    add(column.bytes);
    add(column.ends);
  } else if (column.shape === 'word') add(column.indexes);
  else {
    add(column.ends);
    addColumn(column.items, add);
  }
}
