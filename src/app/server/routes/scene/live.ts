// What goes on: the latest snapshot, the stream of them, traffic over time, and windows on rows.

import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { z } from '@hono/zod-openapi';
import type { WindowRequest } from '../../../../screens/api/index.ts';
import type { ServerParts } from '../../parts.ts';
import { leastPulseHz, type StreamCounters, streamTo } from '../../scenes/event-stream.ts';
import { limits } from '../../shapes/limits.ts';
import { asked as left } from '../../shapes/questions.ts';
import { rowWindow, sceneSnapshot, trafficSeries, windowRequest } from '../../shapes/scene-shapes.ts';
import { type Api, addRoute } from '../route.ts';
import { feedOf, firstSnapshot, sceneOf, sceneQuery, sharedAnswer } from './asked-scene.ts';

const streamQuery = sceneQuery.extend({
  hz: z.coerce
    .number()
    .min(0.1)
    .max(limits.hz)
    .optional()
    .openapi({ description: `Events a second at the most; 2 when left out. From ${leastPulseHz} on with pulses.` }),
});

const seriesQuery = sceneQuery.extend({
  span: z.enum(['recent', 'whole']).openapi({ description: 'The last ten minutes by the second, or all of it.' }),
});

/** Gives what ends all streams. */
export function addLiveRoutes(api: Api, parts: ServerParts, counters: StreamCounters): () => void {
  addRoute(api, {
    method: 'get',
    path: '/live',
    tag: 'capture',
    summary: 'The latest snapshot',
    more: 'Waits for the first one where there is none yet.',
    query: sceneQuery,
    gives: sceneSnapshot,
    answer: async ({ query }, asked) => {
      const scene = sceneOf(parts, query);
      await firstSnapshot(scene, asked.req.raw.signal);
      return sharedAnswer(scene.latest() ?? {});
    },
  });
  addRoute(api, {
    method: 'get',
    path: '/live/series',
    tag: 'capture',
    summary: 'Traffic over packet time, as columns',
    more: 'Answers 204 while there is none.',
    query: seriesQuery,
    gives: trafficSeries,
    mayBeEmpty: true,
    answer: ({ query }, asked) => {
      const series = sceneOf(parts, query).series(query.span);
      return series === null ? asked.body(null, 204) : sharedAnswer(series);
    },
  });
  addRoute(api, {
    method: 'post',
    path: '/live/rows',
    tag: 'capture',
    summary: 'A window on the rows of a table',
    more: 'Flows that are open are among them. The newest rows are kept, also without a store; `forgotten` counts those that gave way.',
    query: sceneQuery,
    body: windowRequest,
    gives: rowWindow,
    answer: async ({ query, body }, asked) => {
      const { from = 0, count = 50, ...rest } = body;
      const request = left<WindowRequest>({ ...rest, from, count });
      return asked.json((await sceneOf(parts, query).rows(request)) as never);
    },
  });
  return addStreamRoute(api, parts, counters);
}

function addStreamRoute(api: Api, parts: ServerParts, counters: StreamCounters): () => void {
  const streams = new Set<{ end(): void }>();
  addRoute(api, {
    method: 'get',
    path: '/live/stream',
    tag: 'capture',
    summary: 'What goes on, as server-sent events',
    more: 'Events: `snapshot`, at most one a second, with an id; `pulse`, a few counters and the latest seconds, as often as asked for; `end`, with `{state, failure}`, after the last snapshot. A viewer that reads too slowly gets fewer of them, always the latest. A connection that breaks is resumed with `Last-Event-ID`.',
    query: streamQuery,
    gives: ['text/event-stream'],
    answer: ({ query }, asked) => {
      const { outgoing } = asked.env;
      const lastEventId = asked.req.header('last-event-id') ?? null;
      const stream = streamTo(outgoing, feedOf(parts, query), { hz: query.hz ?? 2, lastEventId }, counters);
      streams.add(stream);
      outgoing.once('close', () => streams.delete(stream));
      return RESPONSE_ALREADY_SENT;
    },
  });
  return () => {
    for (const stream of streams) stream.end();
  };
}
