// Scenes to choose from; those that were begun from a screen can be stopped, and closed when they are over.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { SceneAbout, SceneState } from '../../../api/index.ts';
import { ask, askJson } from '../../data/asking.ts';
import { noteLoss } from '../../data/connection.ts';
import type { Shell } from '../open-screen.ts';
import { sceneName } from './scene-chooser.tsx';

interface SceneEntry {
  readonly about: SceneAbout;
  readonly state: SceneState;
}

const stateWords: Readonly<Record<SceneState, string>> = {
  waiting: 'waiting',
  running: 'goes on',
  done: 'ended',
  failed: 'failed',
};
const askAgainMs = 2000;

export function SceneList({ shell }: { readonly shell: Shell }): JSX.Element {
  const scenes = useSignal<readonly SceneEntry[]>([]);
  const why = useSignal('');
  const look = (): Promise<void> =>
    askJson<SceneEntry[]>('/scenes').then((all) => {
      scenes.value = all;
    });
  useEffect(() => {
    void look().catch(noteLoss);
    const timer = setInterval(() => void look().catch(noteLoss), askAgainMs);
    return () => clearInterval(timer);
  }, [scenes]);
  const end = (id: string, isOver: boolean): void => {
    why.value = '';
    ask(`/scenes/${encodeURIComponent(id)}`, { method: 'DELETE' })
      .then(look)
      .then(
        () => {
          if (!isOver || id !== shell.base.peek().about.id) return;
          // What was looked at is gone: another one, or the choice.
          const [other] = scenes.peek();
          if (other === undefined) location.reload();
          else shell.openScene(other.about.id);
        },
        (error) => {
          if (!noteLoss(error)) why.value = `${error.message}. ${error.hint ?? ''}`;
        },
      );
  };
  return (
    <>
      {scenes.value.map(({ about, state }) => {
        const isOver = state === 'done' || state === 'failed';
        const name = sceneName(about);
        return (
          <div key={about.id} class="scene">
            <button
              type="button"
              data-closes
              aria-pressed={about.id === shell.base.value.about.id}
              onClick={() => shell.openScene(about.id)}
            >
              {name} <span>({stateWords[state]})</span>
            </button>
            {about.id !== 'main' && (
              <button type="button" class="quiet" onClick={() => end(about.id, isOver)}>
                {isOver ? 'Close' : 'Stop'}
                <span class="unseen"> {name}</span>
              </button>
            )}
          </div>
        );
      })}
      {why.value !== '' && <p role="alert">{why.value}</p>}
      <a class="button" href={shell.href('start')}>
        Open another: interface, file, demo …
      </a>
    </>
  );
}
