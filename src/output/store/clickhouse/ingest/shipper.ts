// Sends what is in the spool, oldest first, until the server has it. A batch carries a token, so that one that is sent
// again because its answer was lost is taken once; see non_replicated_deduplication_window.

import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type Connections, ServerError } from '../server/http.ts';
import type { Host } from '../server/url.ts';
import { quoted } from '../tables/column-types.ts';
import type { Part } from './record.ts';
import type { Segment, Spool } from './spool.ts';

export interface ShipperOptions {
  readonly spool: Spool;
  readonly connections: Connections;
  /** Name of the sensor: tokens begin with it. */
  readonly sensor: string;
  /** Where rows of this sensor go; throws NoAnswer or ServerError where that cannot be told or is not ready yet. */
  readonly target: () => Promise<Host>;
  /** Brings the tables up to date, called before every file; `isWrong`: the server says that they are not. */
  readonly prepare: (host: Host, isWrong: boolean) => Promise<void>;
  /** Table of a shard by the name of the declared one. */
  readonly localName: (table: string) => string;
  /** What went wrong; null: it goes on. Told when that changes. */
  readonly trouble: (what: string | null) => void;
  /** Rows that the server will never take. */
  readonly refused: (rows: number) => void;
}

const insertTimeoutMs = 120_000;
const firstPauseMs = 200;
const longestPauseMs = 30_000;
/** Tables of a file that are sent at the same time. */
const atOnce = 3;
/** Tries after which rows that the server calls wrong are set aside. */
const triesOfWrong = 3;

/** Exceptions that say that tables are not as they should be: UNKNOWN_DATABASE, UNKNOWN_TABLE, NO_SUCH_COLUMN … */
const ofSchema = new Set([8, 16, 36, 47, 60, 81]);
/** Exceptions that say that the rows themselves are wrong: they will be next time, too. */
const ofRows = new Set([6, 7, 26, 27, 32, 33, 34, 41, 43, 50, 53, 69, 70, 72, 117, 131, 190, 271, 349]);

const settings: Readonly<Record<string, string>> = {
  insert_deduplicate: '1',
  deduplicate_blocks_in_dependent_materialized_views: '1',
  async_insert: '0',
  // Rows of files say themselves when they began to be kept.
  insert_allow_materialized_columns: '1',
  // A capture with a wrong clock has rows of any number of days.
  max_partitions_per_insert_block: '0',
  // One block a batch, whatever its size.
  max_insert_block_size: '100000000',
  min_insert_block_size_rows: '100000000',
  min_insert_block_size_bytes: '4000000000',
};

const zip = promisify(gzip);

/** Someone waits until a file and all before it are sent. */
interface Waiting {
  readonly last: Segment;
  sent: () => void;
}

/** Blocks that are sent together, and their name, the same every time. */
interface Group {
  readonly key: string;
  readonly parts: Part[];
}

export class Shipper {
  readonly #options: ShipperOptions;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #wake: (() => void) | null = null;
  #isSchemaWrong = false;
  #failures = 0;
  #isTroubled = false;
  readonly #waiting = new Set<Waiting>();

  constructor(options: ShipperOptions) {
    this.#options = options;
    options.spool.onWrite = () => this.#wake?.();
    this.#running = this.#run();
  }

