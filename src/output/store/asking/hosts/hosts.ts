// What is known of each address: put together from flows, names and alerts.

import { addressBytes, hexText } from '../../../../core/index.ts';
import type { AskOptions } from '../../history.ts';
import type { Column, Table } from '../../tables/column.ts';
import { flows } from '../../tables/flows.ts';
import { alerts } from '../../tables/kept.ts';
import { type Asking, ask } from '../statement/asking.ts';
import { Draft, quoted, where } from '../statement/draft.ts';
import { originConditions, type SettledScope, timeConditions } from '../statement/scope.ts';
import { rowsFrom } from '../statement/source.ts';

const sum = (name: string, title: string, filters: readonly string[] = []): Column => ({
  name,
  kind: 'u64',
  title,
  filters: [name, ...filters],
});

/** No table of its own: its rows are made when they are asked for. Time is that of the last flow in the scope. */
export const hosts: Table = {
  name: 'hosts',
  title: 'Hosts',
  time: 'last_ts',
  keep: 'state',
  key: ['ip'],
  columns: [
    { name: 'ip', kind: 'address', title: 'Address', filters: ['ip.addr', 'ip', 'host', 'addr'] },
    { name: 'names', kind: 'texts', title: 'Names it was called by, the most usual first', filters: ['name', 'names'] },
    { name: 'local', kind: 'flag', title: 'In the networks of the house', filters: ['local'] },
    { name: 'macs', kind: 'texts', title: 'MAC addresses its packets came with', filters: ['eth.addr', 'mac'] },
    { name: 'first_ts', kind: 'time', title: 'First packet of its flows', filters: ['start'] },
    { name: 'last_ts', kind: 'time', title: 'Last packet of its flows', filters: ['end', 'time'] },
    sum('flows_out', 'Flows it opened'),
    sum('flows_in', 'Flows to it'),
    sum('pkts_tx', 'Packets it sent'),
    sum('pkts_rx', 'Packets to it'),
    sum('bytes_tx', 'Bytes it sent'),
    sum('bytes_rx', 'Bytes to it'),
    sum('repeated', 'TCP bytes it sent again'),
    { name: 'apps', kind: 'texts', title: 'What it speaks', filters: ['app', 'apps'] },
    sum('alerts', 'Alerts that name it'),
  ],
};

/** Of each side of a flow: what the originator has of it, and what the responder. */
const sums: readonly (readonly [name: string, originator: string, responder: string])[] = [
  ['flows_out', 'CASE WHEN "part" = 0 THEN 1 ELSE 0 END', '0'],
  ['flows_in', '0', 'CASE WHEN "part" = 0 THEN 1 ELSE 0 END'],
  ['pkts_tx', '"pkts_fwd"', '"pkts_rev"'],
  ['pkts_rx', '"pkts_rev"', '"pkts_fwd"'],
  ['bytes_tx', '"bytes_fwd"', '"bytes_rev"'],
  ['bytes_rx', '"bytes_rev"', '"bytes_fwd"'],
  ['repeated', '"repeated_fwd"', '"repeated_rev"'],
];

/** What is costly, and made only of the hosts of a page where no filter and no order needs it of all. */
export const hostParts = ['macs', 'apps', 'names', 'alerts'] as const;
export type HostPart = (typeof hostParts)[number];

/** Names told of a host, and addresses that alerts name, at the most. */
const nameLimit = 10;
const namedLimit = 20_000;

/** An address that alerts name, as 32 hex digits, and how many do. */
export interface NamedAddress {
  readonly hex: string;
  readonly alerts: number;
}

/** Which hosts a question is about: all of the scope, or those of these addresses. */
interface Asked {
  readonly scope: SettledScope;
  readonly draft: Draft;
  /** `"ip" IN (…)` for the addresses; null for all. */
  readonly among: ((column: string) => string) | null;
}

/**
 * `SELECT … FROM …`: hosts of a scope with their sums and those parts.
 *
 * @param addresses only those hosts, 16 bytes each; null: all
 */
