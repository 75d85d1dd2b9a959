// One capture with its scene on the screen: begun, looked at, left.

import { basename } from 'node:path';
import { type ExitCode, Failure } from '../../../../core/index.ts';
import type { SceneAbout } from '../../../../screens/api/index.ts';
import type { ScreenEnd, Shell, Surface } from '../../../../screens/tui/index.ts';
import { keptTables, packetSource, type Run } from '../../../pipeline/index.ts';
import type { ScenePackets } from '../../../scenes/index.ts';
import type { HostBehind } from '../../host-behind.ts';
import { type Arguments, packetFolder, type ReadSettings, type Settings } from '../../options/index.ts';
import type { Rooms } from '../../rooms.ts';
import type { Command } from '../index.ts';
import { quietSettings } from '../serving/begin-scenes.ts';
import { sceneRun } from '../serving/scene-run.ts';
import { type SharedStore, sharedStore } from '../serving/shared-store.ts';
import { filterWords } from './screen-words.ts';

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

export async function beginRun(asked: Asked, surface: Surface, host: HostBehind, rooms: Rooms): Promise<ShownRun> {
  const { read, given, command } = asked;
  const tui = await rooms.loadScreen();
  const tables = keptTables();
  const store = read.settings.store === null ? null : sharedStore(rooms, await rooms.loadServer(), tables, null);
  const files = packetFiles(asked, host);
  const watched = await sceneRun(rooms, {
    viewer: 'terminal',
    about: aboutOf(asked),
    tables,
    packets: { files, kept: files.length > 0 || store === null ? null : keptPackets(read.settings, host, store) },
    geo: null,
    store,
  });
  const parts = { views: tui.views, words: filterWords(tables), messages: host.messages, filter: '' };
  const shell = new tui.Shell({ ...parts, scene: watched.scene, folder: process.cwd() }, surface);
  let run: Run | null = null;
  const startRun: Rooms['startRun'] = (...task) => {
    run = watched.rooms.startRun(...task);
    return run;
  };
  const code = command({ ...read, settings: quietSettings(read.settings) }, given, host, {
    ...watched.rooms,
    startRun,
  });
  code.then(() => {
    watched.ended();
    shell.refresh();
  }, watched.failed);
  return {
    shell,
    opened: watched.opened,
    code,
    end: async () => {
      shell.close();
      run?.stop();
      try {
        return await code;
      } finally {
        await store?.close();
      }
    },
  };
}

/** The ring beside the store, where packets are kept at all. */
function keptPackets(settings: Settings, host: HostBehind, { history }: SharedStore): ScenePackets['kept'] {
  return settings.keepPackets > 0 ? packetSource(packetFolder(settings.store, host), history) : null;
}

/** Why a capture failed, as the permission card wants to know it. */
export const lacksPermission = (error: unknown): error is Failure =>
  error instanceof Failure && error.code === 'NO_PERMISSION';

export type { ScreenEnd };

function aboutOf({ kind, read }: Asked): Omit<SceneAbout, 'can'> {
  const { interface: name, read: files, speed } = read.settings;
  if (kind === 'demo') return { id: 'main', kind, names: ['the demo'], isLive: Number.isFinite(speed) };
  if (name !== null && files.length === 0) return { id: 'main', kind: 'interface', names: [name], isLive: true };
  return { id: 'main', kind: 'file', names: files.map((path) => basename(path)), isLive: read.settings.follow };
}

function packetFiles({ kind, read }: Asked, host: HostBehind): readonly string[] {
  return kind === 'demo' ? [host.storyFile] : read.settings.read;
}
