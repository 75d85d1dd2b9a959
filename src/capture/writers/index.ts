/**
 * Frames in, capture files out; one file per format.
 *
 * Guarantees: what is on the disk always ends with a whole record, also when the disk fills up or the reader of a pipe
 * goes away; every file of a rotated set can be read alone; nanoseconds, link types, interface names and comments are
 * kept where the format has a place for them; nothing is allocated per packet. To add a format: write the file, add the
 * line.
 */
import { release, type as systemName } from 'node:os';
import type { SourceInterface } from '../../core/index.ts';
import type { About, Format } from './format.ts';
import { type Disk, Output, type WholeRecords } from './output.ts';
import { packetWriter, refuseRotatedOutput, type Writer } from './packet-writer.ts';
import { pcap, wholeRecords } from './pcap.ts';
import { pcapng, wholeBlocks } from './pcapng.ts';
import type { RotationLimits } from './rotation.ts';

export type { About } from './format.ts';
export type { Writer, WriterCounters } from './packet-writer.ts';
export * from './ring/index.ts';

/** Formats by the word the options use. */
const formats = {
  pcapng: [pcapng, wholeBlocks],
  pcap: [pcap, wholeRecords],
} as const satisfies Record<string, readonly [(about: About) => Format, WholeRecords]>;

/** What to write and where; the shape of the pipeline's `WriteOptions`. */
export interface WriterOptions extends RotationLimits {
  /** Path, or `-` for standard output. */
  readonly path: string;
  readonly format: keyof typeof formats;
}

/** What only tests replace. */
export interface WriterSurroundings {
  readonly disk?: Disk;
  readonly nowUs?: () => number;
}

/**
 * Opens a capture file, or a set of them, for frames of these interfaces.
 *
 * @throws Failure WRITE_FAILED when the path cannot be written, BAD_OPTION for a rotated standard output.
 */
export function openWriter(
  options: WriterOptions,
  interfaces: readonly SourceInterface[],
  about: About,
  surroundings: WriterSurroundings = {},
): Writer {
  refuseRotatedOutput(options.path, options);
  const [format, whole] = formats[options.format];
  return packetWriter({
    path: options.path,
    limits: options,
    format: format({ os: `${systemName()} ${release()}`, ...about }),
    out: new Output(whole, surroundings.disk),
    interfaces,
    commentOf: about.commentOf,
    nowUs: surroundings.nowUs ?? (() => Date.now() * 1000),
  });
}
