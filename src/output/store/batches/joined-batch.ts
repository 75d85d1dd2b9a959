// Batches of one table put together into one, in memory of its own and no larger than it must be.

import type { Batch, ColumnData, FixedData, ListData, TextData, WordData } from './batch.ts';

/** One batch of all rows, in order. Copies: the given ones may be handed to another thread afterwards. */
export function joinBatches(batches: readonly [Batch, ...Batch[]]): Batch {
  const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
  const columns = batches[0].columns.map((_, i) =>
    joinColumns(
      batches.map((batch) => batch.columns[i]),
      batches.map((batch) => batch.rows),
    ),
  );
  return { table: batches[0].table, rows, columns };
}

function joinColumns(parts: readonly ColumnData[], counts: readonly number[]): ColumnData {
  // All parts are the same column, so they have one shape.
  switch (parts[0].shape) {
    case 'fixed':
      return joinFixed(parts as readonly FixedData[], counts);
    case 'text':
      return joinText(parts as readonly TextData[]);
    case 'word':
      return joinWords(parts as readonly WordData[]);
    case 'list':
      return joinLists(parts as readonly ListData[]);
  }
}

function joinFixed(parts: readonly FixedData[], counts: readonly number[]): FixedData {
  const values = joinBytes(parts.map((part) => part.values));
  if (parts.every((part) => part.missing === null)) return { shape: 'fixed', values, missing: null };
  const missing = joinBytes(parts.map((part, i) => part.missing ?? new Uint8Array(counts[i])));
  return { shape: 'fixed', values, missing };
}

function joinText(parts: readonly TextData[]): TextData {
  const ends = joinEnds(parts.map((part) => ({ ends: part.ends, length: part.bytes.length })));
  return { shape: 'text', bytes: joinBytes(parts.map((part) => part.bytes)), ends };
}

function joinWords(parts: readonly WordData[]): WordData {
  const places = new Map<string, number>();
  const words: string[] = [];
  const indexes = new Uint32Array(parts.reduce((sum, part) => sum + part.indexes.length, 0));
  let at = 0;
  for (const part of parts) {
    const moved = part.words.map((word) => {
      const place = places.get(word) ?? words.push(word) - 1;
      places.set(word, place);
      return place;
    });
    for (const index of part.indexes) indexes[at++] = moved[index];
  }
  return { shape: 'word', words, indexes };
}

function joinLists(parts: readonly ListData[]): ListData {
  const counts = parts.map(({ ends }) => ends.at(-1) ?? 0);
  return {
    shape: 'list',
    ends: joinEnds(parts.map(({ ends }, i) => ({ ends, length: counts[i] }))),
    items: joinColumns(
      parts.map((part) => part.items),
      counts,
    ) as TextData | FixedData,
  };
}

function joinEnds(parts: readonly { readonly ends: Uint32Array; readonly length: number }[]): Uint32Array {
  const joined = new Uint32Array(parts.reduce((sum, { ends }) => sum + ends.length, 0));
  let at = 0;
  let before = 0;
  for (const { ends, length } of parts) {
    for (const end of ends) joined[at++] = before + end;
    before += length;
  }
  return joined;
}

function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
