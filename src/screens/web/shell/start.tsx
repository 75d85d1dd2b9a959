// From an empty page to the dashboard: the scene that the address names is opened, and tried again while nobody answers.

import { type JSX, render } from 'preact';
import { SessionOver } from '../data/asking.ts';
import { backoffMs } from '../data/connection.ts';
import { type HttpScene, openHttpScene } from '../data/http-scene.ts';
import { App } from './app.tsx';
import { openScreen } from './open-screen.ts';
import { placeOf } from './place.ts';

function Notice({ title, text }: { readonly title: string; readonly text: string }): JSX.Element {
  return (
    <main class="alone">
      <h1>{title}</h1>
      <p role="status">{text}</p>
    </main>
  );
}

/** Until there is one; null: the session is over. */
async function openFirst(root: HTMLElement): Promise<HttpScene | null> {
  const wanted = placeOf(location.hash).scene;
  for (let tries = 0; ; tries++) {
    try {
      return await openHttpScene(wanted).catch((error) => {
        if (wanted === 'main' || error.code === undefined) throw error;
        return openHttpScene('main');
      });
    } catch (error) {
      if (error instanceof SessionOver) return null;
      const text = error instanceof Error ? error.message : 'something went wrong';
      render(<Notice title="Taplight does not answer" text={`${text}. Trying again …`} />, root);
      await new Promise((resolve) => setTimeout(resolve, backoffMs(tries, Math.random())));
    }
  }
}

export async function start(root: HTMLElement): Promise<void> {
  const scene = await openFirst(root);
  if (scene === null) {
    const text = 'Open the newest link that taplight printed where it runs; each link opens one session.';
    render(<Notice title="This session is over" text={text} />, root);
    return;
  }
  render(null, root);
  const shell = openScreen(scene);
  shell.follow();
  render(<App shell={shell} />, root);
}
