// The folder of a ring: pairs of a capture file and its index, numbered in the order in which they were begun.
//
//   packets/0/00000001.pcapng  00000001.index  00000002.pcapng …    one folder for each worker

import * as nodeFs from 'node:fs';
import { join } from 'node:path';

export type RingDisk = Pick<
  typeof nodeFs,
  | 'mkdirSync'
  | 'readdirSync'
  | 'statSync'
  | 'fstatSync'
  | 'openSync'
  | 'writeSync'
  | 'closeSync'
  | 'ftruncateSync'
  | 'unlinkSync'
>;

/** Disks give room in steps like this. */
const diskStep = 4096;
const digits = 8;

export interface RingPair {
  readonly folder: string;
  readonly number: number;
  /** On the disk, both files. */
  bytes: number;
}

export const packetPath = (pair: Pick<RingPair, 'folder' | 'number'>): string => `${stem(pair)}.pcapng`;
export const indexPath = (pair: Pick<RingPair, 'folder' | 'number'>): string => `${stem(pair)}.index`;

const stem = ({ folder, number }: Pick<RingPair, 'folder' | 'number'>): string =>
  join(folder, String(number).padStart(digits, '0'));

/** Bytes as the disk counts them. */
export const onDisk = (bytes: number): number => Math.ceil(bytes / diskStep) * diskStep;

/** Folders of workers in the folder of a ring, by number. None where there is no such folder. */
export function workerFolders(folder: string, disk: Pick<RingDisk, 'readdirSync'> = nodeFs): number[] {
  return namesIn(folder, disk)
    .filter((name) => /^\d{1,3}$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

/** Numbers of the pairs in a worker's folder, oldest first. */
export function pairNumbers(folder: string, disk: Pick<RingDisk, 'readdirSync'> = nodeFs): number[] {
  const found = new Set<number>();
  for (const name of namesIn(folder, disk)) {
    const match = /^(\d{8,15})\.(pcapng|index)$/.exec(name);
    if (match !== null) found.add(Number(match[1]));
  }
  return [...found].sort((a, b) => a - b);
}

function namesIn(folder: string, disk: Pick<RingDisk, 'readdirSync'>): readonly string[] {
  try {
    return disk.readdirSync(folder) as string[]; // without options names are text
  } catch (cause) {
    if (isGone(cause)) return [];
    throw cause;
  }
}

/** Whether a file or folder is not there, or not any more. */
export function isGone(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}

/** Bytes of a pair on the disk. */
export function pairBytes(
  pair: Pick<RingPair, 'folder' | 'number'>,
  disk: Pick<RingDisk, 'statSync'> = nodeFs,
): number {
  let sum = 0;
  for (const path of [packetPath(pair), indexPath(pair)]) {
    try {
      sum += onDisk(disk.statSync(path).size);
    } catch (cause) {
      if (!isGone(cause)) throw cause;
    }
  }
  return sum;
}
