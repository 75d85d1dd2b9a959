/**
 * Where facts are sent; one file per destination.
 *
 * Guarantees: a sink writes whole lines in the order in which it was given facts; nothing is written per fact to the
 * system, only per block and on `flush`; a destination that takes no more ends the sink with one error, after which it
 * is silent; `close` is idempotent. Text from the network is escaped before it is written.
 *
 * To add one: write the file, add the line.
 */
import { eve } from './eve.ts';
import type { Sink } from './sink.ts';
import { zeek } from './zeek/zeek.ts';

export const sinks = [
  eve, // Suricata's EVE JSON lines
  zeek, // Zeek's logs, a file each
] as const satisfies readonly Sink[];

export { type EveEnvelope, eveEnvelope, eveEvent } from './eve-event.ts';
export { isReaderGone, type OpenSink, ReaderGone, type Sink, type SinkOptions } from './sink.ts';
export { openZeek, type ZeekOptions } from './zeek/zeek.ts';
