// A store on ClickHouse servers: rows go to a spool on disk and from there to one shard; questions go to all.

import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { Failure } from '../../../core/index.ts';
import type { Batch } from '../batches/index.ts';
import type { Result, RetentionPolicy, SelectOptions, Statement, Store, StoreInfo, StoreWaiting } from '../store.ts';
import type { Table } from '../tables/index.ts';
import { FileRows } from './ingest/file-rows.ts';
import { NativeEncoder } from './ingest/native.ts';
import type { Part } from './ingest/record.ts';
import { Shipper } from './ingest/shipper.ts';
import { Spool } from './ingest/spool.ts';
import { ownSpool } from './ingest/spool-owner.ts';
import { Target } from './ingest/target.ts';
import { failureOf, Selector } from './reading/select.ts';
import { Connections, ServerError } from './server/http.ts';
import { type Host, parseClickhouseUrl } from './server/url.ts';
import { localName } from './tables/definitions.ts';
import { Retention } from './tables/retention.ts';
import { ensureSchema, schemaVersion } from './tables/schema.ts';

export interface ClickhouseOptions {
  /** `clickhouse://…`, see server/url.ts. */
  readonly url: string;
  readonly tables: readonly Table[];
  /** Name of this sensor: decides the shard. Never the same for two that write at the same time. */
  readonly sensor: string;
  /** Folder of this sensor alone; null: nothing is written. */
  readonly spoolFolder: string | null;
  /** Most bytes on disk that wait for the servers; 1 GB when left out. */
  readonly spoolBytes?: number;
  /** At that bound `write` waits for room, for files; left out: the oldest rows are dropped and counted. */
  readonly waits?: boolean;
  /** Version of the program, for the record of the schema. */
  readonly program?: string;
  /** What is wrong with the servers, once; null: it is over. Rows wait meanwhile. */
  readonly trouble?: (what: string | null) => void;
  /** Longest time that `close` waits for the servers; 10 s when left out. What is left is sent by the next start. */
  readonly closeMs?: number;
}

/** A store, and what only ClickHouse has. */
export interface ClickhouseStore extends Store {
  /** Sends what is written now; false where the servers have not taken it in this time. It stays in the spool then. */
  flush(ms: number): Promise<boolean>;
}

const defaultSpoolBytes = 1_000_000_000;
const segmentBytes = 16 << 20;
const firstAskMs = 5000;
/** Servers that were down are looked for this often, to make their tables. */
const othersEveryMs = 60_000;
const dayUs = 86_400e6;
/** ACCESS_DENIED. */
const accessDenied = 497;

/**
 * Opens a store. Servers that cannot be reached are no error when something is to be written: rows wait in the spool.
 * Throws BAD_OPTION for the URL, STORE_FAILED where the servers refuse the user, STORE_LOCKED, STORE_FULL.
 */
export async function openClickhouse(options: ClickhouseOptions): Promise<ClickhouseStore> {
  const connections = new Connections(parseClickhouseUrl(options.url));
  const { hosts } = connections.place;
  const asked = await Promise.allSettled(
    hosts.map((host) => connections.ask(host, { sql: 'SELECT 1', timeoutMs: firstAskMs, database: '' })),
  );
  const causes = asked.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
  const refused = causes.find((cause) => cause instanceof ServerError);
  const isDeaf = options.spoolFolder === null && causes.length === hosts.length;
  if (refused !== undefined || isDeaf) {
    connections.close();
    throw asOpening(failureOf(refused ?? causes[0], {}));
  }
  const { spoolFolder } = options;
  if (spoolFolder === null) return new OpenStore(connections, options, null);
  const release = await ownSpool(spoolFolder);
  try {
    const losses = new Losses();
    const bytes = options.spoolBytes ?? defaultSpoolBytes;
    const spool = await Spool.open({
      folder: spoolFolder,
      bytes,
      waits: options.waits ?? false,
      segmentBytes: Math.min(segmentBytes, Math.ceil(bytes / 8)),
      dropped: (rows) => losses.add(rows, `the spool is full: ${rows} rows were dropped`, options),
    });
    return new OpenStore(connections, options, { spool, losses, release });
  } catch (failure) {
    connections.close();
    await release();
    throw failure;
  }
}

/** A server that refuses the first, simplest question refuses the user. */
function asOpening(failure: Failure): Failure {
  const hint = 'See whether user and password in the URL are right; docs/72-fleet.md.';
  return failure.code === 'STORE_FAILED' ? failure : new Failure('STORE_FAILED', failure.message, hint, failure);
}

