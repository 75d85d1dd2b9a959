// `taplight serve`: the dashboard and its API over a capture, a file, the demo or a store, until Ctrl+C. Without any of
// them the browser asks what to look at.

import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { type ExitCode, exitCodes, Failure } from '../../../../core/index.ts';
import { openHistory, type Store, type Table } from '../../../../output/store/index.ts';
import type { Scene, SceneAbout } from '../../../../screens/api/index.ts';
import { isServer, keptTables, packetSource, type StorePlan } from '../../../pipeline/index.ts';
import type { Geo, ScenePackets } from '../../../scenes/index.ts';
import type { ServerParts } from '../../../server/index.ts';
import type { Host, SignalName } from '../../host.ts';
import { type Arguments, flagOf, packetFolder, type ReadSettings, storePlan } from '../../options/index.ts';
import type { Rooms } from '../../rooms.ts';
import { type CaptureRequest, captureRequest, start } from '../capturing/capture.ts';
import { askedInput } from '../capturing/capture-plan.ts';
import { demoRequest, demoTitle } from '../capturing/demo.ts';
import { storeTrouble } from '../capturing/keep-run.ts';
import { beginScenes, quietSettings } from './begin-scenes.ts';
import { interfaceLooks } from './interface-looks.ts';
import { openAndTell } from './open-and-tell.ts';
import { type PrivateFolder, privateFolder } from './private-folder.ts';
import { privateRing } from './ring-packets.ts';
import { sceneRun } from './scene-run.ts';
import { type SharedStore, sharedStore } from './shared-store.ts';

type ServerRoom = Awaited<ReturnType<Rooms['loadServer']>>;
type About = Omit<SceneAbout, 'can'>;

interface Around {
  readonly read: ReadSettings;
  readonly host: Host;
  readonly rooms: Rooms;
  readonly server: ServerRoom;
  readonly tables: readonly Table[];
  readonly folder: PrivateFolder;
  readonly geo: Geo | null;
  /** Resolves with the first signal that ends the program. */
  readonly stopped: Promise<void>;
}

export async function serve(read: ReadSettings, given: Arguments, host: Host, rooms: Rooms): Promise<ExitCode> {
  const { settings, origin } = read;
  const { signal, deaf } = untilStopped(host);
  const folder = privateFolder(host);
  try {
    const [server, geo] = await Promise.all([rooms.loadServer(), openPlaces(settings.geoip)]);
    const around: Around = { read, host, rooms, server, tables: keptTables(), folder, geo, stopped: signal };
    if (settings.demo) refuseSecondInput(read);
    if (settings.demo) return await serveRun(await demoRequest(quietly(read), given, host), demoAbout, around);
    if (askedInput(settings, origin) !== null) {
      const request = await captureRequest(quietly(read), given, host, rooms);
      return typeof request === 'number' ? request : await serveRun(request, aboutOf(request), around);
    }
    const plan = storePlan({ ...settings, store: settings.store ?? 'default' }, host);
    const isThere = plan !== null && (isServer(plan.place) || existsSync(plan.place));
    if (plan !== null && isThere) return await serveStore(plan, around);
    if (settings.store !== null || settings.headless) throw nothingToServe(plan);
    return await serveUntilStopped(null, null, around);
  } finally {
    deaf();
    folder.remove();
  }
}

function refuseSecondInput({ settings, origin }: ReadSettings): void {
  const other = (['interface', 'read'] as const).find((name) => origin[name] === 'flag');
  if (other === undefined || askedInput(settings, origin) === null) return;
  throw new Failure('BAD_OPTION', `--demo and ${flagOf(other)} exclude each other`, 'Leave one of them out.');
}

