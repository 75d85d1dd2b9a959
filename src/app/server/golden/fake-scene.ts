// A scene for tests: it shows what it is given, and answers from a list.

import { emptySnapshot } from '../../../../test/e2e/cli-empty-snapshot.ts';
import { Failure, type Pulse, type TrafficSeries } from '../../../core/index.ts';
import type { Cell, Row, Scene, SceneAbout, SceneNews, SceneSnapshot } from '../../../screens/api/index.ts';

export interface FakeScene extends Scene {
  /** Shows a snapshot with so many packets. */
  publish(packets: number, state?: SceneSnapshot['state'], more?: Partial<SceneSnapshot>): void;
  beat(packets: number, more?: Partial<Pulse>): void;
  fail(code: string): void;
  /** What was asked for and set, in words. */
  readonly asked: string[];
  /** Who listens. */
  readonly listeners: Set<(news: SceneNews) => void>;
}

const snapshotOf = (packets: number, state: SceneSnapshot['state']): SceneSnapshot => {
  const { alerts: _, seconds: _seconds, ...rest } = emptySnapshot;
  return {
    ...rest,
    packets,
    state,
    alertCounts: { info: 0, low: 0, medium: 0, high: 0, severe: 0, critical: 0 },
    alerts: [],
    health: null,
    forgotten: { flows: 0 },
    names: { '192.0.2.1': 'printer' },
    process: { cpuSec: 1, memoryBytes: 2, wallSec: 3 },
  };
};

export const fakeSeries: TrafficSeries = {
  startSec: 1_700_000_000,
  stepSec: 1,
  packets: [1],
  bytes: [100],
  inBytes: [60],
  outBytes: [40],
  families: [[100]],
  newFlows: [1],
  segments: [0],
  repeated: [0],
  rtt: [[]],
  responses: [[]],
};

export const pulseOf = (packets: number): Pulse => ({
  lastUs: packets,
  packets,
  bytes: packets * 100,
  flows: 1,
  activeFlows: 1,
  hosts: 2,
  dropped: { kernel: 0, interface: 0, queue: 0 },
  recent: fakeSeries,
});

const flowIds = Array.from({ length: 12 }, (_, i) => 12 - i);
const flowRow = (id: number): Row => ({ flow_id: id, app: id % 2 === 0 ? 'dns' : 'tls', tags: ['<script>', '\u202e'] });

/** Flow 9 has lost its packets, and flow 404 is not there; `bad` is no filter. */
export function fakeScene(id = 'main', about: Partial<SceneAbout> = {}): FakeScene {
  const asked: string[] = [];
  const listeners = new Set<(news: SceneNews) => void>();
  let snapshot: SceneSnapshot | null = null;
  let pulse: Pulse | null = null;
  let failure: ReturnType<Scene['failure']> = null;
  const tell = (news: SceneNews): void => {
    for (const heard of listeners) heard(news);
  };
  return {
    about: {
      id,
      kind: 'interface',
      names: ['eth0'],
      isLive: true,
      can: { packets: true, history: true, acknowledge: true, places: false },
      ...about,
    },
    protocols: [{ name: 'dns', title: 'DNS', family: 'names', fields: [] }],
    asked,
    listeners,
    latest: () => snapshot,
    pulse: () => pulse,
    series: (span) => (snapshot === null || span === 'whole' ? null : fakeSeries),
    failure: () => failure,
    subscribe: (heard) => {
      listeners.add(heard);
      return () => listeners.delete(heard);
    },
    rows: async (request) => {
      asked.push(`rows ${JSON.stringify(request)}`);
      if (request.table !== 'flows') throw new Failure('BAD_QUERY', `there is no table '${request.table}'`, 'flows.');
      if (request.filter === 'bad') {
        throw new Failure('BAD_FILTER', "there is no field 'bad'", 'See docs.', undefined, { at: 0, length: 3 });
      }
      const fitting = flowIds.filter((each) => (request.filter ?? '') === '' || flowRow(each).app === request.filter);
      const rows: Cell[][] = fitting.map((each) => [each, flowRow(each).app]);
      const columns = [
        { name: 'flow_id', kind: 'u64' },
        { name: 'app', kind: 'word' },
      ];
      const window = rows.slice(request.from, request.from + request.count);
      return { columns, rows: window, total: rows.length, kept: flowIds.length, forgotten: 0 };
    },
    flow: async (_, flowId) => {
      if (flowId === 404) throw new Failure('BAD_QUERY', 'there is no flow 404', 'Ask for its rows.');
      const timeline = { startUs: 1, stepUs: 10, forward: [1], backward: [2] };
      return {
        flow: flowRow(flowId),
        transactions: [{ table: 'dns', row: { query: 'example.com' } }],
        alerts: [],
        timeline,
        hasPackets: true,
      };
    },
    packets: async (_, flowId, from = 0, limit = 200) => {
      asked.push(`packets ${flowId} ${from} ${limit}`);
      const layers = [{ name: 'IPv4', from: 0, to: 2, fields: [['Version', '4'] as const] }];
      return [{ number: 1, timeUs: 5, wireLen: 2, hex: '4500', summary: 'a to b', isForward: true, layers }];
    },
    async *packetFile(of) {
      asked.push(`file ${JSON.stringify(of)}`);
      if ('flowId' in of && of.flowId === 9) throw new Failure('NO_SUCH_FILE', 'its packets are gone', 'Keep more.');
      yield Buffer.from('pcapng');
      yield Buffer.from(' bytes');
    },
    setAlertState: async (run, alertId, state) => {
      asked.push(`state ${run} ${alertId} ${state}`);
    },
    during: ({ fromUs, toUs }) => {
      asked.push(`during ${fromUs} ${toUs}`);
      const stretch = fakeScene(id, { kind: 'store' });
      setTimeout(() => stretch.publish(toUs - fromUs, 'done'), 2);
      return stretch;
    },
    publish: (packets, state = 'running', more = {}) => {
      snapshot = { ...snapshotOf(packets, state), ...more };
      tell('snapshot');
      if (state === 'done') tell('end');
    },
    beat: (packets, more = {}) => {
      pulse = { ...pulseOf(packets), ...more };
      tell('pulse');
    },
    fail: (code) => {
      failure = { code, message: 'it went wrong', hint: 'Try another.' };
      tell('end');
    },
  };
}
