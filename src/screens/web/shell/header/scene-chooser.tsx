// What is looked at: the capture that was started, and those that were begun from a screen.

import type { JSX } from 'preact';
import { printable } from '../../../../core/index.ts';
import type { SceneAbout } from '../../../api/index.ts';
import { lazily } from '../lazily.tsx';
import { Menu } from '../menu.tsx';
import type { Shell } from '../open-screen.ts';

const SceneList = lazily(async () => (await import('./scene-list.tsx')).SceneList);

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
