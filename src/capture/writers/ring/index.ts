/**
 * Packets kept: a bounded ring of pcapng files, each with an index by time and flow.
 *
 * Guarantees: never more on the disk than the bound, indexes counted; every file can be read alone, also after a kill,
 * and what an index names is there; one thread fills blocks of memory and never waits for the disk unless it may,
 * another writes them; nothing is allocated per packet.
 */
export { type KeptCounters, type KeptOfRun, type KeptQuery, keptPackets, nothingKept } from './kept-packets.ts';
export { fileBytesOf, RingFiles, type RingFilesOptions, writeBlocks } from './ring-files.ts';
export { RingMemory } from './ring-memory.ts';
export { notKept, RingWriter, type RingWriterOptions } from './ring-writer.ts';
