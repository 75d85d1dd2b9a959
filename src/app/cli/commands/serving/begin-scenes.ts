// Captures that are begun from the browser: an interface, the demo, a file that was sent; each as the command line would.

import { rmSync } from 'node:fs';
import { Failure } from '../../../../core/index.ts';
import type { Table } from '../../../../output/store/index.ts';
import type { SceneAbout } from '../../../../screens/api/index.ts';
import type { Geo, ScenePackets } from '../../../scenes/index.ts';
import type { Beginnings, OpenScene } from '../../../server/index.ts';
import type { Host } from '../../host.ts';
import { hostBehind } from '../../host-behind.ts';
import { configOwner, detectSettings, type ReadSettings, type Settings } from '../../options/index.ts';
import type { Rooms } from '../../rooms.ts';
import { type CaptureRequest, start } from '../capturing/capture.ts';
import { settleTimeouts } from '../capturing/capture-plan.ts';
import { demoRequest, demoTitle } from '../capturing/demo.ts';
import type { PrivateFolder } from './private-folder.ts';
import { privateRing } from './ring-packets.ts';
import { sceneRun } from './scene-run.ts';
import type { SharedStore } from './shared-store.ts';

export interface BeginOptions {
  readonly read: ReadSettings;
  readonly host: Host;
  readonly rooms: Rooms;
  readonly tables: readonly Table[];
  readonly folder: PrivateFolder;
  readonly geo: Geo | null;
  /** Where they are kept, too; null: nowhere. */
  readonly store: SharedStore | null;
}

/** A run that was told to end and does not is ended with force. */
const patienceMs = 5000;

export function beginScenes(options: BeginOptions): Beginnings {
  const { host, rooms, folder, store } = options;
  const read: ReadSettings = { ...options.read, settings: withoutOutputs(options.read.settings) };
  const detect = () => detectSettings(read, configOwner(host.user, host.environment));
  const settings = () => settleTimeouts(read.settings, read.origin);
  return {
    interface: async (id, name) => {
      const input = { kind: 'interface', name: rooms.resolveInterface(name).name } as const;
      const ring = privateRing(read, folder, id, store?.history ?? null);
      const about = { id, kind: 'interface', names: [input.name], isLive: true } as const;
      const request = { settings: settings(), detect: await detect(), input, filter: '', isLive: true };
      const packets = ring === null ? null : { files: [], kept: ring.kept };
      const begun = await begin(options, { ...request, packets: ring?.plan ?? null }, about, packets, () => {
        if (ring !== null) rmSync(ring.plan.folder, { recursive: true, force: true });
      });
      return await begun.opened;
    },
    demo: async (id) => {
      const about = { id, kind: 'demo', names: [demoTitle], isLive: true } as const;
      const request = await demoRequest(read, { words: [], afterDashes: [] }, host);
      const packets = { files: [host.storyFile], kept: null };
      return (await begin(options, { ...request, packets: null }, about, packets)).scene;
    },
    file: async (id, { path, name }) => {
      const about = { id, kind: 'file', names: [name], isLive: false } as const;
      const input = { kind: 'files', paths: [path] } as const;
      const named = { title: name, opening: null, looksLive: false };
      const request = { settings: settings(), detect: await detect(), input, filter: '', isLive: false, demo: named };
      const packets = { files: [path], kept: null };
      const gone = (): void => rmSync(path, { force: true });
      const told = (error: unknown) => calledSo(error, path, name);
      return (await begin(options, { ...request, packets: null }, about, packets, gone, told)).scene;
    },
  };
}

/** The Failure with a file called as it was where it came from. */
function calledSo(error: unknown, path: string, name: string): unknown {
  if (!(error instanceof Failure)) return error;
  return new Failure(error.code, error.message.replaceAll(path, name), error.hint.replaceAll(path, name), error);
}

interface Begun {
  readonly scene: OpenScene;
  /** The same once the input is open; rejects with the Failure where it cannot be. */
  readonly opened: Promise<OpenScene>;
}

/** Runs it as a capture of the command line; it ends with its scene. */
async function begin(
  { host, rooms, tables, geo, store }: BeginOptions,
  request: CaptureRequest,
  about: Omit<SceneAbout, 'can'>,
  packets: ScenePackets | null,
  gone: () => void = () => {},
  told: (error: unknown) => unknown = (error) => error,
): Promise<Begun> {
  const run = await sceneRun(rooms, { about, tables, packets, geo, store, viewer: 'browser' });
  const quiet = hostBehind(host, { output: 'dropped', isAlone: true });
  let failed = (_: unknown): void => {};
  const failing = new Promise<never>((_, reject) => {
    failed = reject;
  });
  failing.catch(() => {}); // the scene says so, too
  const done = start(request, quiet, run.rooms).then(run.ended, (error) => {
    if (!(error instanceof Failure) && host.environment.TAPLIGHT_DEBUG === '1') host.stderr.write(`${error}\n`);
    run.failed(told(error));
    failed(told(error));
  });
  let isOver = false;
  void done.then(() => {
    isOver = true;
  });
  const stop = async (): Promise<void> => {
    if (isOver) return;
    quiet.signal('SIGINT');
    const force = setTimeout(() => quiet.signal('SIGINT'), patienceMs);
    await done;
    clearTimeout(force);
  };
  const close = async (): Promise<void> => {
    await stop();
    gone();
  };
  const scene = { scene: run.scene, stop, close };
  const opened = Promise.race([run.opened.then(() => scene), failing]).catch(async (error) => {
    await close();
    throw error;
  });
  opened.catch(() => {}); // not everybody waits for it
  return { scene, opened };
}

/** What the command line asked to be written is about its own capture. */
function withoutOutputs(settings: Settings): Settings {
  const nothing = { write: null, eve: null, json: false, zeek: null, print: false, chartFile: null, evidence: null };
  return { ...quietSettings(settings), ...nothing, count: 0, duration: 0, follow: false, summary: 'none' };
}

/** What a capture says on the terminal is on the screen; files that were asked for are still written. */
export function quietSettings(settings: Settings): Settings {
  // Rows are made as for a store, also where none keeps them.
  return { ...settings, quiet: true, store: settings.store ?? 'default' };
}
