// File sets: when the next file starts, how it is called, which one goes.
//
//   name_00001_20231118061321.pcapng   name_00002_20231118061421.pcapng   …
//        number in the set, time of its first packet (UTC)
import { extname } from 'node:path';

/** Limits of one file and of the set; 0: none. */
export interface RotationLimits {
  readonly rotateBytes: number;
  readonly rotateSec: number;
  readonly rotateFiles: number;
}

export function rotates(limits: RotationLimits): boolean {
  return limits.rotateBytes > 0 || limits.rotateSec > 0;
}

/** Name of the `number`th file (from 1) of the set of `path`, whose first packet has this time. */
export function rotatedPath(path: string, number: number, timeUs: number): string {
  const extension = extname(path);
  const stem = path.slice(0, path.length - extension.length);
  return `${stem}_${String(number).padStart(5, '0')}_${stampOf(timeUs)}${extension}`;
}

function stampOf(timeUs: number): string {
  const date = new Date(Math.floor(timeUs / 1000));
  const known = Number.isNaN(date.getTime()) || date.getTime() < 0 ? new Date(0) : date;
  return known.toISOString().slice(0, 19).replace(/[-:T]/g, '');
}
