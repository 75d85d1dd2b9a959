// `taplight serve`: the API over a capture, over a store, or over both, until Ctrl+C.

import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { type ExitCode, exitCodes, Failure, printable } from '../../../../core/index.ts';
import { type History, openHistory, type Store, type Table } from '../../../../output/store/index.ts';
import { isServer, keptTables, packetSource, type StorePlan } from '../../../pipeline/index.ts';
import type { OpenServer, ServerParts } from '../../../server/index.ts';
import type { Host, SignalName } from '../../host.ts';
import { type Arguments, packetFolder, type ReadSettings, type Settings, storePlan } from '../../options/index.ts';
import type { Rooms } from '../../rooms.ts';
import { capture } from '../capturing/capture.ts';
import { askedInput } from '../capturing/capture-plan.ts';
import { storeTrouble } from '../capturing/keep-run.ts';
import { type ServedRooms, servedRooms } from './served-rooms.ts';

type ServerRoom = Awaited<ReturnType<Rooms['loadServer']>>;

export async function serve(read: ReadSettings, given: Arguments, host: Host, rooms: Rooms): Promise<ExitCode> {
  const { settings, origin } = read;
  if (!settings.headless) {
    const hint = 'Add --headless for the HTTP API without it; docs/70-api.md shows what it answers.';
    throw new Failure('UNSUPPORTED', 'there is no dashboard in this version', hint);
  }
  const server = await rooms.loadServer();
  const tables = keptTables();
  const stopped = untilStopped(host);
  try {
    if (askedInput(settings, origin) === null) return await serveStore(read, host, rooms, { server, tables, stopped });
    return await serveCapture(read, given, host, rooms, { server, tables, stopped });
  } finally {
    stopped.deaf();
  }
}

interface Around {
  readonly server: ServerRoom;
  readonly tables: readonly Table[];
  readonly stopped: Stopped;
}

interface Stopped {
  /** Resolves with the first signal that ends the program. */
  readonly signal: Promise<void>;
  deaf(): void;
}

function untilStopped(host: Host): Stopped {
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

/** The capture of the command line, looked at while it runs, and what is known of it afterwards. */
async function serveCapture(
  read: ReadSettings,
  given: Arguments,
  host: Host,
  rooms: Rooms,
  around: Around,
): Promise<ExitCode> {
  const { settings, origin } = read;
  const { served, parts } = watchedCapture(settings, host, rooms, around);
  const open = await openAndTell(around.server, parts, settings, host);
  let opened: Store | null = null;
  served.store.then(
    (store) => {
      opened = store;
    },
    () => {}, // the capture itself fails with that
  );
  try {
    const code = await capture({ ...read, settings: quietly(settings, origin) }, given, host, served.rooms);
    if (code !== exitCodes.ok && code !== exitCodes.damagedInput) return code;
    // What was read stays to be looked at; a capture that was stopped has ended with its signal.
    await around.stopped.signal;
    return code;
  } finally {
    await open.close();
    await (opened as Store | null)?.close();
  }
}

/** Rooms for the capture, and what the server shows of it. */
function watchedCapture(
  settings: Settings,
  host: Host,
  rooms: Rooms,
  { server, tables }: Around,
): { readonly served: ServedRooms; readonly parts: ServerParts } {
  const isKept = settings.store !== null;
  const feed = server.snapshotFeed(Date.now().toString(36));
  const live = server.liveTables(tables);
  const served = servedRooms(rooms, isKept, {
    batch: live.add,
    snapshot: (snapshot, isLast) => feed.publish(snapshot, isLast ? 'done' : 'running'),
  });
  const history = isKept ? server.lateHistory(served.store.then((store) => openHistory(store, tables))) : null;
  const parts: ServerParts = {
    version: host.version,
    source: sourceOf(settings),
    alertStateSet: served.setAlertState,
    tables,
    snapshots: feed,
    live,
    history,
    store: isKept ? server.ownedStore(served.store, tables) : null,
    filters: server.filterLanguage(tables, live),
    packets: packetsOf(settings, host, history),
  };
  return { served, parts };
}

/** What a capture says on the terminal is on the server; files that were asked for are still written. */
function quietly(settings: Settings, origin: ReadSettings['origin']): Settings {
  return {
    ...settings,
    quiet: true,
    summary: origin.summary === 'built in' ? 'none' : settings.summary,
    // Rows are made as for a store, also where none keeps them.
    store: settings.store ?? 'default',
  };
}

function sourceOf({ interface: name, read }: Settings): ServerParts['source'] {
  if (read.includes('-') || name === '-') return { kind: 'pipe', names: ['-'] };
  if (name !== null && read.length === 0) return { kind: 'interface', names: [name] };
  return { kind: 'file', names: read.map((path) => basename(path)) };
}

/** A store without a capture: ours while nobody else has it, else read through its owner. */
async function serveStore(
  { settings }: ReadSettings,
  host: Host,
  rooms: Rooms,
  { server, tables, stopped }: Around,
): Promise<ExitCode> {
  const plan = storePlan({ ...settings, store: settings.store ?? 'default' }, host);
  if (plan === null) throw new Error('a store was named above');
  if (!isServer(plan.place) && !existsSync(plan.place)) {
    const hint = 'Name what to capture or read: -i IFACE, -r FILE. With --store its history is kept.';
    throw new Failure('NO_SUCH_STORE', `there is no store at ${plan.place} and no capture`, hint);
  }
  const opened = await openOrReach(plan, rooms, server, storeTrouble(host));
  const history = 'select' in opened ? openHistory(opened, tables) : opened;
  const parts: ServerParts = {
    version: host.version,
    source: { kind: 'store', names: [] },
    tables,
    snapshots: null,
    live: null,
    history,
    store: 'select' in opened ? server.ownedStore(Promise.resolve(opened), tables) : null,
    filters: server.filterLanguage(tables, null),
    packets: packetsOf(settings, host, history),
  };
  try {
    const open = await openAndTell(server, parts, settings, host);
    await stopped.signal;
    await open.close();
    return exitCodes.ok;
  } finally {
    if ('select' in opened) await opened.close();
  }
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

/** Kept packets, where there are or will be any. */
function packetsOf(settings: Settings, host: Host, history: History | null): ServerParts['packets'] {
  const folder = packetFolder(settings.store, host);
  const isThere = settings.keepPackets > 0 || existsSync(folder);
  return isThere && history !== null ? packetSource(folder, history) : null;
}

async function openAndTell(room: ServerRoom, parts: ServerParts, settings: Settings, host: Host): Promise<OpenServer> {
  const server = await room.openServer(parts, {
    address: settings.listen,
    port: settings.port,
    password: settings.password,
    token: settings.token,
    allowHosts: settings.allowHost,
    linkUsed: (url) => host.stderr.write(`opened; for another browser: ${url}\n`),
    fault: (error) => {
      if (host.environment.TAPLIGHT_DEBUG === '1') host.stderr.write(`${printable(String((error as Error).stack))}\n`);
    },
  });
  const lines = [`Taplight answers at ${new URL('/', server.link()).href}`, `  browser   ${server.link()}`];
  if (settings.token === null) lines.push(`  programs  Authorization: Bearer ${server.token}`);
  host.stderr.write(`${lines.join('\n')}\n  Ctrl+C stops\n`);
  if (!room.isLoopback(settings.listen)) {
    host.stderr.write(
      `Warning: whoever reaches ${settings.listen}:${server.port} and knows the password sees everything captured here; ` +
        'password and answers cross the network in clear. A proxy with TLS in front, or ssh -L, keeps them to you.\n',
    );
  }
  return server;
}
