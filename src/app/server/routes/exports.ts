// Rows as a file to keep: CSV (RFC 4180) and JSON page by page, Parquet by the engine.

import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from '@hono/zod-openapi';
import { Failure } from '../../../core/index.ts';
import type { AskOptions, History, Result, RowsRequest, Value } from '../../../output/store/index.ts';
import type { ServerParts } from '../parts.ts';
import { asked, rowsRequest, timeoutQuery } from '../shapes/questions.ts';
import { askOptions, historyOf } from './history.ts';
import { streamOf } from './json-answer.ts';
import { type Api, addRoute } from './route.ts';

const pageRows = 5000;

const media = { csv: 'text/csv; charset=utf-8', json: 'application/json', parquet: 'application/vnd.apache.parquet' };

/** JSON in a query, so that a plain link is a download. */
const requestText = z
  .string()
  .max(30_000)
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'is not JSON' });
      return z.NEVER;
    }
  })
  .pipe(rowsRequest)
  .openapi({
    type: 'string',
    description: 'A RowsRequest as JSON. Without `limit`: all rows.',
    example: '{"table":"flows"}',
  });

export function addExportRoutes(api: Api, parts: ServerParts): void {
  addRoute(api, {
    method: 'get',
    path: '/export/{format}',
    tag: 'history',
    summary: 'Rows as a file',
    params: z.object({ format: z.enum(['csv', 'json', 'parquet']) }),
    query: timeoutQuery.extend({ request: requestText }),
    gives: ['text/csv', 'application/json', 'application/vnd.apache.parquet'],
    answer: async ({ params: { format }, query }, from) => {
      const request = asked<RowsRequest>(query.request);
      const pieces =
        format === 'parquet'
          ? await parquet(parts, request, askOptions(from, query))
          : await pages(historyOf(parts), request, askOptions(from, query), format === 'csv' ? csv : jsonList);
      const name = `${request.table.replace(/[^a-z0-9_]/gi, '')}.${format}`;
      const headers = { 'Content-Type': media[format], 'Content-Disposition': `attachment; filename="${name}"` };
      return new Response(streamOf(pieces), { headers });
    },
  });
}

/** How a kind of file begins, goes on and ends. */
interface Writer {
  head(result: Result): string;
  rows(result: Result, isFirst: boolean): string;
  readonly tail: string;
}

/** The first page is there before the answer begins, so that a bad question is told with a status. */
async function pages(
  history: History,
  request: RowsRequest,
  options: AskOptions,
  writer: Writer,
): Promise<AsyncIterable<string>> {
  const { limit = Number.POSITIVE_INFINITY, offset = 0 } = request;
  if (limit < 1) await history.rows(request, options); // says why that is refused
  const page = (done: number): Promise<Result> =>
    history.rows({ ...request, offset: offset + done, limit: Math.min(pageRows, limit - done) }, options);
  const first = await page(0);
  return (async function* () {
    yield writer.head(first);
    let done = 0;
    for (let next = first; ; next = await page(done)) {
      yield writer.rows(next, done === 0);
      done += next.rows.length;
      if (next.rows.length < pageRows || done >= limit) break;
    }
    yield writer.tail;
  })();
}

const jsonList: Writer = {
  head: () => '[',
  rows: ({ columns, rows }, isFirst) => {
    const lines = rows.map((row) => JSON.stringify(Object.fromEntries(columns.map(({ name }, i) => [name, row[i]]))));
    return lines.length === 0 ? '' : `${isFirst ? '' : ','}\n${lines.join(',\n')}`;
  },
  tail: '\n]\n',
};

const csv: Writer = {
  head: ({ columns }) => `${columns.map(({ name }) => csvCell(name)).join(',')}\r\n`,
  rows: ({ rows }) => rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join(''),
  tail: '',
};

function csvCell(value: Value): string {
  if (value === null) return '';
  const text = Array.isArray(value) ? value.join(' ') : String(value);
  // A spreadsheet takes these for formulas, and names come from the network.
  const safe = typeof value !== 'number' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

async function parquet(
  { store }: ServerParts,
  request: RowsRequest,
  options: AskOptions,
): Promise<AsyncIterable<Uint8Array>> {
  if (store === null) {
    throw new Failure('UNSUPPORTED', 'Parquet files are not written here', 'Ask the program that owns the store.');
  }
  const folder = mkdtempSync(join(tmpdir(), 'taplight-export-'));
  const path = join(folder, 'rows.parquet');
  try {
    await store.exportParquet(request, path, options);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return (async function* () {
    try {
      yield* createReadStream(path) as AsyncIterable<Uint8Array>;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  })();
}
