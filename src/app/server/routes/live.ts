// What goes on now: the latest snapshot, the stream of them, and windows on the newest rows of each table.

import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { z } from '@hono/zod-openapi';
import { Failure } from '../../../core/index.ts';
import type { StreamCounters } from '../live/event-stream.ts';
import { streamTo } from '../live/event-stream.ts';
import type { SnapshotFeed } from '../live/snapshot-feed.ts';
import type { FilterLanguage, ServerParts } from '../parts.ts';
import { liveDocument, liveWindow } from '../shapes/answers.ts';
import { limits } from '../shapes/limits.ts';
import { filterText } from '../shapes/questions.ts';
import { type Api, addRoute } from './route.ts';

function feedOf({ snapshots }: ServerParts): SnapshotFeed {
  if (snapshots !== null) return snapshots;
  throw new Failure('UNSUPPORTED', 'there is no capture here', 'Start with -i IFACE or -r FILE.');
}

/** The filter language, or the Failure that says there is none. */
export function filtersOf({ filters }: ServerParts): FilterLanguage {
  if (filters !== null) return filters;
  throw new Failure('UNSUPPORTED', 'filters are not known here', 'Leave the filter out.');
}

const windowRequest = z
  .strictObject({
    table: z.string().max(200).openapi({ example: 'flows' }),
    filter: filterText.optional(),
    columns: z.array(z.string().max(200)).max(500).optional(),
    sort: z
      .strictObject({ column: z.string().max(200), descending: z.boolean() })
      .optional()
      .openapi({ description: 'Left out: newest first.' }),
    from: z.number().int().min(0).max(1_000_000).optional(),
    count: z.number().int().min(1).max(limits.windowRows).optional(),
  })
  .openapi('WindowRequest');

const streamQuery = z.object({
  hz: z.coerce
    .number()
    .min(0.1)
    .max(limits.hz)
    .optional()
    .openapi({ description: 'Snapshots a second at the most; 2 when left out.' }),
});

/** Gives what ends all streams. */
export function addLiveRoutes(api: Api, parts: ServerParts, counters: StreamCounters): () => void {
  addRoute(api, {
    method: 'get',
    path: '/live',
    tag: 'capture',
    summary: 'The latest snapshot',
    more: 'Waits for the first one where there is none yet.',
    gives: liveDocument,
    answer: async (_, asked) => {
      const feed = feedOf(parts);
      if (feed.latest() === null) await firstOf(feed, asked.req.raw.signal);
      return asked.json(feed.latest()?.document as never);
    },
  });
  addWindowRoute(api, parts);
  return addStreamRoute(api, parts, counters);
}

/** The next snapshot; also when whoever waits goes away. */
function firstOf(feed: SnapshotFeed, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const unsubscribe = feed.subscribe(() => {
      unsubscribe();
      resolve();
    });
    signal.addEventListener('abort', () => {
      unsubscribe();
      reject(signal.reason);
    });
  });
}

function addStreamRoute(api: Api, parts: ServerParts, counters: StreamCounters): () => void {
  const streams = new Set<{ end(): void }>();
  addRoute(api, {
    method: 'get',
    path: '/live/stream',
    tag: 'capture',
    summary: 'Snapshots as they come, as server-sent events',
    more: 'Events are named `snapshot` and have an id. A viewer that reads too slowly gets fewer of them, always the latest. A connection that breaks is resumed with `Last-Event-ID`.',
    query: streamQuery,
    gives: ['text/event-stream'],
    answer: ({ query }, asked) => {
      const { outgoing } = asked.env;
      const lastEventId = asked.req.header('last-event-id') ?? null;
      const stream = streamTo(outgoing, feedOf(parts), { hz: query.hz ?? 2, lastEventId }, counters);
      streams.add(stream);
      outgoing.once('close', () => streams.delete(stream));
      return RESPONSE_ALREADY_SENT;
    },
  });
  return () => {
    for (const stream of streams) stream.end();
  };
}

function addWindowRoute(api: Api, parts: ServerParts): void {
  addRoute(api, {
    method: 'post',
    path: '/live/rows',
    tag: 'capture',
    summary: 'A window on the newest rows of a table',
    more: 'The newest 100,000 flow records and 10,000 rows of every other table are kept. An order other than newest first reaches 10,000 rows deep.',
    body: windowRequest,
    gives: liveWindow,
    answer: async ({ body }, asked) => {
      feedOf(parts);
      const table = parts.live?.find(body.table);
      if (table === undefined) {
        const hint = `Live tables are ${parts.live?.names.join(', ') ?? 'none'}.`;
        throw new Failure('BAD_QUERY', `there is no live table '${body.table}'`, hint);
      }
      const filter = body.filter?.trim() ?? '';
      const matcher = filter === '' ? null : filtersOf(parts).matcher(body.filter ?? '', table.table);
      if (matcher !== null) await table.prepare(filter, matcher);
      const { columns, sort, from = 0, count = 50 } = body;
      return asked.json(table.window(filter, matcher, { columns, sort, from, count }) as never);
    },
  });
}
