// Questions to the servers: read-only, bounded, stopped in the server when they are stopped here.

import type { IncomingMessage } from 'node:http';
import { Failure } from '../../../../core/index.ts';
import type { Result, SelectOptions, Statement } from '../../store.ts';
import { type Connections, NoAnswer, ServerError } from '../server/http.ts';
import type { Host } from '../server/url.ts';
import { bind } from './statements.ts';
import { readingOf } from './values.ts';

const defaultTimeoutMs = 30_000;
const defaultRows = 100_000;

/** Exceptions that say that it took too long, too much memory, or was cancelled. */
const stopped: Readonly<Record<number, string>> = {
  158: 'it would read more rows than the server allows',
  159: 'it took longer than it may',
  160: 'it would take longer than it may',
  241: 'it needs more memory than it may use',
  307: 'it would read more bytes than the server allows',
  394: 'it was stopped',
};
/** Exceptions that say that the server or the network is not well; others are about the statement. */
const unwell = new Set([0, 3, 193, 194, 202, 203, 209, 210, 242, 279, 439, 516, 519, 999]);

const hints = {
  stopped: 'Ask for less time or fewer rows, or allow more.',
  query: 'See which tables and columns there are with taplight query "SHOW TABLES".',
  failed: 'See whether the servers are up and the URL is right; docs/72-fleet.md.',
};

/** What went wrong with a statement, in the words of the server. */
export function failureOf(cause: unknown, options: SelectOptions): Failure {
  if (cause instanceof Failure) return cause;
  if (options.signal?.aborted === true)
    return new Failure('QUERY_STOPPED', 'the query was stopped', hints.stopped, cause);
  const text = cause instanceof Error ? cause.message : String(cause);
  if (!(cause instanceof ServerError))
    return new Failure('STORE_FAILED', `no answer of ClickHouse: ${text}`, hints.failed, cause);
  const why = stopped[cause.code];
  if (why !== undefined) return new Failure('QUERY_STOPPED', `the query was stopped: ${why}`, hints.stopped, cause);
  if (unwell.has(cause.code)) return new Failure('STORE_FAILED', `ClickHouse: ${text}`, hints.failed, cause);
  return new Failure('BAD_QUERY', text, hints.query, cause);
}

/** Names, types, rows. Throws where the statement gives none, or asks for a format of its own. */
function rowsOf(answer: string): [string[], string[], ...unknown[][]] {
  try {
    // Signs that end lines stand in text as escapes only.
    const lines: unknown[] = JSON.parse(`[${answer.trimEnd().replaceAll('\n', ',')}]`);
    if (lines.length >= 2 && lines.every(Array.isArray)) return lines as [string[], string[], ...unknown[][]];
  } catch {
    // Another format, as below.
  }
  throw new Failure('BAD_QUERY', 'the statement gives no rows', 'Write a SELECT, and leave FORMAT out.');
}

/** The same for all questions. */
const settings: Readonly<Record<string, string>> = {
  // The server sees that nobody listens any more.
  cancel_http_readonly_queries_on_client_close: '1',
  session_timezone: 'UTC',
  date_time_output_format: 'unix_timestamp',
  output_format_json_quote_64bit_integers: '1',
  output_format_json_quote_denormals: '0',
  // A question inside a question is asked of all shards, too.
  distributed_product_mode: 'global',
};

const ownReadonly = { sql: "SELECT getSetting('readonly')", timeoutMs: 10_000, database: '' };

/** Asks one of several servers; the one that answered last is asked first. */
export class Selector {
  readonly #connections: Connections;
  #first = 0;
  /** What the user's own `readonly` is: who has one may only read anyway, and may not say so again. */
  #readonly: string | null = null;

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  async select(statement: Statement, options: SelectOptions = {}): Promise<Result> {
    const began = performance.now();
    const maxRows = options.maxRows ?? defaultRows;
    const { sql, settings: params } = bind(statement);
    const more = {
      ...params,
      // One more tells whether there are more.
      limit: String(maxRows + 1),
      default_format: 'JSONCompactEachRowWithNamesAndTypes',
      // What goes wrong late is told as well as what goes wrong early.
      wait_end_of_query: '1',
    };
    const answer = await this.#ask(sql, more, options, (host, asking) => this.#connections.ask(host, asking));
    const [names, types, ...rows] = rowsOf(answer);
    const reading = readingOf(names ?? [], types ?? [], options.kinds ?? {});
    const isCut = rows.length > maxRows;
    if (isCut) rows.length = maxRows;
    return { columns: reading.columns, rows: rows.map(reading.row), isCut, tookMs: performance.now() - began };
  }

  /** The answer in another format, as it comes. */
  stream(statement: Statement, format: string, options: SelectOptions = {}): Promise<IncomingMessage> {
    const { sql, settings: params } = bind(statement);
    const more = { ...params, default_format: format };
    return this.#ask(sql, more, options, (host, asking) => this.#connections.open(host, asking));
  }

  async #ask<T>(
    sql: string,
    more: Readonly<Record<string, string>>,
    options: SelectOptions,
    ask: (host: Host, asking: Parameters<Connections['ask']>[1]) => Promise<T>,
  ): Promise<T> {
    const { place } = this.#connections;
    const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
    const all = {
      ...settings,
      ...more,
      max_execution_time: String(timeoutMs / 1000),
      ...(options.maxBytes === undefined ? {} : { max_memory_usage: String(options.maxBytes) }),
      ...(place.isPartial ? { skip_unavailable_shards: '1' } : {}),
    };
    for (let tried = 1; ; tried++) {
      const host = place.hosts[this.#first % place.hosts.length];
      try {
        // Asked apart from the statement, which could otherwise have a say in it.
        this.#readonly ??= (await this.#connections.ask(host, ownReadonly)).trim();
        const asked = this.#readonly === '0' ? { ...all, readonly: '1' } : all;
        return await ask(host, { sql, settings: asked, timeoutMs: timeoutMs + 5000, signal: options.signal });
      } catch (cause) {
        if (!(cause instanceof NoAnswer) || tried >= place.hosts.length) throw failureOf(cause, options);
        this.#first++;
      }
    }
  }
}
