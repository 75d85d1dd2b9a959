// A command on the screen, where that is wanted and can be had. What the screen needs is loaded only then.

import type { ExitCode } from '../../../../core/index.ts';
import type { Command } from '../index.ts';
import { wantsScreen } from './wants-screen.ts';

/** Commands that the screen leads to. */
export interface Doors {
  readonly capture: Command;
  readonly demo: Command;
  readonly serve: Command;
}

/** The command on the screen; else as it is. */
export function onScreen(name: 'capture' | 'demo', doors: Doors): Command {
  return async (read, given, host, rooms) => {
    const plain = (): Promise<ExitCode> => doors[name](read, given, host, rooms);
    if (!wantsScreen(read, host)) return plain();
    const [{ openSurface }, { Session }] = await Promise.all([rooms.loadScreen(), import('./screen.ts')]);
    const surface = await openSurface(host, read.settings.color);
    // Some terminals say they are one and then refuse.
    if (surface === null) return plain();
    return new Session(surface, doors, read, given, host, rooms).run(name);
  };
}
