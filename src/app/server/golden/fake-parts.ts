// Parts of a server for tests: a history that answers from a list, a store that remembers, words that are easy to break.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../../core/index.ts';
import {
  type AskOptions,
  alerts,
  type Batch,
  flows,
  type History,
  type Result,
  type RowsRequest,
  type Scope,
  type SelectOptions,
  storeTables,
  type Table,
  type Value,
} from '../../../output/store/index.ts';
import type { FilterLanguage, ServerParts } from '../parts.ts';
import { type OpenScene, openScenes, type Scenes } from '../scenes/scenes.ts';
import { type FakeScene, fakeScene } from './fake-scene.ts';

export const tables = storeTables([]);

/** A row of a table with these values; the others are empty. */
export function rowOf(table: Table, values: Readonly<Record<string, Value>>): Value[] {
  return table.columns.map(({ name, kind, nullable }) => {
    if (Object.hasOwn(values, name)) return values[name];
    if (nullable === true) return null;
    if (kind === 'texts' || kind === 'reals') return [];
    if (kind === 'address') return '::';
    if (kind === 'hash') return '0000000000000000';
    if (kind === 'flag') return false;
    return ['text', 'word', 'json'].includes(kind) ? '' : 0;
  });
}

const flowRows = Array.from({ length: 12 }, (_, i) =>
  rowOf(flows, {
    run: 7,
    flow_id: i + 1,
    src_ip: `10.0.0.${i}`,
    app: i % 2 === 0 ? 'tls' : 'dns',
    host: i === 3 ? '=a,"b' : 'x',
  }),
);
export const alertId = '0123456789ab';
const alertRows = [rowOf(alerts, { run: 7, alert_id: alertId, version: 5, state: 'open', detector: 'scan.vertical' })];

export interface FakeHistory extends History {
  /** Questions as they came, with the time limit of each. */
  readonly asked: { readonly name: string; readonly request: unknown; readonly timeoutMs: number | undefined }[];
  /** Questions that were stopped by who asked them. */
  stopped: number;
}

/** `filter: 'bad'` is refused at its place; the SQL `hang` waits until it is stopped. */
export function fakeHistory(): FakeHistory {
  const asked: FakeHistory['asked'] = [];
  const note = (name: string, request: unknown, options?: AskOptions): void => {
    asked.push({ name, request, timeoutMs: options?.timeoutMs });
    refuse((request ?? {}) as Scope);
  };
  const result = (columns: Result['columns'], rows: Result['rows']): Result => ({
    columns,
    rows,
    isCut: false,
    tookMs: 1.5,
  });
  const top = result(
    [
      { name: 'app', kind: 'word' },
      { name: 'bytes', kind: 'u64' },
    ],
    [['tls', 9000] as const, ['dns', null] as const],
  );
  const history: FakeHistory = {
    asked,
    stopped: 0,
    rows: async (request, options) => {
      note('rows', request, options);
      return rowsOf(request);
    },
    count: async (request, options) => {
      note('count', request, options);
      return rowsOf({ ...request, limit: 1000 }).rows.length;
    },
    top: async (request, options) => {
      note('top', request, options);
      return top;
    },
    series: async (request, options) => {
      note('series', request, options);
      return top;
    },
    diff: async (request, options) => {
      note('diff', request, options);
      const item = { change: 'new', thing: '10.0.0.9', before: null, after: 3, unit: 'flows', text: 'New.' } as const;
      return { sections: [{ what: 'hosts', title: 'Hosts', items: [item], more: 0 }] };
    },
    sql: async (sql, options) => {
      note('sql', sql, options);
      if (sql === 'hang') await hang(history, options);
      if (sql.startsWith('DROP')) throw new Failure('BAD_QUERY', 'only questions are answered', 'Use SELECT.');
      const rows = Array.from({ length: options?.maxRows ?? 1 }, (_, i) => [i, `name ${i} “ü”`]);
      return result(
        [
          { name: 'n', kind: 'u64' },
          { name: 'name', kind: 'text' },
        ],
        rows,
      );
    },
    runs: async (options) => {
      note('runs', null, options);
      const times = { beganUs: 1, firstUs: null, lastUs: null, packets: 3, bytes: 300 };
      return [{ run: 7, sensor: 'box', kind: 'live', source: 'eth0', hash: '', state: 'open', ...times }];
    },
    sensors: async (options) => {
      note('sensors', null, options);
      return [{ sensor: 'box', packets: 3 }];
    },
  };
  return history;
}

function refuse({ filter }: Scope): void {
  const at = filter?.indexOf('bad') ?? -1;
  if (at >= 0) throw badFilter(at);
}

const badFilter = (at: number): Failure =>
  new Failure('BAD_FILTER', "there is no field 'bad'", 'See docs.', undefined, { at, length: 3 });