/** Rows that were lost, and telling so. */
class Losses {
  rows = 0;

  add(rows: number, what: string, { trouble }: ClickhouseOptions): void {
    this.rows += rows;
    trouble?.(what);
  }
}

interface Writing {
  readonly spool: Spool;
  readonly losses: Losses;
  readonly release: () => Promise<void>;
}

class OpenStore implements ClickhouseStore {
  readonly dialect = 'clickhouse';
  readonly #connections: Connections;
  readonly #options: ClickhouseOptions;
  readonly #selector: Selector;
  readonly #retention: Retention;
  readonly #writing: Writing | null;
  readonly #shipper: Shipper | null = null;
  readonly #encoders: ReadonlyMap<string, NativeEncoder>;
  readonly #columns: ReadonlyMap<string, readonly string[]>;
  readonly #fileRows = new FileRows();
  readonly #ready = new Set<Host>();
  #othersAgainMs = 0;
  /** What the servers were told last, and when. */
  #retained = { policy: '', nowUs: 0 };
  #closing: Promise<void> | null = null;

  constructor(connections: Connections, options: ClickhouseOptions, writing: Writing | null) {
    this.#connections = connections;
    this.#options = options;
    this.#selector = new Selector(connections);
    this.#retention = new Retention(connections, options.tables);
    this.#writing = writing;
    this.#encoders = new Map(options.tables.map((table) => [table.name, new NativeEncoder(table)]));
    this.#columns = new Map(options.tables.map(({ name, columns }) => [name, columns.map((each) => each.name)]));
    if (writing === null) return;
    const target = new Target(connections, options.sensor);
    const byName = new Map(options.tables.map((table) => [table.name, localName(table, connections.place)]));
    this.#shipper = new Shipper({
      spool: writing.spool,
      connections,
      sensor: options.sensor,
      target: () => target.host(),
      prepare: (host, isWrong) => this.#prepare(host, isWrong),
      localName: (table) => byName.get(table) ?? table,
      trouble: (what) => options.trouble?.(what),
      refused: (rows) => writing.losses.add(rows, `${rows} rows are refused by the server and set aside`, options),
    });
  }

  async write(batches: readonly Batch[]): Promise<void> {
    const { spool } = this.#writer();
    const parts = batches.filter(({ rows }) => rows > 0).map((batch) => this.#part(batch));
    if (parts.length > 0) await spool.append(parts);
  }

  async select(statement: Statement, options?: SelectOptions): Promise<Result> {
    if (this.#closing !== null) throw notTaken('the store is closed');
    return this.#selector.select(statement, options);
  }

  flush(ms: number): Promise<boolean> {
    return this.#shipper?.flush(ms) ?? Promise.resolve(true);
  }

  async info(): Promise<StoreInfo> {
    const { place } = this.#connections;
    const from = place.cluster === '' ? 'system.parts' : `cluster('${place.cluster}', system.parts)`;
    const sql =
      'SELECT table, sum(rows) AS r, sum(bytes_on_disk) AS b ' +
      `FROM ${from} WHERE active AND database = '${place.database}' GROUP BY table`;
    const found = await this.#selector.select({ sql, params: [] });
    const byTable = new Map(found.rows.map(([table, rows, bytes]) => [table, [Number(rows), Number(bytes)]]));
    const of = (table: Table): number[] => byTable.get(localName(table, place)) ?? [0, 0];
    return {
      place: place.text,
      engine: 'clickhouse',
      schema: schemaVersion,
      bytes: this.#options.tables.reduce((sum, table) => sum + of(table)[1], 0),
      rows: Object.fromEntries(this.#options.tables.map((table) => [table.name, of(table)[0]])),
      ...this.waiting(),
    };
  }

  waiting(): StoreWaiting {
    const { spool, losses } = this.#writing ?? {};
    return { waitingRows: spool?.rows ?? 0, spoolBytes: spool?.bytes ?? 0, droppedRows: losses?.rows ?? 0 };
  }

  /**
   * The size of the store is not bounded here: one sensor does not decide for a fleet. Servers delete by themselves, so
   * they are not asked again before a day has passed. A sensor that may only insert leaves it to who may do more.
   */
  async retain(policy: RetentionPolicy, nowUs: number): Promise<number> {
    this.#writer();
    const text = `${policy.rawDays} ${policy.rollupDays}`;
    const isNew = this.#retained.policy !== text;
    if (!isNew && nowUs < this.#retained.nowUs + dayUs) return 0;
    const rows = await this.#everywhere(async (host) => {
      try {
        if (isNew) await this.#retention.setTtl(host, policy);
        return await this.#retention.dropDays(host, policy, nowUs);
      } catch (cause) {
        if (cause instanceof ServerError && cause.code === accessDenied) return 0;
        throw cause;
      }
    });
    this.#retained = { policy: text, nowUs };
    return rows;
  }

  async forget(runs: readonly number[]): Promise<number> {
    this.#writer();
    if (runs.length === 0) return 0;
    if (!(await this.flush(this.#options.closeMs ?? 10_000))) {
      const hint = 'See whether the servers are up, then do it again.';
      throw new Failure('STORE_FAILED', 'rows of these runs still wait for the servers', hint);
    }
    return this.#everywhere((host) => this.#retention.forget(host, runs));
  }

  async exportParquet(statement: Statement, path: string, options: SelectOptions = {}): Promise<void> {
    const half = `${path}.part`;
    try {
      const answer = await this.#selector.stream(statement, 'Parquet', { timeoutMs: 3_600_000, ...options });
      await pipeline(answer, createWriteStream(half));
      await assertWhole(half);
      await rename(half, path);
    } catch (cause) {
      await rm(half, { force: true });
      if (cause instanceof Failure) throw cause;
      if (options.signal?.aborted === true) throw failureOf(cause, options);
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Failure('WRITE_FAILED', `${path} was not written: ${why}`, 'See whether there is room.', cause);
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.flush(this.#options.closeMs ?? 10_000);
    await this.#shipper?.close();
    await this.#writing?.spool.close();
    await this.#writing?.release();
    this.#connections.close();
  }

  #part(batch: Batch): Part {
    const encoder = this.#encoders.get(batch.table);
    const columns = this.#columns.get(batch.table);
    if (encoder === undefined || columns === undefined) throw notTaken(`there is no table ${batch.table}`);
    const extra = this.#fileRows.keptFrom(encoder.table, batch, Date.now());
    const names = extra === null ? columns : [...columns, extra.name];
    const block = encoder.encode(batch, extra === null ? [] : [extra]);
    return { table: batch.table, columns: names, rows: batch.rows, block };
  }

  #writer(): Writing {
    if (this.#closing !== null) throw notTaken('the store is closed');
    if (this.#writing !== null) return this.#writing;
    throw new Failure('STORE_FAILED', 'the store is open for reading only', 'Open it with a spool folder.');
  }

  /** Tables are made on all servers, as a question to one goes to all; but those that are down do not hold up the rest. */
  async #prepare(own: Host, isWrong: boolean): Promise<void> {
    const { hosts, isReplicated } = this.#connections.place;
    const { tables, program = '' } = this.#options;
    if (isWrong) this.#ready.clear();
    if (!this.#ready.has(own)) await ensureSchema(this.#connections, own, tables, program);
    this.#ready.add(own);
    const others = isReplicated ? [] : hosts.filter((host) => !this.#ready.has(host));
    if (others.length === 0 || Date.now() < this.#othersAgainMs) return;
    this.#othersAgainMs = Date.now() + othersEveryMs;
    const made = others.map((host) => ensureSchema(this.#connections, host, tables, program));
    for (const [i, { status }] of (await Promise.allSettled(made)).entries())
      if (status === 'fulfilled') this.#ready.add(others[i]);
  }

  /** On every shard; with replicas the servers pass it on. */
  async #everywhere(work: (host: Host) => Promise<number>): Promise<number> {
    const { hosts, isReplicated } = this.#connections.place;
    let sum = 0;
    try {
      for (const host of isReplicated ? hosts.slice(0, 1) : hosts) {
        await ensureSchema(this.#connections, host, this.#options.tables, this.#options.program ?? '');
        sum += await work(host);
      }
    } catch (cause) {
      throw failureOf(cause, {});
    }
    return sum;
  }
}

const notTaken = (why: string): Failure =>
  new Failure('STORE_FAILED', why, 'This is an error of the program: report it.');

/** A stream that the server broke off in the middle has no end. */
async function assertWhole(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - 4000);
    const tail = Buffer.alloc(Math.min(size, 4000));
    await file.read(tail, 0, tail.length, from);
    if (tail.toString('latin1', tail.length - 4) === 'PAR1') return;
    const said = /Code: \d+\. DB::Exception.*/s.exec(tail.toString('utf8'))?.[0] ?? 'the answer ends in the middle';
    throw new Failure('STORE_FAILED', said.trim().slice(0, 500), 'Ask for less, or see the log of the server.');
  } finally {
    await file.close();
  }
}
