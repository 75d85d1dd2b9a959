/**
 * Where frames come from: an interface or a file; one file per origin.
 *
 * Guarantees: a source hands over batches of frames that lie in memory it owns, and allocates nothing per frame. Opening
 * fails with a Failure; after that nothing an input holds makes a source throw: damage ends it, is told with its place,
 * and all frames before it were handed over. Memory stays bounded whatever a length field claims. What is compressed is
 * decompressed as far as it is asked for. Closing releases everything and ends a read that waits.
 *
 * To add a file format: write its reader (`FrameReader`), and name it in files.ts where formats are told apart.
 */
export * from './annotations.ts';
export { type FileOptions, openFiles } from './files.ts';
export type { FileDamage, FileSource } from './input-source.ts';
