// The stream of pulses and snapshots: one for the tab, closed while the tab is hidden, opened again when it is lost.

import { apiBase, askJson, withQuery } from './asking.ts';
import { backoffMs, noteAnswer, noteLoss } from './connection.ts';

export interface StreamHearer {
  pulse(text: string): void;
  snapshot(text: string): void;
  end(): void;
  /** It was closed for a while: what was missed has to be fetched. */
  resumed(): void;
}

const hz = 10;

/** Gives what ends it. */
export function openStream(scene: string, hearer: StreamHearer): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let tries = 0;
  let hasEnded = false;

  const open = (): void => {
    if (source !== null || hasEnded || document.hidden) return;
    source = new EventSource(`${apiBase}${withQuery('/live/stream', { hz, scene })}`);
    source.onopen = () => {
      tries = 0;
      noteAnswer();
      hearer.resumed();
    };
    source.onerror = lost;
    source.addEventListener('pulse', ({ data }) => hearer.pulse(data));
    source.addEventListener('snapshot', ({ data }) => hearer.snapshot(data));
    source.addEventListener('end', () => {
      hasEnded = true;
      close();
      hearer.end();
    });
  };
  const close = (): void => {
    source?.close();
    source = null;
    clearTimeout(timer);
  };
  // An EventSource does not tell why it failed, a request does.
  const lost = (): void => {
    close();
    const waitMs = backoffMs(tries++, Math.random());
    void askJson(`/scenes/${encodeURIComponent(scene)}`).then(
      () => {
        timer = setTimeout(open, waitMs);
      },
      (error) => {
        if (noteLoss(error, Date.now() + waitMs) && error.name === 'SessionOver') return;
        timer = setTimeout(open, waitMs);
      },
    );
  };
  const turned = (): void => (document.hidden ? close() : open());
  document.addEventListener('visibilitychange', turned);
  open();
  return () => {
    hasEnded = true;
    document.removeEventListener('visibilitychange', turned);
    close();
  };
}
