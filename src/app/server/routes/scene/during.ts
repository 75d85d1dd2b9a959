// The same shapes over a stretch of the store: what the screens show for last Tuesday.

import { z } from '@hono/zod-openapi';
import { Failure } from '../../../../core/index.ts';
import type { Scene } from '../../../../screens/api/index.ts';
import type { ServerParts } from '../../parts.ts';
import { Refusal } from '../../refusals.ts';
import { sceneSnapshot, trafficSeries } from '../../shapes/scene-shapes.ts';
import { type Api, addRoute } from '../route.ts';
import { firstSnapshot, sceneOf, sceneQuery, sharedAnswer } from './asked-scene.ts';

const query = sceneQuery.extend({
  fromUs: z.coerce.number().openapi({ description: 'Microseconds since the epoch.' }),
  toUs: z.coerce.number().openapi({ description: 'Exclusive.' }),
  span: z.enum(['recent', 'whole']).optional().openapi({ description: '`whole` when left out.' }),
});
type Asked = z.output<typeof query>;

/** Snapshot and series of one range are asked for one after the other: the store is read once for both. */
const keepMs = 5000;
const mostKept = 8;

export function addDuringRoutes(api: Api, parts: ServerParts): void {
  const stretch = stretches(parts);
  addRoute(api, {
    method: 'get',
    path: '/during/snapshot',
    tag: 'history',
    summary: 'What a snapshot would have said of that time',
    query,
    gives: sceneSnapshot,
    answer: async ({ query }, asked) => {
      const scene = stretch(query);
      await firstSnapshot(scene, asked.req.raw.signal);
      return sharedAnswer(scene.latest() ?? {});
    },
  });
  addRoute(api, {
    method: 'get',
    path: '/during/series',
    tag: 'history',
    summary: 'Traffic over that time, as columns',
    more: 'Answers 204 where there is none.',
    query,
    gives: trafficSeries,
    mayBeEmpty: true,
    answer: async ({ query }, asked) => {
      const scene = stretch(query);
      await firstSnapshot(scene, asked.req.raw.signal);
      const series = scene.series(query.span ?? 'whole');
      return series === null ? asked.body(null, 204) : sharedAnswer(series);
    },
  });
}

/** Scenes over stretches of time, the latest few of them remembered for a moment. */
function stretches(parts: ServerParts): (asked: Asked) => Scene {
  const kept = new Map<string, { readonly scene: Scene; readonly madeMs: number }>();
  return (asked) => {
    const { fromUs, toUs } = asked;
    if (!(fromUs < toUs)) {
      throw new Refusal('BAD_REQUEST', 'the range is empty', 'Let toUs be later than fromUs.');
    }
    const whole = sceneOf(parts, asked);
    const key = `${whole.about.id} ${fromUs} ${toUs}`;
    const known = kept.get(key);
    if (known !== undefined && performance.now() - known.madeMs < keepMs) return known.scene;
    const scene = whole.during({ fromUs, toUs });
    if (scene === null) {
      throw new Failure('UNSUPPORTED', 'there is no history here', 'Keep one: start with --store.');
    }
    kept.delete(key);
    kept.set(key, { scene, madeMs: performance.now() });
    if (kept.size > mostKept) kept.delete(kept.keys().next().value ?? '');
    return scene;
  };
}
