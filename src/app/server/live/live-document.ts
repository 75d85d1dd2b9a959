// What screens are sent of a snapshot: all of it but what only threads need, and of its long lists the newest or largest.

import {
  type Alert,
  type HealthRow,
  type NetworkHealth,
  type Severity,
  type Snapshot,
  severities,
} from '../../../core/index.ts';
import { largest } from '../../scenes/index.ts';

/** `waiting`: no packet source is open yet; `done`: the input has ended, this is the last one. */
export type FeedState = 'waiting' | 'running' | 'done';

export interface LiveDocument extends Omit<Snapshot, 'handshakes' | 'alerts' | 'seconds' | 'health'> {
  readonly state: FeedState;
  /** By severity, all of them. */
  readonly alertCounts: Readonly<Record<Severity, number>>;
  /** The latest; the table `alerts` has the others. */
  readonly alerts: readonly Alert[];
  /** The last ten minutes. */
  readonly seconds: Snapshot['seconds'];
  readonly health: Omit<NetworkHealth, 'rtt' | 'response'> | null;
}

const most = { alerts: 50, seconds: 600, incidents: 50 } as const;

export function liveDocument(snapshot: Snapshot, state: FeedState): LiveDocument {
  const { handshakes: _, alerts, seconds, health, incidents, ...rest } = snapshot;
  return {
    state,
    ...rest,
    alertCounts: countBySeverity(alerts),
    alerts: largest(alerts, most.alerts, (a, b) => b.lastUs - a.lastUs),
    incidents: incidents.slice(0, most.incidents),
    seconds: seconds.slice(-most.seconds),
    health: health === undefined ? null : healthDocument(health),
  };
}

function countBySeverity(alerts: readonly Alert[]): Record<Severity, number> {
  const counts = Object.fromEntries(severities.map((severity) => [severity, 0])) as Record<Severity, number>;
  for (const { severity } of alerts) counts[severity]++;
  return counts;
}

/** Histograms are for adding up workers' results. */
function withoutHistograms<T extends Pick<HealthRow, 'rtt' | 'response'>>(given: T): Omit<T, 'rtt' | 'response'> {
  const { rtt: _rtt, response: _response, ...rest } = given;
  return rest;
}

function healthDocument(health: NetworkHealth): LiveDocument['health'] {
  const { paths, hosts, ...rest } = withoutHistograms(health);
  return { ...rest, paths: paths.map(withoutHistograms), hosts: hosts.map(withoutHistograms) };
}