  /** Sends what is written so far without waiting for more; false: `ms` have passed before. */
  async flush(ms: number): Promise<boolean> {
    const last = this.#options.spool.newest();
    if (last === null) return true;
    const waiting: Waiting = { last, sent: () => {} };
    const sent = new Promise<boolean>((resolve) => {
      waiting.sent = () => resolve(true);
    });
    this.#waiting.add(waiting);
    this.#wake?.();
    const late = new AbortController();
    const isSent = await Promise.race([sent, sleep(ms, false, { signal: late.signal }).catch(() => false)]);
    late.abort();
    this.#waiting.delete(waiting);
    return isSent;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#wake?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const segment = await this.#due();
      if (segment === null) continue;
      try {
        await this.#ship(segment);
        this.#failures = 0;
        if (this.#isTroubled) this.#options.trouble(null);
        this.#isTroubled = false;
      } catch (cause) {
        if (!this.#stop.signal.aborted) await this.#failed(cause);
      }
      for (const { last, sent } of this.#waiting) if (!this.#options.spool.isWaiting(last)) sent();
    }
  }

  /** The next file once it is time; null: look again. */
  async #due(): Promise<Segment | null> {
    const { spool, connections } = this.#options;
    const oldest = spool.peek();
    if (oldest === null) {
      await this.#pause(null);
      return null;
    }
    const age = Date.now() - oldest.bornMs;
    // A clock that was set back makes it negative.
    const left = age < 0 ? 0 : connections.place.everyMs - age;
    if (left <= 0 || this.#waiting.size > 0 || spool.isClosed(oldest)) return spool.takeOldest();
    await this.#pause(left);
    return null;
  }

  /** Until something is written, someone waits, or the time is over. */
  async #pause(ms: number | null): Promise<void> {
    if (this.#stop.signal.aborted) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (ms !== null) timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
    this.#wake = null;
  }

  async #ship(segment: Segment): Promise<void> {
    const { spool, refused } = this.#options;
    const parts = await spool.read(segment);
    if (parts === null) return;
    const host = await this.#options.target();
    await this.#options.prepare(host, this.#isSchemaWrong);
    this.#isSchemaWrong = false;
    const left = groups(parts);
    const failed: { readonly group: Group; readonly cause: unknown }[] = [];
    const send = async (): Promise<void> => {
      for (let group = left.pop(); group !== undefined; group = left.pop()) {
        const sent = group;
        await this.#insert(host, segment, sent).catch((cause: unknown) => failed.push({ group: sent, cause }));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, send));
    const other =
      failed.find(({ cause }) => !isOfRows(cause)) ?? (this.#failures < triesOfWrong ? failed[0] : undefined);
    if (other !== undefined) throw other.cause;
    const missing = segment.rows - rowsOf(parts); // damaged on disk
    const wrong = failed.reduce((sum, { group }) => sum + rowsOf(group.parts), 0);
    if (missing + wrong > 0) refused(missing + wrong);
    if (failed.length === 0) return spool.remove(segment);
    this.#tell(failed[0].cause);
    await spool.refuse(segment);
  }

  async #insert(host: Host, segment: Segment, { key, parts }: Group): Promise<void> {
    const { connections, sensor, localName } = this.#options;
    const [{ table, columns }] = parts;
    const blocks = parts.map(({ block }) => block);
    const isZipped = connections.place.compress === 'gzip';
    await connections.ask(host, {
      sql: `INSERT INTO ${quoted(localName(table))} (${columns.map(quoted).join(', ')}) FORMAT Native`,
      body: isZipped ? [await zip(Buffer.concat(blocks), { level: 1 })] : blocks,
      ...(isZipped ? { encoding: 'gzip' as const } : {}),
      settings: { ...settings, insert_deduplication_token: `${sensor}:${segment.name}:${key}` },
      timeoutMs: insertTimeoutMs,
      signal: this.#stop.signal,
    });
  }

  async #failed(cause: unknown): Promise<void> {
    this.#tell(cause);
    this.#failures++;
    if (cause instanceof ServerError && ofSchema.has(cause.code)) this.#isSchemaWrong = true;
    // A fleet whose server comes back does not come back all at once.
    const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(this.#failures - 1, 20));
    const { signal } = this.#stop;
    await sleep(pause * (0.5 + Math.random() / 2), null, { signal }).catch(() => {});
  }

  #tell(cause: unknown): void {
    this.#isTroubled = true;
    this.#options.trouble(cause instanceof Error ? cause.message : String(cause));
  }
}

const rowsOf = (parts: readonly Part[]): number => parts.reduce((sum, { rows }) => sum + rows, 0);
const isOfRows = (cause: unknown): boolean => cause instanceof ServerError && ofRows.has(cause.code);

/** Blocks of the same table and columns. */
function groups(parts: readonly Part[]): Group[] {
  const found = new Map<string, Group>();
  for (const part of parts) {
    const id = `${part.table} ${part.columns.join()}`;
    const group = found.get(id) ?? { key: `${part.table}:${found.size}`, parts: [] };
    group.parts.push(part);
    found.set(id, group);
  }
  return [...found.values()];
}
