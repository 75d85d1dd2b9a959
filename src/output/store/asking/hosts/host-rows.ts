// Hosts, a page at a time: sums of all first, then what is costly for those of the page.

import type { AskOptions, RowsRequest, Scope } from '../../history.ts';
import type { Result, Value } from '../../store.ts';
import type { Page, RowsStatement } from '../rows.ts';
import { addressBytes, hexOf } from '../statement/address-bytes.ts';
import { type Asking, ask } from '../statement/asking.ts';
import { Draft, quoted, where } from '../statement/draft.ts';
import { type SettledScope, settled } from '../statement/scope.ts';
import { filterCondition, kindsOf } from '../statement/source.ts';
import {
  addressesOfAlerts,
  type HostPart,
  hostPartSql,
  hostParts,
  hosts,
  hostsSql,
  type NamedAddress,
} from './hosts.ts';

/** All columns asked for, of a page, in one statement. */
export async function hostsStatement(
  asking: Asking,
  request: RowsRequest,
  page: Page,
  options: AskOptions,
): Promise<RowsStatement> {
  const scope = await settled(asking, request, options);
  return pageStatement(asking, scope, page, new Set(hostParts.filter((part) => page.columns.includes(part))), options);
}

export async function hostRows(asking: Asking, request: RowsRequest, page: Page, options: AskOptions): Promise<Result> {
  const scope = await settled(asking, request, options);
  const early = neededByAll(scope, page.sortedBy);
  const late = hostParts.filter((part) => page.columns.includes(part) && !early.has(part));
  if (late.length === 0) {
    const statement = await pageStatement(asking, scope, page, early, options);
    return ask(asking, statement, statement.kinds, options, page.limit);
  }
  // The address comes first, whether it was asked for or not.
  const first = ['ip', ...page.columns.filter((name) => name !== 'ip' && !late.some((part) => part === name))];
  const statement = await pageStatement(asking, scope, { ...page, columns: first }, early, options);
  const few = await ask(asking, statement, statement.kinds, options, page.limit);
  const addresses = few.rows.map(([ip]) => String(ip));
  const more = new Map<string, ReadonlyMap<string, Value>>();
  for (const part of late) more.set(part, await partOf(asking, scope, part, addresses, options));
  const rows = few.rows.map((row) =>
    page.columns.map((name): Value => {
      const part = more.get(name);
      if (part === undefined) return row[first.indexOf(name)];
      return part.get(String(row[0])) ?? (name === 'alerts' ? 0 : []);
    }),
  );
  const kinds = kindsOf(hosts, page.columns);
  return { ...few, columns: page.columns.map((name) => ({ name, kind: kinds[name] })), rows };
}

export async function countHosts(asking: Asking, request: Scope, options: AskOptions): Promise<number> {
  const scope = await settled(asking, request, options);
  const draft = new Draft();
  const from = await hostsFrom(asking, scope, draft, neededByAll(scope, []), options);
  const { rows } = await ask(asking, draft.statement(`SELECT count(*) AS "n" ${from}`), { n: 'u64' }, options);
  return Number(rows[0][0]);
}

/** Parts that a filter or an order needs of every host. */
function neededByAll({ filter = '' }: SettledScope, sortedBy: readonly string[]): Set<HostPart> {
  return new Set(hostParts.filter((part) => filter.trim() !== '' || sortedBy.includes(part)));
}

async function pageStatement(
  asking: Asking,
  scope: SettledScope,
  page: Page,
  parts: ReadonlySet<HostPart>,
  options: AskOptions,
): Promise<RowsStatement> {
  const draft = new Draft();
  const from = await hostsFrom(asking, scope, draft, parts, options);
  const sql = `SELECT ${page.columns.map(quoted).join(', ')} ${from} ${page.sql}`;
  return { ...draft.statement(sql), kinds: kindsOf(hosts, page.columns), limit: page.limit };
}

async function hostsFrom(
  asking: Asking,
  scope: SettledScope,
  draft: Draft,
  parts: ReadonlySet<HostPart>,
  options: AskOptions,
): Promise<string> {
  const named = parts.has('alerts') ? await addressesOfAlerts(asking, scope, options) : [];
  const all = hostsSql(asking, scope, draft, parts, named);
  return `FROM (${all}) AS "hosts" ${where(filterCondition(asking, hosts, scope, draft))}`;
}

/** Values of a part by address. */
async function partOf(
  asking: Asking,
  scope: SettledScope,
  part: HostPart,
  texts: readonly string[],
  options: AskOptions,
): Promise<ReadonlyMap<string, Value>> {
  const addresses = new Map(texts.map((text) => [text, addressBytes(text)] as const));
  if (part === 'alerts') {
    const named = new Map(
      (await addressesOfAlerts(asking, scope, options)).map((each: NamedAddress) => [each.hex, each]),
    );
    return new Map(
      [...addresses].map(([text, bytes]) => [
        text,
        (bytes === null ? undefined : named.get(hexOf(bytes)))?.alerts ?? 0,
      ]),
    );
  }
  const known = [...addresses.values()].filter((bytes) => bytes !== null);
  if (known.length === 0) return new Map();
  const draft = new Draft();
  const sql = hostPartSql(asking, scope, draft, part, known);
  const { rows } = await ask(
    asking,
    draft.statement(`SELECT "ip", ${quoted(part)} FROM (${sql})`),
    kindsOf(hosts, ['ip', part]),
    options,
  );
  return new Map(rows.map(([ip, value]) => [String(ip), value]));
}
