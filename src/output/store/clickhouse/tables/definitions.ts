// SQL that makes the declared tables: kept on every shard, and read over all of them.

import { type Column, flows, isRollup, merges, type Rollup, type Table } from '../../tables/index.ts';
import type { Place } from '../server/url.ts';
import { keptColumn, quoted } from './column-types.ts';
import { viewQuery } from './rollup-views.ts';

/** When rows begin to be kept for the days of retention: their own time, or that of the import of the file they are from. */
export const keptFrom = 'kept_from';

/** The table that holds the rows of one shard; another of the plain name reads it, or all of them. */
export const localName = (table: Table, { cluster }: Place): string =>
  cluster === '' && !isRollup(table) ? table.name : `${table.name}_local`;

export const viewName = (table: Pick<Table, 'name'>): string => `${table.name}_view`;

/** Columns that a filter looks for by a piece of text. */
const searched = new Set(['host', 'hostname', 'name', 'query', 'sni', 'subject', 'uri', 'url', 'user_agent']);

/** Time of a row rounded down to so many seconds, for any time that 64 bits can hold. */
export const rounded = (column: string, seconds: number): string =>
  `intDiv(toUnixTimestamp64Micro(${quoted(column)}), ${seconds * 1_000_000})`;

function orderOf(table: Table): string {
  if (table.key !== undefined) return table.key.map(quoted).join(', ');
  const names = new Set(table.columns.map(({ name }) => name));
  const place = ['ip', 'server', 'src_ip', 'dst_ip'].filter((name) => names.has(name)).map(quoted);
  if (isRollup(table)) {
    // All that tells rows apart, in an order in which a host's rows of an hour lie together.
    const rest = keyColumns(table).filter((name) => name !== table.time && !place.includes(quoted(name)));
    const hour = place.length > 0 ? [rounded(table.time, 3600)] : [];
    return [...hour, ...place, quoted(table.time), ...rest.map(quoted)].join(', ');
  }
  const merged = merges[table.name];
  if (merged !== undefined) {
    const rest = table.columns.map(({ name }) => name).filter((name) => merged[name] === undefined && name !== 'ip');
    return [...place, ...rest.map(quoted)].join(', ');
  }
  return [rounded(table.time, 300), '`sensor`', ...place].join(', ');
}

/** Columns that rows of a rollup are grouped by; the others are sums. */
export function keyColumns(table: Rollup): readonly string[] {
  const keys = new Set([table.time, 'run', 'sensor', 'proto', 'app', 'ip', 'server', 'bucket']);
  return table.columns.map(({ name }) => name).filter((name) => keys.has(name));
}

function engineOf(table: Table, place: Place): string {
  const prefix = place.isReplicated ? 'Replicated' : '';
  if (table.keep === 'state') return `${prefix}ReplacingMergeTree(\`version\`)`;
  if (isRollup(table)) return `${prefix}SummingMergeTree`;
  return merges[table.name] === undefined ? `${prefix}MergeTree` : `${prefix}AggregatingMergeTree`;
}

const timeColumn = (table: Table): Column | undefined => table.columns.find(({ name }) => name === table.time);

/** One part a day; states and names, of which there are few, one a month. */
function partitionOf(table: Table): string {
  if (timeColumn(table)?.nullable === true) return '';
  const column = quoted(table.time);
  return `PARTITION BY ${table.keep === 'raw' || isRollup(table) ? `toDate(${column})` : `toYYYYMM(${column})`}`;
}

/** Filters ask for a part of the lower-case text, and the index serves exactly the expression it is of. */
function indexesOf(table: Table): readonly string[] {
  if (table.keep !== 'raw') return [];
  return table.columns.flatMap(({ name, kind, isLowerCase }) => {
    const head = `INDEX ${quoted(`ix_${name}`)}`;
    if (kind === 'address' || kind === 'hash') return [`${head} ${quoted(name)} TYPE bloom_filter(0.01) GRANULARITY 2`];
    if (kind !== 'text' || !searched.has(name)) return [];
    const text = isLowerCase === true ? quoted(name) : `lower(${quoted(name)})`;
    return [`${head} ${text} TYPE ngrambf_v1(4, 32768, 2, 0) GRANULARITY 2`];
  });
}

/** Name and definition of every column that a shard's table has. */
export function localColumns(table: Table): ReadonlyMap<string, string> {
  const merge = merges[table.name];
  const columns = new Map(table.columns.map((column) => [column.name, keptColumn(column, merge?.[column.name])]));
  if (timeColumn(table)?.nullable === true) return columns;
  const own = isRollup(table) || merge !== undefined ? 'SimpleAggregateFunction(max, DateTime)' : 'DateTime';
  // A column that is materialized is not in `SELECT *`; but views cannot fill it.
  const value = `${isRollup(table) ? 'DEFAULT' : 'MATERIALIZED'} toDateTime(${quoted(table.time)})`;
  return columns.set(keptFrom, `${quoted(keptFrom)} ${own} ${value} CODEC(Delta, ZSTD(1))`);
}

/** ` ON CLUSTER …` where the servers pass statements on by themselves. */
export const onCluster = ({ isReplicated, cluster }: Place): string => (isReplicated ? ` ON CLUSTER '${cluster}'` : '');

function settingsOf(place: Place): string {
  // Without a window on the targets of views, too, a batch that is sent again would be added to the sums again.
  const window = place.isReplicated
    ? `replicated_deduplication_window = ${place.window}, replicated_deduplication_window_seconds = 604800`
    : `non_replicated_deduplication_window = ${place.window}`;
  return `SETTINGS ttl_only_drop_parts = 1, ${window}`;
}

/** The table of one shard. */
export function createLocal(table: Table, place: Place): string {
  const parts = [...localColumns(table).values(), ...indexesOf(table)];
  return (
    `CREATE TABLE IF NOT EXISTS ${quoted(localName(table, place))}${onCluster(place)} (${parts.join(', ')}) ` +
    `ENGINE = ${engineOf(table, place)} ${partitionOf(table)} ORDER BY (${orderOf(table)}) ${settingsOf(place)}`
  );
}

/** What is read under the table's own name; null where that is the table itself. */
export function createReader(table: Table, place: Place): string | null {
  const local = localName(table, place);
  if (local === table.name) return null;
  const names = table.columns.map(({ name }) => quoted(name)).join(', ');
  if (place.cluster === '')
    return `CREATE OR REPLACE VIEW ${quoted(table.name)} AS SELECT ${names} FROM ${quoted(local)}`;
  const columns = table.columns.map((column) => keptColumn(column, merges[table.name]?.[column.name]));
  return (
    `CREATE TABLE IF NOT EXISTS ${quoted(table.name)}${onCluster(place)} ` +
    `(${columns.map((column) => column.replace(/ CODEC\(.*$/, '')).join(', ')}) ` +
    `ENGINE = Distributed('${place.cluster}', '${place.database}', '${local}', cityHash64(\`sensor\`))`
  );
}

/** The view that adds up flows as they come in, with the rights of who makes it: a sensor needs none but to insert. */
export function createView(table: Rollup, place: Place): string {
  return (
    `CREATE MATERIALIZED VIEW IF NOT EXISTS ${quoted(viewName(table))}${onCluster(place)} ` +
    `TO ${quoted(localName(table, place))} DEFINER = CURRENT_USER SQL SECURITY DEFINER ` +
    `AS ${viewQuery(table, localName(flows, place))}`
  );
}
