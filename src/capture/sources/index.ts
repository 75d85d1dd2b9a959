/**
 * Where frames come from: an interface or a file; one file per origin.
 *
 * Guarantees: a source hands over batches of frames that lie in memory it owns, and allocates nothing per frame. Opening
 * fails with a Failure; after that nothing an input holds makes a source throw: damage ends it, is told with its place,
 * and all frames before it were handed over. Memory stays bounded whatever a length field claims. What is compressed is
 * decompressed as far as it is asked for. Closing releases everything and ends a read that waits. Code of an origin is
 * loaded when it is opened, so that reading a file never loads what talks to the kernel.
 *
 * To add an origin: write the file, add the line. To add a file format: write its reader (`FrameReader`), and name it in
 * files/files.ts where formats are told apart.
 */
import type { Source } from '../../core/index.ts';
import type { FileOptions } from './files/files.ts';
import type { FileSource } from './files/input-source.ts';
import type { FilteredSource } from './filter/filtered.ts';
import type { LiveOptions } from './live/live-options.ts';

export * from './files/annotations.ts';
export type { FileDamage, FileSource } from './files/input-source.ts';
export type { FileOptions, FilteredSource, LiveOptions };

type OpenLive = (options: LiveOptions) => Promise<Source>;
type OpenFiles = (paths: readonly string[], options: FileOptions) => Promise<FileSource>;

const files: OpenFiles = async (...given) => (await import('./files/files.ts')).openFiles(...given);
const afPacket: OpenLive = async (options) => (await import('./live/af-packet.ts')).openAfPacket(options);
const libpcap: OpenLive = async (options) => (await import('./live/libpcap.ts')).openLibpcap(options);

export const sources = {
  files, // pcap, pcapng and snoop, plain or packed, from disk, a pipe or standard input, one or several
  afPacket, // an interface of Linux, read in the kernel's ring
  libpcap, // an interface of any system, through libpcap or Npcap
} as const;

/** Puts a filter before a source that has none of its own. Rejects with BAD_FILTER or LIBRARY_MISSING. */
export async function filtered(source: Source, expression: string, snapLen: number): Promise<FilteredSource> {
  return (await import('./filter/filtered.ts')).filtered(source, expression, snapLen);
}
