// What protocols tell of a capture, and how its flows are named: for comparing with what others say of it.

import type { AnyEvent, FactKind, Flow } from '../../src/core/index.ts';
import { formatAddress } from '../../src/core/index.ts';
import { analyse } from './analyse.ts';

export interface NamedFlow {
  readonly proto: number;
  readonly oIp: string;
  readonly oPort: number;
  readonly rIp: string;
  readonly rPort: number;
  readonly app: string;
  readonly apps: readonly string[];
  readonly how: string;
  readonly service: string;
  readonly oPackets: number;
  readonly rPackets: number;
  readonly connState: string;
  readonly id: number;
}

export interface ToldEvent {
  readonly kind: FactKind;
  readonly timeUs: number;
  readonly flowId: number;
  readonly oIp: string;
  readonly oPort: number;
  readonly rIp: string;
  readonly rPort: number;
  /** The parsed EVE line; null when the event is only for logs. */
  readonly eve: AnyEvent | null;
  /** The values; empty when the event is only for EVE. */
  readonly values: AnyEvent;
}

export interface Story {
  readonly flows: readonly NamedFlow[];
  readonly events: readonly ToldEvent[];
  readonly weirds: Readonly<Record<string, number>>;
  /** Protocols that threw, with the error: always a bug. */
  readonly faults: ReadonlyMap<string, string>;
}

/** @param path relative to the corpus, or absolute */
export async function storyOf(path: string, packets = 10_000, keyLog: string | null = null): Promise<Story> {
  const flows: NamedFlow[] = [];
  const events: ToldEvent[] = [];
  const { engine } = await analyse(path, packets, {
    keyLog,
    flow: (flow) => flows.push(named(flow)),
    event: (fact) => {
      const { kind, timeUs, flowId, ipVersion: v, words: w, oPort, rPort, line } = fact;
      const oIp = formatAddress(v, w[0], w[1], w[2], w[3]);
      const rIp = formatAddress(v, w[4], w[5], w[6], w[7]);
      const eve = line.length === 0 ? null : (JSON.parse(new TextDecoder().decode(line.slice())) as AnyEvent);
      events.push({ kind, timeUs, flowId, oIp, oPort, rIp, rPort, eve, values: fact.values() });
    },
  });
  return { flows, events, weirds: Object.fromEntries(engine.talks.weirds), faults: engine.talks.faults };
}

function named(flow: Flow): NamedFlow {
  return {
    proto: flow.proto,
    oIp: formatAddress(flow.ipVersion, flow.o0, flow.o1, flow.o2, flow.o3),
    oPort: flow.oPort,
    rIp: formatAddress(flow.ipVersion, flow.r0, flow.r1, flow.r2, flow.r3),
    rPort: flow.rPort,
    app: flow.app,
    apps: [flow.app, flow.app2, flow.app3].filter((name) => name !== ''),
    how: flow.appHow,
    service: flow.service,
    oPackets: flow.oPackets,
    rPackets: flow.rPackets,
    connState: flow.connState,
    id: flow.id,
  };
}
