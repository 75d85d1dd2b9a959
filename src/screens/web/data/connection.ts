// How the connection to the server stands; all requests of the tab report here.

import { signal } from '@preact/signals';
import { ServerGone, SessionOver } from './asking.ts';

export type Connection =
  | { readonly state: 'open' }
  | { readonly state: 'gone'; readonly sinceMs: number; readonly triesAtMs: number }
  | { readonly state: 'over' };

export const connection = signal<Connection>({ state: 'open' });

/** Notes what an error says about the connection; true: it was about that. */
export function noteLoss(error: unknown, triesAtMs = Date.now()): boolean {
  if (error instanceof SessionOver) {
    connection.value = { state: 'over' };
    return true;
  }
  if (!(error instanceof ServerGone)) return false;
  const before = connection.peek();
  if (before.state !== 'over') {
    connection.value = { state: 'gone', sinceMs: before.state === 'gone' ? before.sinceMs : Date.now(), triesAtMs };
  }
  return true;
}

export function noteAnswer(): void {
  if (connection.peek().state !== 'open') connection.value = { state: 'open' };
}

/** 1, 2, 4 … 15 seconds, and a little more by chance, so that not all tabs come at once. */
export function backoffMs(tries: number, chance: number): number {
  return Math.min(15_000, 1000 * 2 ** tries) * (1 + chance / 4);
}
