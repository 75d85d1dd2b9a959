// A scene of something that is read now, or was read to its end: what the run tells goes into tables that answer windows.

import type { Alert, Pulse, Snapshot, TrafficSeries, TrafficSpan } from '../../../core/index.ts';

import type {
  FlowDetails,
  PacketDetails,
  RowWindow,
  Scene,
  SceneAbout,
  SceneNews,
  SceneSnapshot,
  SceneState,
  TimeRange,
  WindowRequest,
} from '../../../screens/api/index.ts';
import { writeAlertState } from '../alert-state.ts';
import { failureOf, noFlow } from '../failures.ts';
import { ScenePacketReader } from '../packets/scene-packets.ts';
import { processFigures } from '../process-figures.ts';
import type { LiveScene, LiveSceneParts, SceneFeed } from '../scene-parts.ts';
import { askedAlert, askedFlow, packetRow } from '../store/asked-flow.ts';
import { storeScene } from '../store/store-scene.ts';
import { flowDetails } from './flow-details.ts';
import { LiveRows } from './live-rows.ts';
import { sceneSnapshot } from './scene-snapshot.ts';

/** Rows that are so old have reached the store, microseconds. */
const newUs = 60e6;

/** Makes a scene and what feeds it. */
export function openLiveScene(parts: LiveSceneParts): LiveScene {
  const scene = new FedScene(parts);
  return { scene, feed: scene.feed };
}

class FedScene implements Scene {
  readonly about: SceneAbout;
  readonly protocols: Scene['protocols'];
  readonly #parts: LiveSceneParts;
  readonly #rows: LiveRows;
  readonly #packets: ScenePacketReader;
  readonly #listeners = new Set<(news: SceneNews) => void>();
  #state: SceneState = 'waiting';
  #snapshot: Snapshot | null = null;
  /** Made of the snapshot when it is asked for: nobody may look. */
  #shown: SceneSnapshot | null = null;
  #pulse: Pulse | null = null;
  readonly #series: { recent: TrafficSeries | null; whole: TrafficSeries | null } = { recent: null, whole: null };
  #failure: ReturnType<Scene['failure']> = null;
  #run: number | null = null;
  #lastStretch: { readonly range: TimeRange; readonly scene: Scene } | null = null;

  constructor(parts: LiveSceneParts) {
    this.#parts = parts;
    this.protocols = parts.protocols;
    this.#rows = new LiveRows(parts);
    this.#packets = new ScenePacketReader(parts.packets ?? null);
    this.about = {
      ...parts.about,
      can: {
        packets: this.#packets.canRead,
        history: (parts.history ?? null) !== null,
        acknowledge: (parts.alertStates ?? null) !== null,
        places: (parts.geo ?? null) !== null,
      },
    };
  }

  readonly feed: SceneFeed = {
    place: (place) => {
      this.#run = place.run;
      this.#rows.place(place);
    },
    batch: (batch) => {
      this.#run = this.#rows.batch(batch) ?? this.#run;
    },
    openFlow: (flow) => this.#rows.openFlow(flow),
    pulse: (pulse) => {
      this.#pulse = pulse;
      this.#begun();
      if (pulse.lastUs !== null) this.#rows.clock(pulse.lastUs);
      this.#tell('pulse');
    },
    series: (recent, whole) => {
      this.#series.recent = recent;
      this.#series.whole = whole;
    },
    snapshot: (snapshot, isLast) => {
      if (this.#state === 'failed') return;
      this.#snapshot = snapshot;
      this.#shown = null;
      this.#state = isLast ? 'done' : 'running';
      this.#rows.alerts(snapshot.alerts);
      if (snapshot.lastUs !== null) this.#rows.clock(snapshot.lastUs);
      if (isLast) this.#rows.settle();
      this.#tell('snapshot');
      if (!isLast) return;
      // The capture may have ended right after its latest pulse: who comes later must not see an earlier state.
      this.#pulse = pulseOf(snapshot);
      this.#tell('pulse');
      this.#tell('end');
    },
    failed: (cause) => {
      this.#state = 'failed';
      this.#shown = null;
      this.#failure = failureOf(cause);
      this.#tell('end');
    },
  };

  latest(): SceneSnapshot | null {
    if (this.#snapshot === null) return null;
    this.#shown ??= sceneSnapshot(this.#snapshot, {
      state: this.#state,
      forgotten: this.#rows.forgotten(),
      nameOf: (ip) => this.#rows.names.best(ip),
      process: processFigures(),
    });
    return this.#shown;
  }

