// Surroundings of a capture that no terminal belongs to: it writes nowhere, and hears only the signals it is given.

import { Readable } from 'node:stream';
import type { Host, OutputStream, SignalName } from '../../host.ts';

export interface QuietHost {
  readonly host: Host;
  /** As a person at a terminal would send it. */
  signal(name: SignalName): void;
}

export function quietHost(host: Host): QuietHost {
  const heard = new Map<SignalName, Set<() => void>>();
  return {
    host: {
      ...host,
      stdin: Readable.from([]) as Host['stdin'],
      stdout: nowhere,
      stderr: nowhere,
      onSignal: (name, hear) => {
        const hearers = heard.get(name) ?? new Set();
        heard.set(name, hearers.add(hear));
        return () => hearers.delete(hear);
      },
    },
    signal: (name) => {
      for (const hear of heard.get(name) ?? []) hear();
    },
  };
}

const nowhere: OutputStream = {
  write: (_, done) => {
    done?.();
    return true;
  },
  on: () => {},
};
