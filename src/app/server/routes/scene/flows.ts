// One flow of a scene: all that is known of it, its packets; and what a person says of an alert.

import { z } from '@hono/zod-openapi';
import type { ServerParts } from '../../parts.ts';
import { Refusal } from '../../refusals.ts';
import { filterText } from '../../shapes/questions.ts';
import { flowDetails, packetDetails } from '../../shapes/scene-shapes.ts';
import { downloadAnswer } from '../packets.ts';
import { type Api, addRoute } from '../route.ts';
import { sceneOf, sceneQuery } from './asked-scene.ts';

const whole = z.string().regex(/^\d{1,16}$/, 'is a whole number');
const flowParams = z.object({ run: whole, flowId: whole });
const count = z.coerce.number().int().min(0);

const packetsQuery = sceneQuery.extend({
  from: count.max(1e9).optional(),
  limit: count.min(1).max(1000).optional().openapi({ description: '200 when left out.' }),
});

const fileQuery = sceneQuery.extend({
  filter: filterText.optional(),
  run: whole.optional(),
  flow: whole.optional(),
});

export function addFlowRoutes(api: Api, parts: ServerParts): void {
  addRoute(api, {
    method: 'get',
    path: '/live/flows/{run}/{flowId}',
    tag: 'capture',
    summary: 'One flow, with what was said in it',
    params: flowParams,
    query: sceneQuery,
    gives: flowDetails,
    answer: async ({ params, query }, asked) =>
      asked.json((await sceneOf(parts, query).flow(Number(params.run), Number(params.flowId))) as never),
  });
  addRoute(api, {
    method: 'get',
    path: '/live/flows/{run}/{flowId}/packets',
    tag: 'packets',
    summary: 'Packets of a flow, taken apart',
    params: flowParams,
    query: packetsQuery,
    gives: z.array(packetDetails),
    answer: async ({ params, query }, asked) => {
      const { from, limit } = query;
      const scene = sceneOf(parts, query);
      return asked.json((await scene.packets(Number(params.run), Number(params.flowId), from, limit)) as never);
    },
  });
  addPacketFileRoute(api, parts);
  addAlertStateRoute(api, parts);
}

function addPacketFileRoute(api: Api, parts: ServerParts): void {
  addRoute(api, {
    method: 'get',
    path: '/live/packets.pcapng',
    tag: 'packets',
    summary: 'Packets of a flow, or of all flows that a filter finds, as a file',
    query: fileQuery,
    gives: ['application/x-pcapng'],
    answer: ({ query }) => {
      const { filter, run, flow } = query;
      const scene = sceneOf(parts, query);
      if (run !== undefined && flow !== undefined && filter === undefined) {
        return downloadAnswer(scene.packetFile({ run: Number(run), flowId: Number(flow) }), `flow-${flow}`);
      }
      if (filter === undefined || run !== undefined || flow !== undefined) {
        throw new Refusal('BAD_REQUEST', 'it is not said which packets', 'Give `filter`, or `run` and `flow`.');
      }
      return downloadAnswer(scene.packetFile({ filter }), 'packets');
    },
  });
}

function addAlertStateRoute(api: Api, parts: ServerParts): void {
  addRoute(api, {
    method: 'post',
    path: '/live/alerts/{run}/{id}',
    tag: 'alerts',
    summary: 'Acknowledges an alert of a scene, or opens it',
    params: z.object({ run: whole, id: z.string().regex(/^[0-9a-f]{12}$/, 'is 12 hex digits') }),
    query: sceneQuery,
    body: z.strictObject({ state: z.enum(['open', 'acknowledged', 'closed']) }).openapi('SceneAlertState'),
    gives: [],
    status: 204,
    answer: async ({ params, query, body }, asked) => {
      await sceneOf(parts, query).setAlertState(Number(params.run), params.id, body.state);
      return asked.body(null, 204);
    },
  });
}
