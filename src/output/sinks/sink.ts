// What a sink is: the shape that every destination of facts has.

import type { Alert, EventFact, Flow, Snapshot } from '../../core/index.ts';

export interface SinkOptions {
  /** File to write, `-` for standard output. */
  readonly path: string;
  /**
   * Name of the interface with this index in the source, for facts that were captured live; null where there is none,
   * as with files.
   */
  readonly interfaceName?: (index: number) => string | null;
}

/**
 * An open sink. `write` and its siblings take what they need before they return, so callers may reuse the objects.
 * They may throw a Failure `WRITE_FAILED` or a {@link ReaderGone}; after either, the sink takes nothing more and throws
 * no more, so that a shutdown in progress can go on.
 */
export interface OpenSink {
  write(flow: Flow): void;
  /** What a protocol told. */
  event?(event: EventFact): void;
  alert?(alert: Alert): void;
  /** Counters of the whole run, now and then and once at the end. */
  stats?(snapshot: Snapshot): void;
  /** Hands everything written so far to the destination. */
  flush(): void;
  /** Flushes and releases; idempotent. Writing afterwards throws a Failure. */
  close(): void;
}

export interface Sink {
  readonly name: string;
  readonly title: string;
  /** Throws a Failure `WRITE_FAILED` or `NO_PERMISSION` when the destination cannot be had. */
  open(options: SinkOptions): OpenSink;
}

/** Gives a sink its type; the list in index.ts is the registry. */
export function defineSink(sink: Sink): Sink {
  return sink;
}

/**
 * Whoever read our output has stopped reading (`| head`): no failure, but a reason to end the run as if asked to.
 */
export class ReaderGone extends Error {
  readonly code = 'READER_GONE';

  constructor() {
    super('the reader of the output has gone');
    this.name = 'ReaderGone';
  }
}

/** Whether an error is a {@link ReaderGone}; by code, since two copies of the package can be loaded at once. */
export function isReaderGone(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === 'READER_GONE';
}
