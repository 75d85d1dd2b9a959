// What a report is made of: a capture read through the ordinary pipeline into a scene, or a stretch of a store.

import { basename } from 'node:path';
import { Failure } from '../../../../core/index.ts';
import type { RunAbout } from '../../../../output/store/index.ts';
import {
  type Cell,
  protocolTable,
  type ReportData,
  type RowWindow,
  type Scene,
  type WindowRequest,
} from '../../../../screens/api/index.ts';
import { forgetfulStore, Keeper, keptTables, newRun } from '../../../pipeline/index.ts';
import type { Host } from '../../host.ts';
import { configOwner, detectSettings, type ReadSettings, storePlace } from '../../options/index.ts';
import type { Rooms } from '../../rooms.ts';
import { analyseFiles } from '../alerting/known-alerts.ts';
import { placeOf } from '../asking/asked-scope.ts';
import { withReading } from '../asking/with-reading.ts';

/** Rows of a report, and of one question. */
const mostFlows = 1000;
const mostHosts = 500;
const mostOthers = 500;
const pageRows = 200;

type Collected = Omit<ReportData, 'isRedacted'>;

/** Of capture files. Rejects with a Failure. */
export async function collectFiles(
  read: ReadSettings,
  files: readonly string[],
  host: Host,
  rooms: Rooms,
): Promise<Collected> {
  const { openLiveScene, sceneProtocols } = await rooms.loadScenes();
  const names = files.map((path) => (path === '-' ? 'stdin' : basename(path)));
  const { scene, feed } = openLiveScene({
    about: { id: 'main', kind: 'file', names, isLive: false },
    tables: keptTables(),
    protocols: sceneProtocols(),
  });
  let failure: unknown = null;
  const keeper = new Keeper({
    store: Promise.resolve({
      ...forgetfulStore,
      write: async (batches) => {
        for (const batch of batches) feed.batch(batch);
      },
    }),
    about: () => aboutOf(names, host),
    isLive: false,
    interfaceName: () => '',
    retention: { rawDays: 0, rollupDays: 0, maxBytes: 0 },
    system: '',
    nowMs: () => host.nowMs(),
    wallMs: () => Date.now(),
    warn: (error) => {
      failure ??= error;
    },
  });
  const detect = await detectSettings(read, configOwner(host.user, host.environment));
  // As with --store: what rows need is handed over.
  const asked = { ...read, settings: { ...read.settings, store: ':memory:' } };
  const heard = { ...keeper.listeners, series: feed.series, pulse: feed.pulse };
  const screens = { pulseEveryMs: 1000, openFlowsEveryMs: 1000, openFlowsMost: 1 };
  const snapshot = await analyseFiles(asked, files, detect, host, rooms, heard, { screens });
  await keeper.finish(snapshot, '');
  if (failure !== null) throw failure;
  feed.snapshot(snapshot, true);
  return collected(scene, names.join(', '), host);
}

const aboutOf = (names: readonly string[], host: Host): RunAbout => ({
  run: newRun(),
  sensor: '',
  kind: 'file',
  source: names.join(', '),
  hash: '',
  endsHash: '',
  beganUs: Date.now() * 1000,
  program: host.version,
});

/** Of a store; `use` gets the report, and the code is that of the question. Rejects with a Failure. */
export async function collectStore(
  { settings }: ReadSettings,
  host: Host,
  rooms: Rooms,
  use: (report: Collected) => Promise<void>,
): Promise<number> {
  const { storeScene, sceneProtocols } = await rooms.loadScenes();
  const { fromUs, toUs, runs } = await placeOf(settings, new Date());
  const place = storePlace(settings.store, host);
  return withReading(settings, host, rooms, async ({ history }) => {
    const untilUs = toUs ?? Date.now() * 1000;
    const range = fromUs === undefined && toUs === undefined ? {} : { range: { fromUs: fromUs ?? 0, toUs: untilUs } };
    const scene = storeScene({
      about: { id: 'main', kind: 'store', names: [place], isLive: false },
      tables: keptTables(),
      protocols: sceneProtocols(),
      history,
      ...(runs === undefined ? {} : { runs }),
      ...range,
    });
    await scene.ready;
    const failed = scene.failure();
    if (failed !== null) throw new Failure('BAD_QUERY', failed.message, failed.hint);
    await use(await collected(scene, basename(place), host));
  });
}

async function collected(scene: Scene, title: string, host: Host): Promise<Collected> {
  const snapshot = scene.latest();
  if (snapshot === null) throw new Failure('BAD_QUERY', 'there is nothing to report', 'Name another time or file.');
  const largest = { sort: { column: 'bytes', descending: true } };
  const tables: Record<string, RowWindow> = {
    flows: await rowsOf(scene, { table: 'flows', ...largest }, mostFlows),
    hosts: await rowsOf(scene, { table: 'hosts', ...largest }, mostHosts),
    alerts: await rowsOf(scene, { table: 'alerts' }, mostOthers),
  };
  const told = scene.protocols.filter(({ name, fields }) => fields.length > 0 && (snapshot.events[name] ?? 0) > 0);
  for (const { name } of told) {
    const table = protocolTable(name);
    tables[table] = withoutJson(await rowsOf(scene, { table }, mostOthers));
  }
  return {
    title,
    madeUs: Date.now() * 1000,
    program: host.version,
    about: {
      ...scene.about,
      isLive: false,
      // A page by itself can do none of this.
      can: { packets: false, history: false, acknowledge: false, places: scene.about.can.places },
    },
    protocols: scene.protocols.filter(({ name }) => name in snapshot.apps || told.some((each) => each.name === name)),
    snapshot,
    series: scene.series('whole') ?? scene.series('recent'),
    tables,
  };
}

async function rowsOf(scene: Scene, request: Omit<WindowRequest, 'from' | 'count'>, most: number): Promise<RowWindow> {
  const rows: (readonly Cell[])[] = [];
  for (;;) {
    const count = Math.min(pageRows, most - rows.length);
    const window = await scene.rows({ ...request, from: rows.length, count });
    rows.push(...window.rows);
    if (window.rows.length < count || rows.length >= most) return { ...window, rows };
  }
}

/** Objects are long and no view shows them. */
function withoutJson({ columns, rows, ...window }: RowWindow): RowWindow {
  const kept = columns.map((_, at) => at).filter((at) => columns[at].kind !== 'json');
  return { ...window, columns: kept.map((at) => columns[at]), rows: rows.map((row) => kept.map((at) => row[at])) };
}