function rowsOf({ table: name, limit = 100, offset = 0 }: RowsRequest): Result {
  const table = tables.find((each) => each.name === name);
  if (table === undefined) throw new Failure('BAD_QUERY', `there is no table '${name}'`, 'Tables are flows.');
  if (limit < 1 || limit > 100_000) throw new Failure('BAD_QUERY', 'limit is 1 to 100000', 'Use --limit 100.');
  const rows = name === 'flows' ? flowRows : name === 'alerts' ? alertRows : [];
  const columns = table.columns.map(({ name, kind }) => ({ name, kind }));
  const page = rows.slice(offset, offset + limit);
  return { columns, rows: page, isCut: offset + limit < rows.length, tookMs: 0.25 };
}

function hang(history: FakeHistory, options: SelectOptions | undefined): Promise<never> {
  return new Promise((_, reject) => {
    options?.signal?.addEventListener('abort', () => {
      history.stopped++;
      reject(new Failure('QUERY_STOPPED', 'the question was stopped', 'Ask again.'));
    });
  });
}

/** `bad` is no word of it. */
export const fakeFilters: FilterLanguage = {
  examine: (filter) => {
    const at = filter.indexOf('bad');
    if (at < 0) return { marks: [{ kind: 'bare', at: 0, length: filter.length }], failure: null };
    return { marks: [{ kind: 'wrong', at, length: 3 }], failure: badFilter(at) };
  },
  complete: async (filter, at) => ({
    at,
    length: filter.length - at,
    proposals: [{ text: 'app', kind: 'field', title: 'What it speaks' }],
  }),
};

export interface FakeParts extends ServerParts {
  readonly history: FakeHistory;
  readonly scenes: Scenes;
  readonly scene: FakeScene;
  /** Scenes that were begun here, by id, and what became of each. */
  readonly begun: Map<string, { readonly scene: FakeScene; readonly from: string; ended: string }>;
  readonly uploads: { readonly maxBytes: number; folder(): string };
  readonly written: Batch[];
  readonly states: string[];
}

const fakeInterface = {
  number: 1,
  name: 'eth0',
  addresses: ['192.0.2.1/24'],
  mac: null,
  kind: 'wired',
  up: true,
  running: true,
  connected: null,
  mtu: 1500,
  speed_bps: null,
  description: '',
  default_route: true,
  bytes: { rx: 1, tx: 2 },
  packets: null,
  bytes_per_s: null,
  packets_per_s: null,
};

/** Begins fake scenes. The interface `locked` may not be listened to. */
function fakeBeginnings(begun: FakeParts['begun']): NonNullable<ServerParts['begin']> {
  const open = (id: string, from: string): OpenScene => {
    const scene = fakeScene(id);
    const state = { scene, from, ended: '' };
    begun.set(id, state);
    return {
      scene,
      stop: async () => scene.publish(1, 'done'),
      close: async () => {
        state.ended = 'closed';
      },
    };
  };
  return {
    interface: async (id, name) => {
      if (name === 'locked') throw new Failure('NO_PERMISSION', 'no permission to listen on locked', 'Use sudo.');
      return open(id, name);
    },
    demo: async (id) => open(id, 'demo'),
    file: async (id, { name, path }) => {
      const opened = open(id, name);
      const close = async (): Promise<void> => {
        rmSync(path);
        await opened.close();
      };
      return { ...opened, close };
    },
  };
}

/** Everything a server may have. */
export function fakeParts(): FakeParts {
  const written: Batch[] = [];
  const scene = fakeScene();
  const begun: FakeParts['begun'] = new Map();
  let folder: string | null = null;
  const states: string[] = [];
  const waiting = { waitingRows: 0, spoolBytes: 0, droppedRows: 0 };
  return {
    version: '1.2.3',
    source: { kind: 'interface', names: ['eth0'] },
    tables,
    scenes: openScenes(scene),
    scene,
    begun,
    begin: fakeBeginnings(begun),
    uploads: {
      maxBytes: 4 << 20,
      folder: () => {
        folder ??= mkdtempSync(join(tmpdir(), 'taplight-fake-'));
        return folder;
      },
    },
    interfaces: () => [fakeInterface],
    web: null,
    history: fakeHistory(),
    store: {
      info: async () => ({
        place: '/store',
        engine: 'duckdb',
        schema: 1,
        bytes: 4096,
        rows: { flows: 12 },
        ...waiting,
      }),
      write: async (batches) => {
        written.push(...batches);
      },
      exportParquet: async (request, path) => {
        refuse(request);
        writeFileSync(path, 'PAR1 not really PAR1');
      },
    },
    filters: fakeFilters,
    packets: {
      async *find(packets) {
        if (packets.kind === 'flow' && packets.flow.flow_id === 9) {
          throw new Failure('NO_SUCH_FILE', 'its packets are gone', 'Keep more with --keep-packets.');
        }
        yield Buffer.from(packets.kind);
        yield Buffer.from(' packets');
      },
    },
    alertStateSet: (run, id, state) => states.push(`${run} ${id} ${state}`),
    written,
    states,
  };
}
