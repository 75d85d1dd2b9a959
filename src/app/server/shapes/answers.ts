// Shapes of answers, for the description of the API: what goes out is not checked again while it runs, but by the tests.

import { z } from '@hono/zod-openapi';
import { columnKinds } from '../../../output/store/index.ts';

export const problem = z
  .object({
    code: z.string().openapi({ example: 'BAD_FILTER' }),
    message: z.string(),
    hint: z.string(),
    at: z.number().int().optional().openapi({ description: 'Where in the text that was sent, in UTF-16 units.' }),
    length: z.number().int().optional(),
  })
  .openapi('Problem');

const value = z.unknown().openapi('Value', {
  description: 'Text, number, true or false, null for what is not known, or a list of them. Times are microseconds.',
});

const columns = z.array(z.object({ name: z.string(), kind: z.enum(columnKinds) }));

export const result = z
  .object({
    columns,
    rows: z.array(z.array(value)),
    isCut: z.boolean().openapi({ description: 'There were more rows than asked for.' }),
    tookMs: z.number(),
    notes: z
      .array(z.string())
      .optional()
      .openapi({ description: 'Of sums: where they were read, and whether percentiles are exact.' }),
  })
  .openapi('Result');

export const count = z.object({ count: z.number().int() }).openapi('Count');

export const diffReport = z
  .object({
    sections: z.array(
      z.object({
        what: z.string(),
        title: z.string(),
        items: z.array(
          z.object({
            change: z.enum(['new', 'gone', 'changed']),
            thing: z.string(),
            before: z.number().nullable(),
            after: z.number().nullable(),
            unit: z.string(),
            text: z.string(),
          }),
        ),
        more: z.number().int(),
      }),
    ),
  })
  .openapi('DiffReport');

export const runRow = z
  .object({
    run: z.number().int(),
    sensor: z.string(),
    kind: z.enum(['live', 'file']),
    source: z.string(),
    hash: z.string(),
    state: z.enum(['open', 'done']),
    beganUs: z.number(),
    firstUs: z.number().nullable(),
    lastUs: z.number().nullable(),
    packets: z.number(),
    bytes: z.number(),
  })
  .openapi('Run');

export const sensorRow = z.record(z.string(), value).openapi('Sensor');

/** A row by column. */
export const storedRow = z.record(z.string(), value).openapi('Row');

export const tableInfo = z
  .object({
    name: z.string(),
    title: z.string(),
    time: z.string().openapi({ description: 'Column that a row’s place in time is read from.' }),
    keep: z.enum(['raw', 'rollup', 'state']),
    key: z.array(z.string()),
    isLive: z.boolean().openapi({ description: '`/live/rows` knows it.' }),
    columns: z.array(
      z.object({
        name: z.string(),
        kind: z.enum(columnKinds),
        title: z.string(),
        unit: z.string().nullable(),
        nullable: z.boolean(),
        filters: z.array(z.string()).openapi({ description: 'Words of the filter language that mean it.' }),
      }),
    ),
  })
  .openapi('Table');

export const filterCheck = z
  .object({
    ok: z.boolean(),
    marks: z
      .array(
        z.object({
          kind: z.enum(['field', 'operator', 'value', 'logic', 'bare', 'bracket', 'wrong']),
          at: z.number().int(),
          length: z.number().int(),
        }),
      )
      .openapi({ description: 'Parts of the text in order, for colours; `wrong` lies over the others.' }),
    problem: problem.optional(),
  })
  .openapi('FilterCheck');

export const completion = z
  .object({
    at: z.number().int().openapi({ description: 'The word that a proposal takes the place of.' }),
    length: z.number().int(),
    proposals: z.array(
      z.object({ text: z.string(), kind: z.enum(['field', 'operator', 'value', 'logic']), title: z.string() }),
    ),
  })
  .openapi('Completion');

const bytesAndCounts = { bytes: z.number(), waitingRows: z.number(), spoolBytes: z.number(), droppedRows: z.number() };

export const status = z
  .object({
    version: z.string(),
    source: z.object({ kind: z.enum(['interface', 'file', 'pipe', 'store', 'demo']), names: z.array(z.string()) }),
    state: z.enum(['none', 'waiting', 'running', 'done', 'failed']).openapi({ description: 'Of the capture.' }),
    store: z
      .object({
        place: z.string(),
        engine: z.enum(['duckdb', 'clickhouse']),
        schema: z.number().int(),
        rows: z.record(z.string(), z.number()),
        ...bytesAndCounts,
      })
      .nullable(),
    stages: z
      .array(z.object({ name: z.string(), in: z.number(), dropped: z.number(), fill: z.number().optional() }))
      .openapi({ description: 'Every hand-over between stages of the capture.' }),
    live: z.object({ viewers: z.number(), sent: z.number(), skipped: z.number() }),
    can: z
      .object({
        live: z.boolean(),
        history: z.boolean(),
        packets: z.boolean(),
        filters: z.boolean(),
        alerts: z.boolean(),
        begin: z.boolean().openapi({ description: 'Captures can be begun and files be sent here.' }),
      })
      .openapi({ description: 'What this server has; routes without it answer 501.' }),
  })
  .openapi('Status');
