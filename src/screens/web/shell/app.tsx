// The frame around the views: header, tabs, notices, and the view that is open.

import type { FunctionComponent, JSX } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { noteLoss } from '../data/connection.ts';
import { openHttpScene } from '../data/http-scene.ts';
import { remembered } from '../look/remembered.ts';
import { Header } from './header/header.tsx';
import { Notices } from './header/notices.tsx';
import { listenToKeys } from './keys.ts';
import { lazily } from './lazily.tsx';
import type { Shell } from './open-screen.ts';
import type { ViewProps } from './screen.ts';
import { Tabs } from './tabs.tsx';
import { views } from './views.ts';

const singleKeys = remembered<'on' | 'off'>('keys', 'on', (text) => (text === 'off' ? 'off' : 'on'));

const Announcer = lazily(async () => (await import('./header/announcer.tsx')).Announcer);
const DropZone = lazily(async () => (await import('../views/start/drop-zone.tsx')).DropZone);
const Start = lazily(async () => (await import('../views/start/start-view.tsx')).Start);
const Help = lazily(async () => (await import('./help.tsx')).Help);

type Loaded = { readonly name: string; readonly view: FunctionComponent<ViewProps> | null };

/** Null until it is there; a view that could not be loaded is said. */
function useView(name: string): Loaded | null {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  useEffect(() => {
    let isWanted = true;
    const view = views.find((each) => each.name === name) ?? views[0];
    const show = (component: FunctionComponent<ViewProps> | null): void => {
      if (isWanted) setLoaded({ name, view: component });
    };
    view.load().then(show, () => show(null));
    return () => {
      isWanted = false;
    };
  }, [name]);
  return loaded;
}

/** The scene that the address names is opened; the one before stays until the other is there. */
function useSceneOf(shell: Shell): void {
  const { scene } = shell.place.value;
  useEffect(() => {
    if (scene === shell.base.peek().about.id) return;
    let isWanted = true;
    void openHttpScene(scene).then(
      (opened) => (isWanted ? shell.setBase(opened) : opened.close()),
      (error) => {
        if (!noteLoss(error) && isWanted) shell.stayInScene();
      },
    );
    return () => {
      isWanted = false;
    };
  }, [scene, shell]);
}

export function App({ shell }: { readonly shell: Shell }): JSX.Element {
  const [isHelpOpen, setHelpOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const { view } = shell.place.value;
  const isStart = view === 'start';
  useSceneOf(shell);
  useEffect(() => listenToKeys(shell, { isOn: singleKeys, help: () => setHelpOpen(true) }), [shell]);
  const title = isStart ? 'Start' : (views.find((each) => each.name === view) ?? views[0]).title;
  useEffect(() => {
    document.title = `${title} – Taplight`;
  }, [title]);
  const close = useCallback(() => setHelpOpen(false), []);
  return (
    <div class="shell">
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the view
      </button>
      <div class="top">
        <Header shell={shell} onHelp={() => setHelpOpen(true)} />
        <Tabs shell={shell} />
        <Notices shell={shell} />
      </div>
      <main id="view" ref={main} tabIndex={-1} aria-label={title} class={`view-${view}`}>
        {isStart ? <Start onOpen={shell.openScene} /> : <OpenView shell={shell} />}
      </main>
      <Announcer shell={shell} />
      {isHelpOpen && <Help onClose={close} singleKeys={singleKeys} />}
      <DropZone onOpen={shell.openScene} />
    </div>
  );
}

function OpenView({ shell }: { readonly shell: Shell }): JSX.Element | null {
  const { view } = shell.place.value;
  const loaded = useView(view);
  if (loaded === null || loaded.name !== view) return null;
  const { view: View } = loaded;
  if (View === null) return <p role="alert">This view could not be loaded. Load the page again.</p>;
  return <View key={shell.base.value.about.id} screen={shell} />;
}
