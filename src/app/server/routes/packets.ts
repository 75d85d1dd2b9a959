// Packets of a flow or of an alert, as a pcapng file.

import { z } from '@hono/zod-openapi';
import { Failure } from '../../../core/index.ts';
import type { PacketsOf } from '../../pipeline/index.ts';
import type { ServerParts } from '../parts.ts';
import { Refusal } from '../refusals.ts';
import { timeoutQuery } from '../shapes/questions.ts';
import { findAlert, rowOf } from './alerts.ts';
import { askOptions, historyOf } from './history.ts';
import { streamOf } from './json-answer.ts';
import { type Api, type Asked, addRoute } from './route.ts';

const media = 'application/x-pcapng';
const whole = z.string().regex(/^\d{1,16}$/, 'is a whole number');

export function addPacketRoutes(api: Api, parts: ServerParts): void {
  addRoute(api, {
    method: 'get',
    path: '/runs/{run}/flows/{flow}/packets',
    tag: 'packets',
    summary: 'Packets of a flow',
    params: z.object({ run: whole, flow: whole }),
    query: timeoutQuery,
    gives: [media],
    answer: async ({ params, query }, asked) => {
      const filter = `flow.id == ${params.flow}`;
      const request = { table: 'flows', runs: [Number(params.run)], filter, limit: 1 };
      const flow = rowOf(await historyOf(parts).rows(request, askOptions(asked, query)));
      if (flow === null) {
        throw new Refusal('NOT_FOUND', `run ${params.run} has no flow ${params.flow}`, 'POST /api/v1/rows lists them.');
      }
      return await download(parts, { kind: 'flow', flow }, `flow-${params.flow}`, asked);
    },
  });
  addRoute(api, {
    method: 'get',
    path: '/alerts/{id}/packets',
    tag: 'packets',
    summary: 'Packets that an alert is about',
    params: z.object({ id: z.string().regex(/^[0-9a-f]{12}$/, 'is 12 hex digits') }),
    query: timeoutQuery.extend({ run: z.coerce.number().int().optional() }),
    gives: [media],
    answer: async ({ params, query }, asked) => {
      const alert = await findAlert(parts, params.id, query, asked);
      return await download(parts, { kind: 'alert', alert }, `alert-${params.id}`, asked);
    },
  });
}

async function download(parts: ServerParts, wanted: PacketsOf, name: string, asked: Asked): Promise<Response> {
  if (parts.packets === null) {
    throw new Failure('UNSUPPORTED', 'packets are not kept here', 'Start with --keep-packets SIZE.');
  }
  return await downloadAnswer(parts.packets.find(wanted, asked.req.raw.signal), name);
}

/** A capture file as a download. What cannot be found is told with a status: the first piece is there before it begins. */
export async function downloadAnswer(file: AsyncIterable<Uint8Array>, name: string): Promise<Response> {
  const pieces = file[Symbol.asyncIterator]();
  const first = await pieces.next();
  const headers = { 'Content-Type': media, 'Content-Disposition': `attachment; filename="${name}.pcapng"` };
  return new Response(streamOf(from(first, pieces)), { headers });
}

async function* from<T>(first: IteratorResult<T>, rest: AsyncIterator<T>): AsyncGenerator<T> {
  try {
    for (let next = first; next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
