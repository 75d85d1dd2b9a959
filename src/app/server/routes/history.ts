// Questions to the history: the same ones, with the same answers, that the program asks itself.

import { z } from '@hono/zod-openapi';
import { Failure } from '../../../core/index.ts';
import type {
  AskOptions,
  DiffRequest,
  History,
  RowsRequest,
  SelectOptions,
  SeriesRequest,
  TopRequest,
} from '../../../output/store/index.ts';
import type { ServerParts } from '../parts.ts';
import { count, diffReport, result, runRow, sensorRow } from '../shapes/answers.ts';
import {
  asked,
  countRequest,
  diffRequest,
  rowsRequest,
  seriesRequest,
  sqlRequest,
  timeoutQuery,
  topRequest,
} from '../shapes/questions.ts';
import { resultAnswer } from './json-answer.ts';
import { type Api, type Asked, addRoute } from './route.ts';

/** The history, or the Failure that says there is none. */
export function historyOf({ history }: ServerParts): History {
  if (history !== null) return history;
  throw new Failure('UNSUPPORTED', 'nothing is kept here, so there is no history', 'Start with --store default.');
}

/** A question ends when the one who asked it goes away. */
export function askOptions(from: Asked, { timeoutMs }: { readonly timeoutMs?: number | undefined }): AskOptions {
  return { signal: from.req.raw.signal, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
}

const query = timeoutQuery;
const post = { method: 'post', tag: 'history', query } as const;

/** @param sqlDefaults what SQL is bounded by where the one who asks does not say */
export function addHistoryRoutes(api: Api, parts: ServerParts, sqlDefaults: SelectOptions): void {
  addResultRoutes(api, parts);
  addSqlRoute(api, parts, sqlDefaults);
  addRoute(api, {
    ...post,
    path: '/count',
    summary: 'Number of rows that a question would find',
    body: countRequest,
    gives: count,
    answer: async ({ body, query }, from) =>
      from.json({ count: await historyOf(parts).count(asked<RowsRequest>(body), askOptions(from, query)) }),
  });
  addRoute(api, {
    ...post,
    path: '/diff',
    summary: 'Two captures or two times compared',
    body: diffRequest,
    gives: diffReport,
    answer: async ({ body, query }, from) =>
      from.json(await historyOf(parts).diff(body as DiffRequest, askOptions(from, query))),
  });
  const get = { method: 'get', tag: 'history', query } as const;
  addRoute(api, {
    ...get,
    path: '/runs',
    summary: 'Captures and imported files',
    gives: z.array(runRow),
    answer: async ({ query }, from) => from.json(await historyOf(parts).runs(askOptions(from, query))),
  });
  addRoute(api, {
    ...get,
    path: '/sensors',
    summary: 'Sensors and how they are, by the latest row of each',
    gives: z.array(sensorRow),
    answer: async ({ query }, from) => from.json([...(await historyOf(parts).sensors(askOptions(from, query)))]),
  });
}

function addResultRoutes(api: Api, parts: ServerParts): void {
  addRoute(api, {
    ...post,
    path: '/rows',
    summary: 'Rows of a table, a page at a time',
    body: rowsRequest,
    gives: result,
    answer: async ({ body, query }, from) =>
      resultAnswer(await historyOf(parts).rows(asked<RowsRequest>(body), askOptions(from, query))),
  });
  addRoute(api, {
    ...post,
    path: '/top',
    summary: 'Groups of flows with the largest sums',
    body: topRequest,
    gives: result,
    answer: async ({ body, query }, from) =>
      resultAnswer(await historyOf(parts).top(asked<TopRequest>(body), askOptions(from, query))),
  });
  addRoute(api, {
    ...post,
    path: '/series',
    summary: 'Sums over time',
    body: seriesRequest,
    gives: result,
    answer: async ({ body, query }, from) =>
      resultAnswer(await historyOf(parts).series(asked<SeriesRequest>(body), askOptions(from, query))),
  });
}

function addSqlRoute(api: Api, parts: ServerParts, defaults: SelectOptions): void {
  addRoute(api, {
    ...post,
    path: '/sql',
    summary: 'SQL of the engine behind the store, read-only',
    body: sqlRequest,
    gives: result,
    answer: async ({ body, query }, from) => {
      const { sql, ...rest } = body;
      const options = asked<SelectOptions>({ ...defaults, ...rest, ...askOptions(from, query) } as object);
      return resultAnswer(await historyOf(parts).sql(sql, options));
    },
  });
}
