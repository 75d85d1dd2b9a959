// A scene for tests of the terminal screen: a hundred flows, and a note of everything that was asked.

import type { Scene, SceneAbout, SceneNews, SceneSnapshot } from '../../src/screens/api/index.ts';
import { emptySnapshot } from '../e2e/cli-empty-snapshot.ts';

export interface FakeScene extends Scene {
  readonly asked: string[];
  publish(packets: number, state?: SceneSnapshot['state']): void;
}

const flows = 100;

export function fakeScene(about: Partial<SceneAbout> = {}): FakeScene {
  const asked: string[] = [];
  const listeners = new Set<(news: SceneNews) => void>();
  let snapshot: SceneSnapshot | null = null;
  const columns = ['run', 'flow_id', 'src_ip', 'src_port', 'dst_ip', 'dst_port', 'app', 'bytes_fwd'];
  return {
    about: {
      id: 'main',
      kind: 'file',
      names: ['made-up.pcap'],
      isLive: false,
      can: { packets: true, history: false, acknowledge: true, places: false },
      ...about,
    },
    protocols: [],
    asked,
    latest: () => snapshot,
    pulse: () =>
      snapshot === null
        ? null
        : {
            lastUs: 5e6,
            packets: snapshot.packets,
            bytes: snapshot.packets * 100,
            flows,
            activeFlows: 1,
            hosts: 2,
            dropped: snapshot.dropped,
            recent: null,
          },
    series: () => null,
    failure: () => null,
    subscribe: (heard) => {
      listeners.add(heard);
      return () => listeners.delete(heard);
    },
    rows: async ({ table, filter, from, count }) => {
      asked.push(`${table} ${filter ?? ''} ${from}+${count}`);
      const rows = Array.from({ length: Math.min(count, flows - from) }, (_, i) => [
        1,
        from + i,
        '192.0.2.1',
        1000 + i,
        '192.0.2.2',
        443,
        'tls',
        100,
      ]);
      return {
        columns: columns.map((name) => ({ name, kind: 'text' })),
        rows,
        total: flows,
        kept: flows,
        forgotten: 0,
      };
    },
    flow: async (run, flowId) => {
      asked.push(`flow ${run}:${flowId}`);
      return { flow: { run, flow_id: flowId }, transactions: [], alerts: [], timeline: null, hasPackets: true };
    },
    packets: async () => [],
    packetFile: async function* ({ ...of }) {
      asked.push(`packets ${JSON.stringify(of)}`);
      yield new Uint8Array([1, 2, 3]);
    },
    setAlertState: async (run, id, state) => {
      asked.push(`alert ${run} ${id} ${state}`);
    },
    during: () => null,
    publish: (packets, state = 'running') => {
      const { alerts: _, seconds: _seconds, ...rest } = emptySnapshot;
      snapshot = {
        ...rest,
        packets,
        firstUs: 0,
        lastUs: 5e6,
        state,
        alertCounts: { info: 0, low: 0, medium: 0, high: 0, severe: 0, critical: 0 },
        alerts: [],
        health: null,
        forgotten: {},
        names: {},
        process: { cpuSec: 1, memoryBytes: 2, wallSec: 3 },
      };
      for (const heard of listeners) heard('snapshot');
    },
  };
}
