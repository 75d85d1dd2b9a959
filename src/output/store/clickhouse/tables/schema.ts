// Makes tables and columns that a server does not have; never takes any away.

import { flows, isRollup, type Table } from '../../tables/index.ts';
import type { Connections } from '../server/http.ts';
import type { Host } from '../server/url.ts';
import { quoted } from './column-types.ts';
import { createLocal, createReader, createView, localColumns, localName, onCluster, viewName } from './definitions.ts';
import { viewQuery } from './rollup-views.ts';

/** Raised with every change of the declared tables that more than adds a column. */
export const schemaVersion = 1;

/** Keeps which program made which schema, and when. */
const schemaTable = 'taplight_schema';

const timeoutMs = 60_000;

/** Columns by table that are there. */
type Found = ReadonlyMap<string, ReadonlySet<string>>;

async function findColumns(connections: Connections, host: Host): Promise<Found> {
  const { database } = connections.place;
  const sql = `SELECT table, name FROM system.columns WHERE database = '${database}' FORMAT TabSeparated`;
  const text = await connections.ask(host, { sql, timeoutMs, database: '' });
  const found = new Map<string, Set<string>>();
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const [table, name] = line.split('\t');
    const columns = found.get(table) ?? new Set();
    found.set(table, columns.add(name));
  }
  return found;
}

/** Statements that bring one table up to date. */
function changesOf(table: Table, connections: Connections, found: Found): string[] {
  const { place } = connections;
  const local = localName(table, place);
  const columns = localColumns(table);
  const have = found.get(local);
  const reader = createReader(table, place);
  const view = isRollup(table) ? [createView(table, place)] : [];
  if (have === undefined) return [createLocal(table, place), ...(reader === null ? [] : [reader]), ...view];
  const added = [...columns].filter(([name]) => !have.has(name)).map(([, definition]) => definition);
  const changes = added.map((column) => alter(local, `ADD COLUMN IF NOT EXISTS ${column}`, connections));
  if (isRollup(table) && added.length > 0)
    changes.push(alter(viewName(table), `MODIFY QUERY ${viewQuery(table, localName(flows, place))}`, connections));
  if (isRollup(table) && !found.has(viewName(table))) changes.push(...view);
  if (reader !== null) changes.push(...readerChanges(table, reader, connections, found));
  return changes;
}

function readerChanges(table: Table, reader: string, connections: Connections, found: Found): string[] {
  const have = found.get(table.name);
  const missing = table.columns.filter(({ name }) => have?.has(name) !== true);
  if (missing.length === 0) return [];
  if (have === undefined || connections.place.cluster === '') return [reader];
  const definitions = localColumns(table);
  return missing.map(({ name }) => {
    const definition = (definitions.get(name) ?? '').replace(/ CODEC\(.*$/, '');
    return alter(table.name, `ADD COLUMN IF NOT EXISTS ${definition}`, connections);
  });
}

const alter = (name: string, change: string, { place }: Connections): string =>
  `ALTER TABLE ${quoted(name)}${onCluster(place)} ${change}`;

/**
 * Brings one server up to date: does nothing where it is. Safe to be called by many sensors at once.
 * @param program version of the program, for the record
 * Throws ServerError, NoAnswer.
 */
export async function ensureSchema(
  connections: Connections,
  host: Host,
  tables: readonly Table[],
  program: string,
): Promise<void> {
  const { place } = connections;
  const found = await findColumns(connections, host);
  const run = (sql: string, database?: string) =>
    connections.ask(host, { sql, timeoutMs, ...(database === undefined ? {} : { database }) });
  const changes = tables.flatMap((table) => changesOf(table, connections, found));
  const isMarked = found.has(schemaTable);
  if (changes.length === 0 && isMarked) return;
  const exists = `SELECT count() FROM system.databases WHERE name = '${place.database}'`;
  if (found.size === 0 && (await run(exists, '')).trim() === '0')
    await run(`CREATE DATABASE IF NOT EXISTS ${quoted(place.database)}${onCluster(place)}`, '');
  for (const sql of changes) await run(sql);
  await run(
    `CREATE TABLE IF NOT EXISTS ${schemaTable}${onCluster(place)} (version UInt32, program String, ts DateTime) ` +
      `ENGINE = ${place.isReplicated ? 'Replicated' : ''}MergeTree ORDER BY ts`,
  );
  const values = { param_version: String(schemaVersion), param_program: program };
  const sql = `INSERT INTO ${schemaTable} SELECT {version:UInt32}, {program:String}, now()`;
  await connections.ask(host, { sql, timeoutMs, settings: values });
}