export function hostsSql(
  asking: Asking,
  scope: SettledScope,
  draft: Draft,
  parts: ReadonlySet<HostPart>,
  named: readonly NamedAddress[],
  addresses: readonly Uint8Array[] | null,
): string {
  const places = addresses?.map((bytes) => draft.put('address', bytes)).join(', ') ?? null;
  const asked: Asked = { scope, draft, among: places === null ? null : (column) => `${column} IN (${places})` };
  const { speech } = asking;
  const own = ['ip', 'local', 'first_ts', 'last_ts', ...sums.map(([name]) => name)];
  const columns = own.map((name) => `b.${quoted(name)} AS ${quoted(name)}`);
  const joins: string[] = [];
  for (const part of hostParts) {
    if (!parts.has(part)) continue;
    const alias = `p_${part}`;
    const value = `${alias}.${quoted(part)}`;
    columns.push(`${(part === 'alerts' ? speech.countOrNone : speech.listOrEmpty)(value)} AS ${quoted(part)}`);
    joins.push(`LEFT JOIN (${partSql(asking, asked, part, named)}) AS ${alias} ON b."ip" = ${alias}."ip"`);
  }
  const isLocal = 'max("h_local")';
  const totals = sums.map(([name], i) => `${speech.total(`"h_${i}"`)} AS ${quoted(name)}`).join(', ');
  const base = `SELECT "h_ip" AS "ip", ${isLocal} = 1 AS "local", min("h_first") AS "first_ts", max("h_last") AS "last_ts", ${totals} FROM (${sides(asking, asked)}) GROUP BY "h_ip"`;
  return `SELECT ${columns.join(', ')} FROM (${base}) AS b ${joins.join(' ')}`;
}

/** Each flow twice: as its originator has it, and as its responder. */
function sides(asking: Asking, { scope, draft, among }: Asked): string {
  const conditions = [...originConditions(asking, scope, draft), ...timeConditions(scope, flows, draft)];
  const side = (own: 'src' | 'dst', locals: string, pick: 1 | 2): string => {
    const values = sums.map((each, i) => `${each[pick]} AS "h_${i}"`).join(', ');
    const ip = quoted(`${own}_ip`);
    const isLocal = `CASE WHEN "direction" IN (${locals}) THEN 1 ELSE 0 END AS "h_local"`;
    const only = among === null ? conditions : [...conditions, among(ip)];
    return `SELECT ${ip} AS "h_ip", ${isLocal}, "start_ts" AS "h_first", "end_ts" AS "h_last", ${quoted(`${own}_mac`)} AS "h_mac", "app" AS "h_app", ${values} FROM "flows" ${where(only)}`;
  };
  return `${side('src', '0, 1', 1)} UNION ALL ${side('dst', '0, 2', 2)}`;
}

function partSql(asking: Asking, asked: Asked, part: HostPart, named: readonly NamedAddress[]): string {
  const { speech } = asking;
  if (part === 'macs' || part === 'apps') {
    const column = part === 'macs' ? '"h_mac"' : '"h_app"';
    return `SELECT "h_ip" AS "ip", ${speech.texts(column)} AS ${quoted(part)} FROM (${sides(asking, asked)}) GROUP BY "h_ip"`;
  }
  const { scope, draft, among } = asked;
  if (part === 'names') {
    // An address keeps its name, whenever it was told.
    const conditions = [...originConditions(asking, scope, draft), ...(among === null ? [] : [among('"ip"')])];
    const told = `SELECT "ip" AS "n_ip", "name" AS "n_name", sum("count") AS "n_count" FROM "names" ${where(conditions)} GROUP BY "ip", "name"`;
    return `SELECT "n_ip" AS "ip", ${speech.heaviest('"n_name"', '"n_count"', nameLimit)} AS "names" FROM (${told}) GROUP BY "n_ip"`;
  }
  const hex = draft.put(
    'texts',
    named.map((each) => each.hex),
  );
  const counts = draft.put(
    'reals',
    named.map((each) => each.alerts),
  );
  const rows = speech.pairs(hex, counts, '"a_hex"', '"a_count"');
  return `SELECT ${speech.addressOfHex('"a_hex"')} AS "ip", "a_count" AS "alerts" FROM (${rows})`;
}

/** Addresses that alerts of a scope come from or are aimed at, those of most alerts first. */
export async function addressesOfAlerts(
  asking: Asking,
  scope: SettledScope,
  options: AskOptions,
): Promise<NamedAddress[]> {
  const draft = new Draft();
  const from = rowsFrom(asking, alerts, { ...scope, filter: '' }, draft);
  const items = `SELECT "run" AS "i_run", "alert_id" AS "i_id", ${asking.speech.items('"sources"', '"targets"')} AS "i_who" ${from}`;
  const each = `SELECT DISTINCT "i_run", "i_id", "i_who" FROM (${items})`;
  const sql = `SELECT "i_who" AS "who", count(*) AS "n" FROM (${each}) GROUP BY "i_who" ORDER BY count(*) DESC, "i_who" LIMIT ${namedLimit}`;
  const { rows } = await ask(asking, draft.statement(sql), { who: 'text', n: 'u64' }, options);
  return rows.flatMap(([who, count]) => {
    const bytes = addressBytes(String(who));
    return bytes === null ? [] : [{ hex: hexText(bytes, 0, 16), alerts: Number(count) }];
  });
}
