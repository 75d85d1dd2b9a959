// One capture with its scene on the screen: begun, looked at, left.

import { basename } from 'node:path';
import { type ExitCode, Failure } from '../../../../core/index.ts';
import type { Store } from '../../../../output/store/index.ts';
import type { SceneAbout } from '../../../../screens/api/index.ts';
import type { ScreenEnd, Shell, Surface } from '../../../../screens/tui/index.ts';
import { keptTables } from '../../../pipeline/index.ts';
import type { Arguments, ReadSettings, Settings } from '../../options/index.ts';
import type { Rooms } from '../../rooms.ts';
import type { Command } from '../index.ts';
import type { HeldHost } from './held-host.ts';
import { filterWords } from './screen-words.ts';
import { type Rhythm, watchedRooms } from './watched-rooms.ts';

/** As often as the screen draws, and as many flows as it can show of those that go on. */
const rhythm: Rhythm = {
  snapshotEveryMs: 1000,
  screens: { pulseEveryMs: 250, openFlowsEveryMs: 1000, openFlowsMost: 2000 },
};

/** What is captured, and by which command. */
export interface Asked {
  readonly command: Command;
  readonly kind: 'demo' | 'capture';
  readonly read: ReadSettings;
  readonly given: Arguments;
}

export interface ShownRun {
  readonly shell: Shell;
  /** The scene has begun: packets can be had. */
  readonly opened: Promise<void>;
  /** How the capture ended; rejects with why it failed. */
  readonly code: Promise<ExitCode>;
  /** Ends the capture if it goes on, and everything that is left of it. */
  end(): Promise<ExitCode>;
}

export async function beginRun(asked: Asked, surface: Surface, host: HeldHost, rooms: Rooms): Promise<ShownRun> {
  const { read, given, command } = asked;
  const { settings } = read;
  const [scenes, tui] = await Promise.all([rooms.loadScenes(), rooms.loadScreen()]);
  const tables = keptTables();
  const isKept = settings.store !== null;
  let opened: Store | null = null;
  let names: readonly string[] = [];
  const live = scenes.openLiveScene({
    about: aboutOf(asked),
    tables,
    protocols: scenes.sceneProtocols(),
    packets: { files: packetFiles(asked, host), kept: null },
    alertStates: {
      write: async (batches) => opened?.write(batches),
      set: (run, id, state) => watched.setAlertState(run, id, state),
    },
    interfaceName: (index) => names[index] ?? '',
  });
  const watched = watchedRooms(rooms, isKept, live.feed, rhythm, (interfaces) => {
    names = settings.interface === null ? [] : interfaces.map(({ name }) => name);
  });
  watched.store.then(
    (store) => {
      opened = store;
    },
    () => {}, // the capture itself fails with that
  );
  const shell = new tui.Shell(
    {
      scene: live.scene,
      views: tui.views,
      words: filterWords(tables),
      messages: host.messages,
      filter: '',
      folder: process.cwd(),
    },
    surface,
  );
  const code = command({ ...read, settings: quietly(read) }, given, host, watched.rooms);
  // The last rows come with the end of the capture.
  code.then(
    () => shell.refresh(),
    () => {}, // whoever waits for it is told
  );
  return {
    shell,
    opened: watched.opened,
    code,
    end: async () => {
      shell.close();
      void watched.run.then((run) => run.stop());
      try {
        return await code;
      } finally {
        await opened?.close();
      }
    },
  };
}

/** Why a capture failed, as the permission card wants to know it. */
export const lacksPermission = (error: unknown): error is Failure =>
  error instanceof Failure && error.code === 'NO_PERMISSION';

export type { ScreenEnd };

/** What a capture says while it runs is on the screen; its summary comes afterwards. */
function quietly({ settings }: ReadSettings): Settings {
  return {
    ...settings,
    quiet: true,
    // Rows are made as for a store, also where none keeps them.
    store: settings.store ?? 'default',
  };
}

function aboutOf({ kind, read }: Asked): Omit<SceneAbout, 'can'> {
  const { interface: name, read: files, speed } = read.settings;
  if (kind === 'demo') return { id: 'main', kind, names: ['the demo'], isLive: Number.isFinite(speed) };
  if (name !== null && files.length === 0) return { id: 'main', kind: 'interface', names: [name], isLive: true };
  return { id: 'main', kind: 'file', names: files.map((path) => basename(path)), isLive: read.settings.follow };
}

function packetFiles({ kind, read }: Asked, host: HeldHost): readonly string[] {
  return kind === 'demo' ? [host.storyFile] : read.settings.read;
}
