// Things that are in one scope and not in the other.

import type { AskOptions, DiffSection } from '../../history.ts';
import type { ColumnKind } from '../../tables/column.ts';
import { flows } from '../../tables/flows.ts';
import { alerts, names } from '../../tables/kept.ts';
import { type Asking, ask } from '../statement/asking.ts';
import { Draft } from '../statement/draft.ts';
import type { SettledScope } from '../statement/scope.ts';
import { rowsFrom } from '../statement/source.ts';
import { amount } from './numbers.ts';

/** Rows of a scope: `thing`, further words `extra`, and how much it is. */
type Things = (asking: Asking, scope: SettledScope, draft: Draft) => string;

interface Kind {
  readonly what: string;
  readonly title: string;
  /** What one of them is called. */
  readonly one: string;
  readonly unit: string;
  readonly thing: ColumnKind;
  readonly rows: Things;
}

/** Of a column of flows, by flows; empty means not known. */
const flowWords =
  (column: string): Things =>
  (asking, scope, draft) =>
    `SELECT "${column}" AS "d_thing", '' AS "d_extra", 1 AS "d_much" ${rowsFrom(asking, flows, scope, draft)}`;

const kinds: readonly Kind[] = [
  {
    what: 'hosts',
    title: 'Hosts',
    one: 'host',
    unit: 'bytes',
    thing: 'address',
    rows: (asking, scope, draft) => {
      const side = (ip: string): string =>
        `SELECT "${ip}" AS "d_thing", '' AS "d_extra", "bytes_fwd" + "bytes_rev" AS "d_much" ${rowsFrom(asking, flows, scope, draft)}`;
      return `${side('src_ip')} UNION ALL ${side('dst_ip')}`;
    },
  },
  {
    what: 'names',
    title: 'Names',
    one: 'name',
    unit: 'times',
    thing: 'text',
    // Names asked for by clients, and names that addresses were given.
    rows: (asking, scope, draft) => {
      const told = rowsFrom(asking, names, { ...scope, filter: '' }, draft);
      const asked = flowWords('host')(asking, scope, draft);
      if ((scope.filter ?? '').trim() !== '') return asked;
      return `${asked} UNION ALL SELECT "name" AS "d_thing", '' AS "d_extra", "count" AS "d_much" ${told}`;
    },
  },
  { what: 'ja4', title: 'TLS clients (JA4)', one: 'JA4', unit: 'flows', thing: 'text', rows: flowWords('ja4') },
  {
    what: 'ports',
    title: 'Ports that answered',
    one: 'port',
    unit: 'flows',
    thing: 'text',
    // Scanned ports are many; those that answer are worth a line.
    rows: (asking, scope, draft) => {
      const transport = `CASE WHEN "proto" = 6 THEN 'tcp' ELSE 'udp' END`;
      const answered = `"proto" IN (6, 17) AND "pkts_rev" > 0`;
      return `SELECT CAST("dst_port" AS VARCHAR) AS "d_thing", ${transport} AS "d_extra", 1 AS "d_much" ${rowsFrom(asking, flows, scope, draft, answered)}`;
    },
  },
  { what: 'services', title: 'Services', one: 'service', unit: 'flows', thing: 'text', rows: flowWords('service') },
  { what: 'apps', title: 'Applications', one: 'application', unit: 'flows', thing: 'text', rows: flowWords('app') },
  {
    what: 'alerts',
    title: 'Alerts',
    one: 'alert',
    unit: 'times',
    thing: 'text',
    rows: (asking, scope, draft) =>
      `SELECT "key" AS "d_thing", "detector" AS "d_extra", "count" AS "d_much" ${rowsFrom(asking, alerts, { ...scope, filter: '' }, draft)}`,
  },
];

/** One section for each kind of thing that has news. */
export async function newAndGone(
  asking: Asking,
  before: SettledScope,
  after: SettledScope,
  limit: number,
  options: AskOptions,
): Promise<DiffSection[]> {
  const sections: DiffSection[] = [];
  for (const kind of kinds) sections.push(await sectionOf(asking, kind, before, after, limit, options));
  return sections;
}

async function sectionOf(
  asking: Asking,
  kind: Kind,
  before: SettledScope,
  after: SettledScope,
  limit: number,
  options: AskOptions,
): Promise<DiffSection> {
  const { speech } = asking;
  const draft = new Draft();
  const marked = (scope: SettledScope, isAfter: 0 | 1): string =>
    `SELECT "d_thing", "d_extra", "d_much", ${isAfter} AS "d_after" FROM (${kind.rows(asking, scope, draft)})`;
  const both = `${marked(before, 0)} UNION ALL ${marked(after, 1)}`;
  const known = kind.thing === 'text' ? `WHERE "d_thing" <> ''` : '';
  const grouped = `SELECT "d_thing", "d_extra", min("d_after") AS "d_new", ${speech.total('"d_much"')} AS "d_sum" FROM (${both}) ${known} GROUP BY "d_thing", "d_extra" HAVING min("d_after") = max("d_after")`;
  const sql = `SELECT "d_thing" AS "thing", "d_extra" AS "extra", "d_new" AS "new", "d_sum" AS "much", count(*) OVER () AS "n" FROM (${grouped}) ORDER BY "d_new" DESC, "d_sum" DESC, "d_thing", "d_extra" LIMIT ${limit}`;
  const columns = { thing: kind.thing, extra: 'text', new: 'u8', much: 'u64', n: 'u64' } as const;
  const { rows } = await ask(asking, draft.statement(sql), columns, options);
  const items = rows.map(([thing, extra, isNew, much]) => {
    const isAfter = Number(isNew) === 1;
    const called = calledOf(kind, String(thing), String(extra));
    const sum = Number(much);
    return {
      change: isAfter ? ('new' as const) : ('gone' as const),
      thing: called,
      before: isAfter ? null : sum,
      after: isAfter ? sum : null,
      unit: kind.unit,
      text: `${isAfter ? 'New' : 'Gone'} ${kind.one}: ${called} (${amount(sum, kind.unit)})`,
    };
  });
  const all = rows.length === 0 ? 0 : Number(rows[0][4]);
  return { what: kind.what, title: kind.title, items, more: all - items.length };
}

function calledOf(kind: Kind, thing: string, extra: string): string {
  if (kind.what === 'ports') return `${extra}/${thing}`;
  return extra === '' ? thing : `${extra} of ${thing}`;
}
