// Signals that end a run: the first asks it to finish, the second forces; and those that only ask how it goes.

import type { Host, SignalName } from '../host.ts';

/** npm passes Ctrl+C on to a program that got it from the terminal, too: copies this soon after are the same key press. */
const sameKeyMs = 150;

export interface StopListeners {
  stop(): void;
  force(): void;
  report(): void;
}

const stopping: readonly SignalName[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const asking: readonly SignalName[] = ['SIGUSR1', 'SIGINFO'];

/** Listens until the returned function is called. */
export function listenForStop(host: Host, listeners: StopListeners): () => void {
  let firstMs = -1;
  const heard = () => {
    if (firstMs < 0) {
      firstMs = host.nowMs();
      listeners.stop();
    } else if (host.nowMs() - firstMs > sameKeyMs) listeners.force();
  };
  const offs = [
    ...stopping.map((name) => host.onSignal(name, heard)),
    ...asking.map((name) => host.onSignal(name, () => listeners.report())),
  ];
  return () => {
    for (const off of offs) off();
  };
}
