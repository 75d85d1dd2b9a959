// Alerts that were kept: a list, one of them, and what a person says of it.

import { z } from '@hono/zod-openapi';
import { Failure } from '../../../core/index.ts';
import { batchOfRows, type Result, type StoredRow, type Value } from '../../../output/store/index.ts';
import type { ServerParts } from '../parts.ts';
import { Refusal } from '../refusals.ts';
import { result, storedRow } from '../shapes/answers.ts';
import { filterText, timeoutQuery } from '../shapes/questions.ts';
import { askOptions, historyOf } from './history.ts';
import { resultAnswer } from './json-answer.ts';
import { type Api, type Asked, addRoute } from './route.ts';

const listQuery = timeoutQuery.extend({
  fromUs: z.coerce.number().optional(),
  toUs: z.coerce.number().optional(),
  filter: filterText.optional(),
  limit: z.coerce.number().int().optional(),
  offset: z.coerce.number().int().optional(),
});

/** Names of alerts are 12 hex digits: nothing else gets into a filter. */
const params = z.object({ id: z.string().regex(/^[0-9a-f]{12}$/, 'is 12 hex digits') });
const query = timeoutQuery.extend({
  run: z.coerce.number().int().optional().openapi({ description: 'Left out: the newest run that has it.' }),
});
type AlertQuery = z.output<typeof query>;

/** States a person may give. */
const stateBody = z.strictObject({ state: z.enum(['open', 'acknowledged', 'closed']) }).openapi('AlertState');

export function addAlertRoutes(api: Api, parts: ServerParts): void {
  addRoute(api, {
    method: 'get',
    path: '/alerts',
    tag: 'alerts',
    summary: 'Alerts, newest first',
    query: listQuery,
    gives: result,
    answer: async ({ query }, asked) => {
      const { timeoutMs, ...scope } = query;
      const request = JSON.parse(JSON.stringify(scope)) as object;
      const options = askOptions(asked, { timeoutMs });
      return resultAnswer(await historyOf(parts).rows({ runs: 'all', ...request, table: 'alerts' }, options));
    },
  });
  addRoute(api, {
    method: 'get',
    path: '/alerts/{id}',
    tag: 'alerts',
    summary: 'One alert, with all that is known of it',
    params,
    query,
    gives: storedRow,
    answer: async ({ params, query }, asked) => asked.json((await findAlert(parts, params.id, query, asked)) as never),
  });
  addRoute(api, {
    method: 'post',
    path: '/alerts/{id}/state',
    tag: 'alerts',
    summary: 'Acknowledges an alert, or opens or closes it',
    params,
    query,
    body: stateBody,
    gives: storedRow,
    answer: async ({ params, query, body }, asked) =>
      asked.json((await setState(parts, await findAlert(parts, params.id, query, asked), body.state)) as never),
  });
}

/** The newest version of the alert. Throws NOT_FOUND. */
export async function findAlert(
  parts: ServerParts,
  id: string,
  { run, timeoutMs }: AlertQuery,
  asked: Asked,
): Promise<StoredRow> {
  const runs = run === undefined ? 'all' : [run];
  const request = { table: 'alerts', runs, filter: `alert.id == "${id}"`, limit: 1 } as const;
  const found = await historyOf(parts).rows(request, askOptions(asked, { timeoutMs }));
  const row = rowOf(found);
  if (row === null) throw new Refusal('NOT_FOUND', `there is no alert '${id}'`, 'GET /api/v1/alerts lists them.');
  return row;
}

/** The first row by column; null where there is none. */
export function rowOf({ columns, rows }: Result): StoredRow | null {
  const row = rows.at(0);
  return row === undefined ? null : Object.fromEntries(columns.map(({ name }, i) => [name, row[i]]));
}

async function setState(parts: ServerParts, alert: StoredRow, state: string): Promise<StoredRow> {
  const { store, tables } = parts;
  const table = tables.find(({ name }) => name === 'alerts');
  if (store === null || table === undefined) {
    const hint = 'Ask the program that owns the store.';
    throw new Failure('UNSUPPORTED', 'alerts cannot be changed here', hint);
  }
  const version = Math.max(Number(alert.version) + 1, Date.now() * 1000);
  const changed: Record<string, Value> = { ...alert, state, version };
  await store.write([batchOfRows(table, [table.columns.map(({ name }) => changed[name] ?? null)])]);
  parts.alertStateSet?.(Number(alert.run), String(alert.alert_id), state);
  return changed;
}