function untilStopped(host: Host): { readonly signal: Promise<void>; deaf(): void } {
  const names: readonly SignalName[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  let offs: (() => void)[] = [];
  const signal = new Promise<void>((resolve) => {
    offs = names.map((name) => host.onSignal(name, resolve));
  });
  return {
    signal,
    deaf: () => {
      for (const off of offs) off();
    },
  };
}

/** Databases of places. Throws what `openGeo` throws. */
async function openPlaces(paths: readonly string[]): Promise<Geo | null> {
  return paths.length === 0 ? null : (await import('../../../scenes/index.ts')).openGeo(paths);
}

/** What a capture says on the terminal is on the server. */
function quietly(read: ReadSettings): ReadSettings {
  const summary = read.origin.summary === 'built in' ? 'none' : read.settings.summary;
  return { ...read, settings: { ...quietSettings(read.settings), summary } };
}

const demoAbout: About = { id: 'main', kind: 'demo', names: [demoTitle], isLive: true };

function aboutOf({ input, settings }: CaptureRequest): About {
  if (input.kind === 'interface') return { id: 'main', kind: 'interface', names: [input.name], isLive: true };
  if (input.paths.includes('-')) return { id: 'main', kind: 'pipe', names: ['-'], isLive: true };
  return { id: 'main', kind: 'file', names: input.paths.map((path) => basename(path)), isLive: settings.follow };
}

function nothingToServe(plan: StorePlan | null): Failure {
  const hint = 'Name what to capture or read: -i IFACE, -r FILE. With --store its history is kept.';
  return new Failure('NO_SUCH_STORE', `there is no store at ${plan?.place} and no capture`, hint);
}

/** A capture, looked at while it runs, and what is known of it afterwards. */
async function serveRun(request: CaptureRequest, about: About, around: Around): Promise<ExitCode> {
  const { read, host, rooms, server, tables, geo, stopped } = around;
  const store = read.settings.store === null ? null : sharedStore(rooms, server, tables, null);
  const { plan, packets } = packetsOf(request, store, around);
  const run = await sceneRun(rooms, { about, tables, packets, geo, store, viewer: 'browser' });
  const scenes = server.openScenes(run.scene);
  const parts = { ...partsOf(scenes, store, around), packets: packets.kept, source: about };
  const open = await openAndTell(server, parts, read.settings, host, around.folder);
  try {
    const code = await start(plan === undefined ? request : { ...request, packets: plan }, host, run.rooms);
    if (code !== exitCodes.ok && code !== exitCodes.damagedInput) return code;
    run.ended();
    // What was read stays to be looked at; a capture that was stopped has ended with its signal.
    await stopped;
    return code;
  } finally {
    await open.close();
    await scenes.close();
    await store?.close();
  }
}

/** Where packets of the capture go, unless beside the store, and where they are had from. */
function packetsOf(
  { input }: CaptureRequest,
  store: SharedStore | null,
  { read, host, folder }: Around,
): { readonly plan?: CaptureRequest['packets']; readonly packets: ScenePackets } {
  const { settings, origin } = read;
  const isAsked = origin.keepPackets !== 'built in' && settings.keepPackets > 0;
  if (store !== null && isAsked) {
    return { packets: { files: [], kept: packetSource(packetFolder(settings.store, host), store.history) } };
  }
  if (input.kind === 'files' && !input.paths.includes('-')) {
    return { plan: null, packets: { files: input.paths, kept: null } };
  }
  const ring = privateRing(read, folder, 'main', store?.history ?? null);
  return { plan: ring?.plan ?? null, packets: { files: [], kept: ring?.kept ?? null } };
}

/** A store without a capture: ours while nobody else has it, else read through its owner. */
async function serveStore(plan: StorePlan, around: Around): Promise<ExitCode> {
  const { read, host, rooms, server, tables, geo } = around;
  const opened = await openOrReach(plan, rooms, server, storeTrouble(host));
  const own = 'select' in opened ? opened : null;
  try {
    const shared = own === null ? null : sharedStore(rooms, server, tables, own);
    const history = 'select' in opened ? openHistory(opened, tables) : opened;
    const folder = packetFolder(read.settings.store, host);
    const kept = existsSync(folder) ? packetSource(folder, history) : null;
    const { storeScene, sceneProtocols } = await import('../../../scenes/index.ts');
    const scene = storeScene({
      about: { id: 'main', kind: 'store', names: [basename(plan.place)], isLive: false },
      tables,
      protocols: sceneProtocols(),
      packets: { files: [], kept },
      geo,
      history,
      alertStates: own === null ? null : { write: (batches) => own.write(batches) },
    });
    // Captures begun from the browser are kept where a store was asked for, not where one happens to lie.
    const keeping = read.settings.store === null ? null : shared;
    return await serveUntilStopped(scene, keeping, around, {
      history,
      packets: kept,
      store: own === null ? null : server.ownedStore(Promise.resolve(own), tables),
    });
  } finally {
    await own?.close();
  }
}

async function serveUntilStopped(
  scene: Scene | null,
  store: SharedStore | null,
  around: Around,
  more: Partial<ServerParts> = {},
): Promise<ExitCode> {
  const { read, host, server, folder, stopped } = around;
  const scenes = server.openScenes(scene);
  const parts = { ...partsOf(scenes, store, around), ...more };
  const open = await openAndTell(server, parts, read.settings, host, folder);
  await stopped;
  await open.close();
  await scenes.close();
  return exitCodes.ok;
}

/** What every server here has. */
function partsOf(scenes: ServerParts['scenes'], store: SharedStore | null, around: Around): ServerParts {
  const { read, host, rooms, server, tables, folder, geo } = around;
  const { settings } = read;
  return {
    version: host.version,
    source: { kind: 'store', names: [] },
    tables,
    scenes,
    begin: beginScenes({ read, host, rooms, tables, folder, geo, store }),
    uploads: { maxBytes: settings.maxUpload, folder: folder.path },
    interfaces: interfaceLooks(rooms, host),
    history: store?.history ?? null,
    store: store?.owned ?? null,
    filters: server.filterLanguage(tables),
    packets: null,
    web: settings.headless ? null : host.webFolder,
    ...(store === null ? {} : { alertStateSet: store.setAlertState }),
  };
}

async function openOrReach(
  plan: StorePlan,
  rooms: Rooms,
  server: ServerRoom,
  trouble: (what: string | null) => void,
): Promise<Store | ReturnType<ServerRoom['openRemoteHistory']>> {
  try {
    return await rooms.openStore(plan, { waits: false, trouble });
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'STORE_LOCKED') throw error;
    const remote = server.openRemoteHistory(server.socketPath(plan.place));
    await remote.info().catch(() => {
      throw error;
    });
    return remote;
  }
}
