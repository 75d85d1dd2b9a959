// Interfaces with rates, for all browsers together: whoever asks soon after another gets the same answer.

import { watchInterfaces } from '../../console/index.ts';
import type { Host } from '../../host.ts';
import type { Rooms } from '../../rooms.ts';
import { interfaceDocument } from '../interfaces.ts';

/** Rates over less time than this would jump. */
const leastMs = 500;

export function interfaceLooks(rooms: Rooms, host: Host): () => readonly Readonly<Record<string, unknown>>[] {
  const look = watchInterfaces(rooms.listInterfaces, host.nowMs);
  let seen: readonly Readonly<Record<string, unknown>>[] | null = null;
  let seenMs = 0;
  // The first who asks gets rates, too.
  setImmediate(look);
  return () => {
    if (seen === null || host.nowMs() - seenMs >= leastMs) {
      seen = look().map(interfaceDocument);
      seenMs = host.nowMs();
    }
    return seen;
  };
}
