// EVE lines to every destination that was asked for, fed by a run.

import type { Alert, Flow, Snapshot, SourceInterface } from '../../../core/index.ts';
import type { OpenSink } from '../../pipeline/index.ts';
import type { Rooms } from '../rooms.ts';

/** Between `stats` events while live, as in Suricata. */
const statsEveryMs = 8000;

export interface EveLines {
  /**
   * Opens the destinations, once the capture is open and root is given up: what is written belongs to the person who
   * asked for it. Throws WRITE_FAILED; no packet was read then.
   */
  opened(interfaces: readonly SourceInterface[]): void;
  flow(flow: Flow): void;
  alert(alert: Alert): void;
  /** Counters now and then while live. */
  snapshot(snapshot: Snapshot, nowMs: number): void;
  drained(): void;
  /** The last counters, then the end. */
  finish(snapshot: Snapshot): void;
  /** The end without more lines, after a failure. */
  abandon(): void;
}

/** EVE lines for these destinations; nothing is opened yet. */
export function eveLines(paths: readonly string[], isLive: boolean, rooms: Rooms): EveLines {
  let interfaces: readonly SourceInterface[] = [];
  const interfaceName = (index: number) => (isLive ? (interfaces[index]?.name ?? null) : null);
  const sinks: OpenSink[] = [];
  const closeAll = () => {
    for (const sink of sinks) sink.close();
  };
  let lastStatsMs: number | null = null;
  return {
    opened: (list) => {
      interfaces = list;
      for (const path of paths) sinks.push(rooms.openEve({ path, interfaceName }));
    },
    flow: (flow) => {
      for (const sink of sinks) sink.write(flow);
    },
    alert: (alert) => {
      for (const sink of sinks) sink.alert?.(alert);
    },
    snapshot: (snapshot, nowMs) => {
      lastStatsMs ??= nowMs;
      if (!isLive || nowMs - lastStatsMs < statsEveryMs) return;
      lastStatsMs = nowMs;
      for (const sink of sinks) sink.stats?.(snapshot);
    },
    drained: () => {
      for (const sink of sinks) sink.flush();
    },
    finish: (snapshot) => {
      for (const sink of sinks) sink.stats?.(snapshot);
      closeAll();
    },
    abandon: closeAll,
  };
}
