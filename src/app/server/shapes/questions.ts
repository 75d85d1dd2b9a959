// Shapes of questions to the history. Limits and names are judged by whoever answers, so that a question asked here and one
// asked in the program fail with the same words; here only what would be too much to read is refused.

import { z } from '@hono/zod-openapi';
import { measures } from '../../../output/store/index.ts';

const name = z.string().min(1).max(200);
const micros = z.number().openapi({ description: 'Microseconds since the epoch.', example: 1_700_000_000_000_000 });
export const filterText = z
  .string()
  .max(20_000)
  .openapi({ description: 'In the filter language; empty: all.', example: 'port:443 and host:10.0.0.5' });

const scopeFields = {
  fromUs: micros.optional(),
  toUs: micros.optional().openapi({ description: 'Exclusive.' }),
  runs: z
    .union([z.enum(['live', 'files', 'all']), z.array(z.number().int()).max(10_000)])
    .optional()
    .openapi({
      description: 'Captures, imported files, both, or these runs. Left out: captures, or files where there are none.',
    }),
  sensors: z.array(name).max(10_000).optional().openapi({ description: 'Left out: all.' }),
  filter: filterText.optional(),
};

export const scope = z.strictObject(scopeFields).openapi('Scope');

const sort = z.strictObject({ column: name, descending: z.boolean() }).openapi('Sort');
const limit = z.number().int().optional();

export const rowsRequest = z
  .strictObject({
    ...scopeFields,
    table: name.openapi({ example: 'flows' }),
    columns: z.array(name).max(500).optional().openapi({ description: 'Left out: all.' }),
    sort: z.array(sort).max(20).optional().openapi({ description: 'Left out: newest first.' }),
    limit: limit.openapi({ description: '1 to 100,000; 100 when left out.' }),
    offset: z.number().int().optional(),
  })
  .openapi('RowsRequest');

export const countRequest = z.strictObject({ ...scopeFields, table: name }).openapi('CountRequest');

const measureList = z.array(z.enum(measures)).max(measures.length);

export const topRequest = z
  .strictObject({
    ...scopeFields,
    by: z
      .array(name)
      .max(20)
      .openapi({ example: ['conversation'] }),
    measures: measureList.openapi({ description: 'The first decides the order.', example: ['bytes', 'flows'] }),
    limit: limit.openapi({ description: '1 to 10,000; 20 when left out.' }),
  })
  .openapi('TopRequest');

export const seriesRequest = z
  .strictObject({
    ...scopeFields,
    measures: measureList.openapi({ example: ['bytes'] }),
    by: name.optional(),
    limit: limit.openapi({ description: 'Largest groups; the rest is `other`.' }),
    stepSec: z.number().optional().openapi({ description: 'Left out: chosen for at most 400 buckets.' }),
  })
  .openapi('SeriesRequest');

export const diffRequest = z.strictObject({ before: scope, after: scope, limit }).openapi('DiffRequest');

/** The request as the history takes it: JSON has no `undefined`, what was left out is not there. */
export function asked<T extends object>(body: { readonly [K in keyof T]: T[K] | undefined }): T {
  return body as T;
}

export const sqlRequest = z
  .strictObject({
    sql: z.string().min(1).max(200_000).openapi({ example: 'SELECT app, sum(bytes_fwd) FROM flows GROUP BY app' }),
    maxRows: z.number().int().min(1).max(1_000_000).optional().openapi({ description: '10,000 when left out.' }),
    maxBytes: z.number().int().min(1).optional().openapi({ description: 'Memory of the query.' }),
    kinds: z
      .record(name, name)
      .optional()
      .openapi({ description: 'Kinds of columns, where known: `{"ip":"address"}`.' }),
  })
  .openapi('SqlRequest');

export const timeoutQuery = z.object({
  timeoutMs: z.coerce
    .number()
    .int()
    .min(1)
    .max(86_400_000)
    .optional()
    .openapi({ description: 'Fails with QUERY_STOPPED after so many milliseconds.' }),
});
