// What screens are sent of a snapshot: all of it but what only threads need, and of its long lists the newest or largest.

import {
  type Alert,
  type HealthRow,
  type NetworkHealth,
  type Severity,
  type Snapshot,
  severities,
} from '../../../core/index.ts';
import type { SceneSnapshot, SceneState } from '../../../screens/api/index.ts';
import { largest } from './largest.ts';

const most = { alerts: 50, incidents: 50, names: 2000 } as const;

export interface SnapshotSurroundings {
  readonly state: SceneState;
  readonly forgotten: Readonly<Record<string, number>>;
  /** Best name of an address; empty where none is known. */
  nameOf(ip: string): string;
  readonly process: SceneSnapshot['process'];
}

export function sceneSnapshot(snapshot: Snapshot, around: SnapshotSurroundings): SceneSnapshot {
  const { handshakes: _h, seconds: _s, queue: _q, alerts, health, incidents, ...rest } = snapshot;
  const told = {
    ...rest,
    alertCounts: countBySeverity(alerts),
    alerts: largest(alerts, most.alerts, (a, b) => b.lastUs - a.lastUs),
    incidents: incidents.slice(0, most.incidents),
    health: health === undefined ? null : withoutHistogramsOf(health),
  };
  const { state, forgotten, process } = around;
  return { ...told, state, forgotten, process, names: namesIn(told, around.nameOf) };
}

export function countBySeverity(alerts: readonly Pick<Alert, 'severity'>[]): Record<Severity, number> {
  const counts = Object.fromEntries(severities.map((severity) => [severity, 0])) as Record<Severity, number>;
  for (const { severity } of alerts) counts[severity]++;
  return counts;
}

/** Histograms are for adding up workers' results. */
function withoutHistograms<T extends Pick<HealthRow, 'rtt' | 'response'>>(given: T): Omit<T, 'rtt' | 'response'> {
  const { rtt: _rtt, response: _response, ...rest } = given;
  return rest;
}

function withoutHistogramsOf(health: NetworkHealth): SceneSnapshot['health'] {
  const { paths, hosts, ...rest } = withoutHistograms(health);
  return { ...rest, paths: paths.map(withoutHistograms), hosts: hosts.map(withoutHistograms) };
}

type Naming = Pick<SceneSnapshot, 'talkers' | 'alerts' | 'incidents' | 'risks' | 'health'>;

/** Names of all addresses that a snapshot names. */
export function namesIn(snapshot: Naming, nameOf: (ip: string) => string): Record<string, string> {
  const names: Record<string, string> = {};
  let count = 0;
  for (const text of textsIn(snapshot)) {
    // A path is called `10.1.2.0/24 → 192.0.2.1`.
    for (const ip of text.split(' ')) {
      if (Object.hasOwn(names, ip) || count >= most.names) continue;
      const name = nameOf(ip);
      if (name === '') continue;
      names[ip] = name;
      count++;
    }
  }
  return names;
}

function* textsIn({ talkers, alerts, incidents, risks, health }: Naming): Generator<string> {
  for (const { ip } of talkers) yield ip;
  for (const { host } of [...incidents, ...risks]) yield host;
  for (const { key, sources, targets } of alerts) yield* [key, ...sources.slice(0, 10), ...targets.slice(0, 10)];
  for (const { name } of [...(health?.paths ?? []), ...(health?.hosts ?? [])]) yield name;
  for (const { client, server } of health?.slowest ?? []) yield* [client, server];
}
