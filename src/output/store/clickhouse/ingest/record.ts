// What one write leaves in a spool file: a head that says what follows, the blocks, and a checksum over both, so that a
// record that was cut by a kill is told from one that is whole.
//
//   magic u32 | bytes of the head u32 | bytes of the blocks u32 | CRC-32 of head and blocks u32 | head (JSON) | blocks

import { Buffer } from 'node:buffer';
import { crc32 } from 'node:zlib';

/** One block for one table. */
export interface Part {
  readonly table: string;
  /** Names of its columns: those of the table may have become more by the time it is sent. */
  readonly columns: readonly string[];
  readonly rows: number;
  readonly block: Buffer;
}

interface Head {
  /** Table, rows, bytes, number of its columns in `columns`. */
  readonly parts: readonly (readonly [table: string, rows: number, bytes: number, columns: number])[];
  readonly columns: readonly (readonly string[])[];
}

const magic = 0x31_53_4c_54; // TLS1: Taplight, spool, version 1
const fixedBytes = 16;
/** Larger heads are damage. */
const headBound = 1 << 24;

/** The record as pieces to be written one after the other. */
export function recordOf(parts: readonly Part[]): Buffer[] {
  const lists: (readonly string[])[] = [];
  const head: Head = {
    parts: parts.map(({ table, rows, block, columns }) => {
      let at = lists.indexOf(columns);
      if (at < 0) at = lists.push(columns) - 1;
      return [table, rows, block.length, at];
    }),
    columns: lists,
  };
  const headBytes = Buffer.from(JSON.stringify(head));
  const start = Buffer.alloc(fixedBytes);
  start.writeUInt32LE(magic, 0);
  start.writeUInt32LE(headBytes.length, 4);
  start.writeUInt32LE(
    parts.reduce((sum, { block }) => sum + block.length, 0),
    8,
  );
  let sum = crc32(headBytes);
  for (const { block } of parts) sum = crc32(block, sum);
  start.writeUInt32LE(sum, 12);
  return [start, headBytes, ...parts.map(({ block }) => block)];
}

/** Whole records of a file, up to the first that is cut or damaged; and where that is. */
export function readRecords(file: Buffer): {
  readonly records: readonly (readonly Part[])[];
  readonly goodBytes: number;
} {
  const records: (readonly Part[])[] = [];
  let at = 0;
  while (file.length - at >= fixedBytes && file.readUInt32LE(at) === magic) {
    const headBytes = file.readUInt32LE(at + 4);
    const end = at + fixedBytes + headBytes + file.readUInt32LE(at + 8);
    if (headBytes > headBound || end > file.length) break;
    const inside = file.subarray(at + fixedBytes, end);
    if (crc32(inside) !== file.readUInt32LE(at + 12)) break;
    records.push(partsOf(inside, headBytes));
    at = end;
  }
  return { records, goodBytes: at };
}

function partsOf(inside: Buffer, headBytes: number): Part[] {
  const head: Head = JSON.parse(inside.toString('utf8', 0, headBytes));
  let at = headBytes;
  return head.parts.map(([table, rows, bytes, columns]) => {
    const block = inside.subarray(at, at + bytes);
    at += bytes;
    return { table, rows, block, columns: head.columns[columns] };
  });
}
