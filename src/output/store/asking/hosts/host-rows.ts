// Hosts, a page at a time: which ones first, then all that is known of those.

import { addressBytes } from '../../../../core/index.ts';
import type { AskOptions, RowsRequest, Scope } from '../../history.ts';
import type { Result } from '../../store.ts';
import type { Page, RowsStatement } from '../rows.ts';
import { type Asking, ask } from '../statement/asking.ts';
import { Draft, quoted, where } from '../statement/draft.ts';
import { type SettledScope, settled } from '../statement/scope.ts';
import { filterCondition, kindsOf } from '../statement/source.ts';
import { addressesOfAlerts, type HostPart, hostParts, hosts, hostsSql } from './hosts.ts';

/** All columns asked for, of a page, in one statement. */
export async function hostsStatement(
  asking: Asking,
  request: RowsRequest,
  page: Page,
  options: AskOptions,
): Promise<RowsStatement> {
  const scope = await settled(asking, request, options);
  const parts = neededByAll(scope, [...page.columns, ...page.sortedBy]);
  return pageStatement(asking, scope, page, parts, options);
}

/** Addresses that a question may name. */
const mostInTwoSteps = 500;

/** First which hosts, for which the engine adds up no more than it needs to; then all of those. */
export async function hostRows(asking: Asking, request: RowsRequest, page: Page, options: AskOptions): Promise<Result> {
  const scope = await settled(asking, request, options);
  if (page.limit > mostInTwoSteps) {
    const statement = await hostsStatement(asking, request, page, options);
    return ask(asking, statement, statement.kinds, options, page.limit);
  }
  const early = neededByAll(scope, page.sortedBy);
  const first = await pageStatement(asking, scope, { ...page, columns: ['ip'] }, early, options);
  const found = await ask(asking, first, first.kinds, options, page.limit);
  const texts = found.rows.map(([ip]) => String(ip));
  const columns = ['ip', ...page.columns.filter((name) => name !== 'ip')];
  const whole = await hostsAt(asking, scope, columns, texts, options);
  const kinds = kindsOf(hosts, page.columns);
  return {
    columns: page.columns.map((name) => ({ name, kind: kinds[name] })),
    // A host that a retention took meanwhile is left out.
    rows: texts.flatMap((text) => {
      const row = whole.rows.find(([ip]) => ip === text);
      return row === undefined ? [] : [page.columns.map((name) => row[columns.indexOf(name)])];
    }),
    isCut: found.isCut,
    tookMs: found.tookMs + whole.tookMs,
  };
}

async function hostsAt(
  asking: Asking,
  scope: SettledScope,
  columns: readonly string[],
  texts: readonly string[],
  options: AskOptions,
): Promise<Result> {
  const addresses = texts.map(addressBytes).filter((bytes) => bytes !== null);
  if (addresses.length === 0) return { columns: [], rows: [], isCut: false, tookMs: 0 };
  const parts = new Set(hostParts.filter((part) => columns.includes(part)));
  const named = parts.has('alerts') ? await addressesOfAlerts(asking, scope, options) : [];
  const draft = new Draft();
  const sql = hostsSql(asking, scope, draft, parts, named, addresses);
  const question = draft.statement(`SELECT ${columns.map(quoted).join(', ')} FROM (${sql}) AS "hosts"`);
  return ask(asking, question, kindsOf(hosts, columns), options);
}

export async function countHosts(asking: Asking, request: Scope, options: AskOptions): Promise<number> {
  const scope = await settled(asking, request, options);
  const draft = new Draft();
  const from = await hostsFrom(asking, scope, draft, neededByAll(scope, []), options);
  const { rows } = await ask(asking, draft.statement(`SELECT count(*) AS "n" ${from}`), { n: 'u64' }, options);
  return Number(rows[0][0]);
}

/** Parts that a filter, or one of these columns, needs of every host. */
function neededByAll({ filter = '' }: SettledScope, columns: readonly string[]): Set<HostPart> {
  return new Set(hostParts.filter((part) => filter.trim() !== '' || columns.includes(part)));
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
  const all = hostsSql(asking, scope, draft, parts, named, null);
  return `FROM (${all}) AS "hosts" ${where(filterCondition(asking, hosts, scope, draft))}`;
}
