// EVE lines and Zeek logs to every destination that was asked for, fed by a run.

import type { Alert, EventFact, Flow, Snapshot, SourceInterface } from '../../../../core/index.ts';
import type { OpenSink } from '../../../pipeline/index.ts';
import type { Rooms } from '../../rooms.ts';

/** Between `stats` events while live, as in Suricata. */
const statsEveryMs = 8000;

export interface FactDestinations {
  /** Files of EVE lines; `-` for stdout. */
  readonly eve: readonly string[];
  readonly zeek: { readonly folder: string; readonly json: boolean } | null;
}

export interface FactFiles {
  /**
   * Opens the destinations, once the capture is open and root is given up: what is written belongs to the person who
   * asked for it. Throws WRITE_FAILED; no packet was read then.
   */
  opened(interfaces: readonly SourceInterface[]): void;
  flow(flow: Flow): void;
  event(event: EventFact): void;
  alert(alert: Alert): void;
  /** Counters now and then while live. */
  snapshot(snapshot: Snapshot, nowMs: number): void;
  drained(): void;
  /** The last counters, then the end. */
  finish(snapshot: Snapshot): void;
  /** The end without more lines, after a failure. */
  abandon(): void;
}

/** Files for these destinations; nothing is opened yet. */
export function factFiles({ eve, zeek }: FactDestinations, isLive: boolean, rooms: Rooms): FactFiles {
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
      for (const path of eve) sinks.push(rooms.openEve({ path, interfaceName }));
      if (zeek !== null) sinks.push(rooms.openZeek({ path: zeek.folder, json: zeek.json, interfaceName }));
    },
    flow: (flow) => {
      for (const sink of sinks) sink.write(flow);
    },
    event: (event) => {
      for (const sink of sinks) sink.event?.(event);
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
