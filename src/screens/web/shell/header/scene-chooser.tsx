// What is looked at: the capture that was started, and those that were begun from a screen.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { printable } from '../../../../core/index.ts';
import type { SceneAbout, SceneState } from '../../../api/index.ts';
import { askJson } from '../../data/asking.ts';
import { noteLoss } from '../../data/connection.ts';
import { Menu } from '../menu.tsx';
import type { Shell } from '../open-screen.ts';

interface SceneEntry {
  readonly about: SceneAbout;
  readonly state: SceneState;
}

const lastPart = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

/** `eth0`, `office.pcapng and 2 more`, `demo`. */
export function sceneName({ kind, names }: SceneAbout): string {
  if (kind === 'demo') return 'demo';
  const [first = kind] = names;
  return printable(names.length > 1 ? `${lastPart(first)} and ${names.length - 1} more` : lastPart(first));
}

export function SceneChooser({ shell }: { readonly shell: Shell }): JSX.Element {
  return (
    <Menu label="Scene" button={`${sceneName(shell.base.value.about)} ▾`}>
      <SceneList shell={shell} />
    </Menu>
  );
}

function SceneList({ shell }: { readonly shell: Shell }): JSX.Element {
  const scenes = useSignal<readonly SceneEntry[]>([]);
  useEffect(() => {
    void askJson<SceneEntry[]>('/scenes').then((all) => {
      scenes.value = all;
    }, noteLoss);
  }, [scenes]);
  return (
    <>
      {scenes.value.map(({ about, state }) => (
        <button
          type="button"
          key={about.id}
          aria-pressed={about.id === shell.base.value.about.id}
          onClick={() => shell.openScene(about.id)}
        >
          {sceneName(about)} <span class="muted">{state}</span>
        </button>
      ))}
      <a class="button" href={shell.href('start')}>
        Open another: interface, file, demo …
      </a>
    </>
  );
}
