// The history of a store that another process owns, asked over its socket: same questions, same answers, same Failures.

import { createWriteStream, rmSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Failure } from '../../../core/index.ts';
import type {
  AskOptions,
  DiffReport,
  History,
  Result,
  RowsRequest,
  RunRow,
  SensorRow,
  StoreInfo,
} from '../../../output/store/index.ts';
import { apiBase } from '../api-base.ts';
import { failureOf, type Problem } from '../refusals.ts';

/** A history, and what else its owner does for others. */
export interface RemoteHistory extends History {
  info(): Promise<StoreInfo>;
  /** Writes what the question finds as a Parquet file. Throws also WRITE_FAILED. */
  exportParquet(request: RowsRequest, path: string, options?: AskOptions): Promise<void>;
}

/** Connects at each question; nothing is to be closed. Stopping a question stops it in the engine. */
export function openRemoteHistory(socketPath: string): RemoteHistory {
  const get = <T>(path: string, options: AskOptions = {}) => ask<T>({ socketPath, path, ...options });
  const post = <T>(path: string, body: object, options: AskOptions = {}) =>
    ask<T>({ socketPath, path, body, ...options });
  return {
    rows: (request, options) => post<Result>('/rows', request, options),
    count: async (request, options) => (await post<{ readonly count: number }>('/count', request, options)).count,
    top: (request, options) => post<Result>('/top', request, options),
    series: (request, options) => post<Result>('/series', request, options),
    diff: (request, options) => post<DiffReport>('/diff', request, options),
    sql: (sql, { signal, timeoutMs, ...rest } = {}) =>
      post<Result>('/sql', { sql, ...rest }, withoutUndefined({ signal, timeoutMs })),
    runs: (options) => get<RunRow[]>('/runs', options),
    sensors: (options) => get<SensorRow[]>('/sensors', options),
    info: async () => {
      const { store } = await get<{ readonly store: StoreInfo | null }>('/status');
      if (store !== null) return store;
      throw new Failure('STORE_FAILED', `nothing is kept at ${socketPath}`, 'Stop the process that answers there.');
    },
    exportParquet: async (request, path, options) => {
      const query = `/export/parquet?request=${encodeURIComponent(JSON.stringify(request))}`;
      await download(await send({ socketPath, path: query, ...options }), path);
    },
  };
}

interface Question extends AskOptions {
  readonly socketPath: string;
  /** After the base, with its query. */
  readonly path: string;
  readonly body?: object;
}

async function ask<T>(question: Question): Promise<T> {
  const incoming = await send(question);
  const text = await textOf(incoming, question);
  return JSON.parse(text) as T;
}

/** The answer, once its head is there. Throws the Failure that the owner tells of. */
async function send(question: Question): Promise<IncomingMessage> {
  const { socketPath, path, body, signal, timeoutMs } = question;
  if (signal?.aborted === true) throw stopped();
  const timeout = timeoutMs === undefined ? '' : `${path.includes('?') ? '&' : '?'}timeoutMs=${Math.ceil(timeoutMs)}`;
  const words = body === undefined ? null : Buffer.from(JSON.stringify(body));
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = httpRequest({
      socketPath,
      path: `${apiBase}${path}${timeout}`,
      method: words === null ? 'GET' : 'POST',
      headers: words === null ? {} : { 'Content-Type': 'application/json', 'Content-Length': words.length },
      ...(signal === undefined ? {} : { signal }),
    });
    outgoing.once('response', resolve);
    outgoing.on('error', (error) => reject(lost(error, question)));
    outgoing.end(words);
  });
  if (incoming.statusCode === 200) return incoming;
  throw failureOf(JSON.parse(await textOf(incoming, question)) as Problem);
}

async function textOf(incoming: IncomingMessage, question: Question): Promise<string> {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of incoming) pieces.push(piece as Uint8Array);
  } catch (error) {
    throw lost(error, question);
  }
  return Buffer.concat(pieces).toString('utf8');
}

const stopped = (): Failure => new Failure('QUERY_STOPPED', 'the question was stopped', 'Ask again.');

/** What it means that a connection ended before its answer. */
function lost(error: unknown, { signal, socketPath }: Question): Failure {
  if (signal?.aborted === true) return stopped();
  const { code } = error as NodeJS.ErrnoException;
  const hint = 'The process that owns the store may just have ended: ask again.';
  return new Failure('STORE_FAILED', `the owner of the store does not answer at ${socketPath} (${code})`, hint, error);
}

async function download(incoming: IncomingMessage, path: string): Promise<void> {
  try {
    await pipeline(incoming, createWriteStream(path));
  } catch (cause) {
    rmSync(path, { force: true });
    const { code } = cause as NodeJS.ErrnoException;
    throw new Failure('WRITE_FAILED', `cannot write ${path} (${code})`, 'Check the path and the disk.', cause);
  }
}

function withoutUndefined<T extends object>(options: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}
