// Which scene a request is about, and its answers as text that is made once.

import { z } from '@hono/zod-openapi';
import { Failure } from '../../../../core/index.ts';
import type { Scene } from '../../../../screens/api/index.ts';
import type { ServerParts } from '../../parts.ts';
import type { SceneFeed } from '../../scenes/scene-feed.ts';
import type { Scenes } from '../../scenes/scenes.ts';

export const sceneField = z
  .string()
  .max(20)
  .optional()
  .openapi({ description: '`GET /scenes` lists them; `main` when left out.' });
export const sceneQuery = z.object({ scene: sceneField });

/** The scenes, or the Failure that says there are none. */
export function scenesOf({ scenes }: ServerParts): Scenes {
  if (scenes !== null) return scenes;
  throw new Failure('UNSUPPORTED', 'there is no capture here', 'Start with -i IFACE or -r FILE.');
}

/** Throws UNSUPPORTED, NOT_FOUND. */
export function sceneOf(parts: ServerParts, { scene }: { readonly scene?: string | undefined }): Scene {
  return scenesOf(parts).find(scene);
}

/** Throws UNSUPPORTED, NOT_FOUND. */
export function feedOf(parts: ServerParts, { scene }: { readonly scene?: string | undefined }): SceneFeed {
  return scenesOf(parts).feed(scene);
}

const words = new WeakMap<object, string>();

/** A value that is replaced when it changes, as a JSON answer: put into words once for all who ask. */
export function sharedAnswer(value: object): Response {
  let text = words.get(value);
  if (text === undefined) {
    text = JSON.stringify(value);
    words.set(value, text);
  }
  return new Response(text, { headers: { 'Content-Type': 'application/json' } });
}

/** Resolves once the scene has a snapshot. Rejects with why it failed, and when whoever waits goes away. */
export function firstSnapshot(scene: Scene, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): boolean => {
      const failure = scene.failure();
      if (scene.latest() === null && failure === null) return false;
      if (scene.latest() !== null) resolve();
      else reject(failureOf(scene));
      return true;
    };
    if (look()) return;
    const unsubscribe = scene.subscribe(() => {
      if (look()) unsubscribe();
    });
    signal.addEventListener('abort', () => {
      unsubscribe();
      reject(signal.reason);
    });
  });
}

function failureOf(scene: Scene): Failure {
  const { code, message, hint } = scene.failure() ?? { code: '', message: 'it failed', hint: 'Try again.' };
  return Failure.fromData({ code: code as Failure['code'], message, hint });
}
