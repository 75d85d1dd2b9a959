// What a store keeps, on the screen.

import { basename } from 'node:path';
import { type ExitCode, exitCodes } from '../../../../core/index.ts';
import type { Surface } from '../../../../screens/tui/index.ts';
import { keptTables } from '../../../pipeline/index.ts';
import type { HostBehind } from '../../host-behind.ts';
import { type ReadSettings, storePlace } from '../../options/index.ts';
import type { Rooms } from '../../rooms.ts';
import { filterWords } from './screen-words.ts';

/** Until it is left. Rejects with NO_SUCH_STORE, STORE_LOCKED, STORE_FAILED. */
export async function showStore(
  { settings }: ReadSettings,
  surface: Surface,
  host: HostBehind,
  rooms: Rooms,
  stopped: Promise<void>,
): Promise<ExitCode> {
  const place = storePlace(settings.store, host);
  const reading = await rooms.openReading(place);
  try {
    const [scenes, tui] = await Promise.all([rooms.loadScenes(), rooms.loadScreen()]);
    const tables = keptTables();
    const scene = scenes.storeScene({
      about: { id: 'main', kind: 'store', names: [basename(place)], isLive: false },
      tables,
      protocols: scenes.sceneProtocols(),
      history: reading.history,
    });
    const parts = { views: tui.views, words: filterWords(tables), messages: host.messages, filter: '' };
    const shell = new tui.Shell({ ...parts, scene, folder: process.cwd() }, surface);
    surface.show(shell);
    await Promise.race([shell.ended, stopped]);
    shell.close();
    return exitCodes.ok;
  } finally {
    await reading.close();
  }
}