  pulse(): Pulse | null {
    return this.#pulse;
  }

  series(span: TrafficSpan): TrafficSeries | null {
    return this.#series[span];
  }

  failure(): ReturnType<Scene['failure']> {
    return this.#failure;
  }

  subscribe(heard: (news: SceneNews) => void): () => void {
    this.#listeners.add(heard);
    return () => this.#listeners.delete(heard);
  }

  async rows(request: WindowRequest): Promise<RowWindow> {
    const { range } = request;
    const stored = range === undefined || this.#isKept(request.table, range) ? null : this.#stretch(range);
    return stored === null ? this.#rows.window(request) : stored.rows(request);
  }

  async flow(run: number, flowId: number): Promise<FlowDetails> {
    const { flows } = this.#rows;
    const slot = flows.find(run, flowId);
    const { history = null } = this.#parts;
    if (slot < 0) {
      if (history === null) throw noFlow(flowId);
      return askedFlow(this.#parts.tables, history, run, flowId, this.about.can.packets);
    }
    const flow = flows.row(slot) as FlowDetails['flow']; // values of live rows are cells
    return flowDetails({
      flow,
      transactions: this.#rows.transactions(Number(flow.run), flowId),
      alerts: this.#alerts(),
      timeline: null,
      hasPackets: this.about.can.packets,
    });
  }

  async packets(run: number, flowId: number, from = 0, limit = 200): Promise<readonly PacketDetails[]> {
    return this.#packets.read(await this.#flowRow(run, flowId), from, limit);
  }

  async *packetFile(of: Parameters<Scene['packetFile']>[0]): AsyncGenerator<Uint8Array> {
    if ('filter' in of) yield* this.#packets.file(await this.#rows.flowRows(of.filter), of.filter);
    else yield* this.#packets.file([await this.#flowRow(of.run, of.flowId)], `flow ${of.flowId}`);
  }

  async setAlertState(run: number, alertId: string, state: string): Promise<void> {
    const { alertStates = null, history = null } = this.#parts;
    const known = this.#rows.alertRow(run, alertId) ?? (await askedAlert(history, run, alertId));
    this.#rows.batch(await writeAlertState(alertStates, known, state));
    this.#tell('snapshot');
  }

  /** Whether the rows of a range are still here. Of what is new the store does not know all: open flows, say. */
  #isKept(table: string, range: TimeRange): boolean {
    const { firstUs = null, lastUs = null } = this.#snapshot ?? {};
    if (firstUs === null || lastUs === null) return true;
    if (range.fromUs < Math.floor(firstUs)) return false;
    return (this.#rows.forgotten()[table] ?? 0) === 0 || range.toUs > lastUs - newUs;
  }

  /** The same one for all pages of a table. */
  #stretch(range: TimeRange): Scene | null {
    const known = this.#lastStretch;
    if (known !== null && known.range.fromUs === range.fromUs && known.range.toUs === range.toUs) return known.scene;
    const scene = this.during(range);
    if (scene !== null) this.#lastStretch = { range, scene };
    return scene;
  }

  during(range: TimeRange): Scene | null {
    const { history = null, about } = this.#parts;
    if (history === null) return null;
    // Files of the same store are other captures.
    const runs = about.kind === 'interface' || about.kind === 'pipe' || this.#run === null ? undefined : [this.#run];
    return storeScene({ ...this.#parts, history, range, ...(runs === undefined ? {} : { runs }) });
  }

  #alerts(): readonly Alert[] {
    return this.#snapshot?.alerts ?? [];
  }

  async #flowRow(run: number, flowId: number): Promise<FlowDetails['flow']> {
    const slot = this.#rows.flows.find(run, flowId);
    if (slot >= 0) return this.#rows.flows.row(slot) as FlowDetails['flow']; // as above
    const row = await packetRow(this.#parts.history ?? null, run, flowId);
    if (row === null) throw noFlow(flowId);
    return row;
  }

  #begun(): void {
    if (this.#state !== 'waiting') return;
    this.#state = 'running';
    this.#shown = null;
  }

  #tell(news: SceneNews): void {
    for (const heard of this.#listeners) heard(news);
  }
}

function pulseOf({ lastUs, packets, bytes, flows, hosts, dropped }: Snapshot): Pulse {
  const { total, active } = flows;
  return { lastUs, packets, bytes, flows: total, activeFlows: active, hosts, dropped, recent: null };
}
