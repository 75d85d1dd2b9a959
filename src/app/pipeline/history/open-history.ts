// Opens a store for questions: a server, a folder nobody writes to, or the process that owns the folder.

import { existsSync } from 'node:fs';
import { Failure } from '../../../core/index.ts';
import {
  type AskOptions,
  exportRows,
  type History,
  openHistory,
  type RowsRequest,
  type Store,
  type StoreInfo,
  storeTables,
  type Table,
} from '../../../output/store/index.ts';
import { eventKinds } from '../hand-over/flow-names.ts';
import { isServer } from './open-store.ts';

/** A history, and what else can be had from its store without writing to it. */
export interface Reading {
  readonly history: History;
  info(): Promise<StoreInfo>;
  /** Writes all rows that a question finds as a Parquet file. */
  exportParquet(request: RowsRequest, path: string, options?: AskOptions): Promise<void>;
  close(): Promise<void>;
}

/** Ways into a store; given, so that this room knows neither threads nor servers, and tests can play them. */
export interface Doors {
  /** Reads a folder. Throws STORE_LOCKED where a process owns it, NO_SUCH_STORE, STORE_FAILED. */
  openFolder(folder: string): Promise<Store>;
  /** A server, by its URL. Throws STORE_FAILED. */
  openServer(url: string): Promise<Store>;
  /** Where the process that owns a folder answers. */
  socketOf(folder: string): string;
  /** Its answers. */
  askOwner(socket: string): Promise<Omit<Reading, 'history' | 'close'> & History>;
}

let known: readonly Table[] | null = null;

/** All tables that this program keeps. */
export function keptTables(): readonly Table[] {
  known ??= storeTables(eventKinds);
  return known;
}

/** @param place folder or clickhouse:// URL. Throws NO_SUCH_STORE, STORE_LOCKED, STORE_FAILED. */
export async function openReading(place: string, doors: Doors): Promise<Reading> {
  if (isServer(place)) return readingOf(await doors.openServer(place));
  if (!existsSync(place)) throw noStore(place);
  try {
    return readingOf(await doors.openFolder(place));
  } catch (error) {
    const socket = doors.socketOf(place);
    // Where the owner does not answer, what keeps us out is the lock.
    if (!(error instanceof Failure) || error.code !== 'STORE_LOCKED' || !existsSync(socket)) throw error;
    const owner = await doors.askOwner(socket);
    return {
      history: owner,
      info: () => owner.info(),
      exportParquet: (request, path, options) => owner.exportParquet(request, path, options),
      close: async () => {},
    };
  }
}

/** The store itself, for questions. */
export function readingOf(store: Store): Reading {
  const tables = keptTables();
  return {
    history: openHistory(store, tables),
    info: () => store.info(),
    exportParquet: (request, path, options) => exportRows(store, tables, request, path, options),
    close: () => store.close(),
  };
}

function noStore(place: string): Failure {
  const hint = 'Keep something first: `taplight -i IFACE --store default`, or `taplight -r FILE --store default`.';
  return new Failure('NO_SUCH_STORE', `there is no store in ${place}`, hint);
}
