// From an empty page to the dashboard: the scene that the address names is opened, and tried again while nobody answers.

import { type JSX, render } from 'preact';
import { askJson, SessionOver } from '../data/asking.ts';
import { backoffMs } from '../data/connection.ts';
import { type HttpScene, openHttpScene } from '../data/http-scene.ts';
import { App } from './app.tsx';
import { lazily } from './lazily.tsx';
import { openScreen } from './open-screen.ts';
import { firstPlace, placeOf, placeText } from './place.ts';

const DropZone = lazily(async () => (await import('../views/start/drop-zone.tsx')).DropZone);
const Start = lazily(async () => (await import('../views/start/start-view.tsx')).Start);

function Notice({ title, text }: { readonly title: string; readonly text: string }): JSX.Element {
  return (
    <main class="alone">
      <h1>{title}</h1>
      <p role="status">{text}</p>
    </main>
  );
}

/** The scene of the address, or another that is there; null: none is, one has to be begun. */
async function anyScene(): Promise<HttpScene | null> {
  const all = await askJson<{ about: { id: string } }[]>('/scenes');
  const ids = all.map(({ about }) => about.id);
  const id = [placeOf(location.hash).scene, 'main'].find((each) => ids.includes(each)) ?? ids[0];
  return id === undefined ? null : openHttpScene(id);
}

/** Shows the dashboard of a scene. */
function show(root: HTMLElement, scene: HttpScene): void {
  render(null, root);
  const shell = openScreen(scene);
  shell.follow();
  render(<App shell={shell} />, root);
}

function showStart(root: HTMLElement): void {
  const open = (id: string): void => {
    void openHttpScene(id).then((scene) => {
      history.replaceState(null, '', placeText({ ...firstPlace, scene: id }));
      show(root, scene);
    });
  };
  render(
    <main class="alone">
      <h1>Taplight</h1>
      <Start onOpen={open} />
      <DropZone onOpen={open} />
    </main>,
    root,
  );
}

export async function start(root: HTMLElement): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      const scene = await anyScene();
      return scene === null ? showStart(root) : show(root, scene);
    } catch (error) {
      if (error instanceof SessionOver) {
        const text = 'Open the newest link that taplight printed where it runs; each link opens one session.';
        return render(<Notice title="This session is over" text={text} />, root);
      }
      const text = error instanceof Error ? error.message : 'something went wrong';
      render(<Notice title="Taplight does not answer" text={`${text}. Trying again …`} />, root);
      await new Promise((resolve) => setTimeout(resolve, backoffMs(tries, Math.random())));
    }
  }
}
