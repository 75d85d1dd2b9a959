// Scenes: which there are, and how a screen begins and ends one.

import { z } from '@hono/zod-openapi';
import { Failure } from '../../../../core/index.ts';
import type { Scene } from '../../../../screens/api/index.ts';
import type { Beginnings, ServerParts } from '../../parts.ts';
import { Refusal } from '../../refusals.ts';
import { stateOf } from '../../scenes/scene-feed.ts';
import { interfaceRow, sceneAbout, sceneEntry, sceneInfo } from '../../shapes/scene-shapes.ts';
import { type Api, addRoute } from '../route.ts';
import { scenesOf } from './asked-scene.ts';

const idParams = z.object({ id: z.string().max(20) });

const beginBody = z
  .union([z.strictObject({ interface: z.string().min(1).max(200) }), z.strictObject({ demo: z.literal(true) })])
  .openapi('BeginScene');

/** What begins captures, or the Failure that says that nothing does. */
export function beginningsOf({ begin }: ServerParts): Beginnings {
  if (begin !== null) return begin;
  throw new Failure('UNSUPPORTED', 'captures are not begun from here', 'Start `taplight serve` without --headless.');
}

export function addSceneRoutes(api: Api, parts: ServerParts): void {
  addRoute(api, {
    method: 'get',
    path: '/scenes',
    tag: 'scenes',
    summary: 'What can be looked at',
    gives: z.array(sceneEntry),
    answer: (_, asked) => asked.json((parts.scenes?.list() ?? []).map(entryOf) as never),
  });
  addRoute(api, {
    method: 'post',
    path: '/scenes',
    tag: 'scenes',
    summary: 'Begins a capture of an interface, or the demo',
    more: 'Up to four that were begun this way are there at once; the oldest one that is over gives way.',
    body: beginBody,
    gives: sceneAbout,
    answer: async ({ body }, asked) => {
      const begin = beginningsOf(parts);
      const open = (id: string) => ('demo' in body ? begin.demo(id) : begin.interface(id, body.interface));
      return asked.json((await scenesOf(parts).begin(open)).about as never);
    },
  });
  addRoute(api, {
    method: 'get',
    path: '/scenes/{id}',
    tag: 'scenes',
    summary: 'One of them: what it is, how it is, and the protocols it knows',
    params: idParams,
    gives: sceneInfo,
    answer: ({ params }, asked) => {
      const scene = scenesOf(parts).find(params.id);
      return asked.json({ ...entryOf(scene), protocols: scene.protocols, failure: scene.failure() } as never);
    },
  });
  addRoute(api, {
    method: 'delete',
    path: '/scenes/{id}',
    tag: 'scenes',
    summary: 'Stops a capture that was begun here; lets go of it when it was over',
    params: idParams,
    gives: z.object({ state: z.enum(['waiting', 'running', 'done', 'failed', 'gone']) }),
    answer: async ({ params }, asked) => asked.json({ state: await scenesOf(parts).end(params.id) }),
  });
}

const entryOf = (scene: Scene): object => ({ about: scene.about, state: stateOf(scene) });

export function addInterfaceRoute(api: Api, parts: ServerParts): void {
  addRoute(api, {
    method: 'get',
    path: '/interfaces',
    tag: 'scenes',
    summary: 'Interfaces of this machine, with their rates',
    more: 'As `taplight -D --json` has them; rates are those since somebody asked before, null at the first time.',
    gives: z.array(interfaceRow),
    answer: (_, asked) => {
      if (parts.interfaces !== null) return asked.json(parts.interfaces() as never);
      throw new Refusal('NOT_FOUND', 'interfaces are not told here', 'Ask `taplight interfaces`.');
    },
  });
}
