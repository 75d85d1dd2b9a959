// A scene of a stretch of a store: the same shapes as of a capture, asked once.

import { Failure, type TrafficSeries, type TrafficSpan, trafficColumns } from '../../../core/index.ts';
import type {
  FlowDetails,
  PacketDetails,
  RowWindow,
  Scene,
  SceneAbout,
  SceneNews,
  SceneSnapshot,
  TimeRange,
  WindowRequest,
} from '../../../screens/api/index.ts';
import { writeAlertState } from '../alert-state.ts';
import { failureOf, noFlow } from '../failures.ts';
import { ScenePacketReader } from '../packets/scene-packets.ts';
import { wantedColumns } from '../packets/wanted-flows.ts';
import { processFigures } from '../process-figures.ts';
import type { StoreScene, StoreSceneParts } from '../scene-parts.ts';
import { askedAlert, askedFlow, packetRow, storedRows } from './asked-flow.ts';
import { storedSeries } from './stored-series.ts';
import { storedSnapshot } from './stored-snapshot.ts';
import { StoredWindows } from './stored-windows.ts';

const hourUs = 3600e6;
/** Flows of a packet file at the most. */
const mostFlows = 50_000;

export function storeScene(parts: StoreSceneParts): StoreScene {
  return new AskedScene(parts);
}

class AskedScene implements StoreScene {
  readonly about: SceneAbout;
  readonly protocols: Scene['protocols'];
  readonly ready: Promise<void>;
  readonly #parts: StoreSceneParts;
  readonly #windows: StoredWindows;
  readonly #packets: ScenePacketReader;
  readonly #listeners = new Set<(news: SceneNews) => void>();
  readonly #range: Promise<TimeRange>;
  #snapshot: SceneSnapshot | null = null;
  #failure: ReturnType<Scene['failure']> = null;
  readonly #series: { recent: TrafficSeries | null; whole: TrafficSeries | null } = { recent: null, whole: null };

  constructor(parts: StoreSceneParts) {
    const { history, tables, runs, geo = null } = parts;
    this.#parts = parts;
    this.protocols = parts.protocols;
    this.#windows = new StoredWindows({ history, tables, runs, geo });
    this.#packets = new ScenePacketReader(parts.packets ?? null);
    this.about = {
      ...parts.about,
      isLive: false,
      can: {
        packets: this.#packets.canRead,
        history: true,
        acknowledge: (parts.alertStates ?? null) !== null,
        places: geo !== null,
      },
    };
    this.#range = parts.range === undefined ? this.#lastHour() : Promise.resolve(parts.range);
    this.ready = this.#ask();
  }

  latest(): SceneSnapshot | null {
    return this.#snapshot;
  }

  pulse(): null {
    return null;
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
    return this.#windows.window(request, await this.#range);
  }

  flow(run: number, flowId: number): Promise<FlowDetails> {
    const { tables, history } = this.#parts;
    return askedFlow(tables, history, run, flowId, this.about.can.packets);
  }

  async packets(run: number, flowId: number, from = 0, limit = 200): Promise<readonly PacketDetails[]> {
    const row = await packetRow(this.#parts.history, run, flowId);
    if (row === null) throw noFlow(flowId);
    return this.#packets.read(row, from, limit);
  }

  async *packetFile(of: Parameters<Scene['packetFile']>[0]): AsyncGenerator<Uint8Array> {
    const { history, runs } = this.#parts;
    if ('filter' in of) {
      const { fromUs, toUs } = await this.#range;
      const origin = runs === undefined ? {} : { runs };
      const { filter } = of;
      const found = await history.rows({
        ...origin,
        table: 'flows',
        fromUs,
        toUs,
        filter,
        columns: wantedColumns,
        limit: mostFlows,
      });
      yield* this.#packets.file(storedRows(found) as never, filter);
      return;
    }
    const row = await packetRow(history, of.run, of.flowId);
    if (row === null) throw noFlow(of.flowId);
    yield* this.#packets.file([row], `flow ${of.flowId}`);
  }

  async setAlertState(run: number, alertId: string, state: string): Promise<void> {
    const { alertStates = null, history } = this.#parts;
    await writeAlertState(alertStates, await askedAlert(history, run, alertId), state);
    this.#tell('snapshot');
  }

  during(range: TimeRange): Scene {
    return storeScene({ ...this.#parts, range });
  }

  /** The hour that ends with the newest flow. */
  async #lastHour(): Promise<TimeRange> {
    const { history, runs } = this.#parts;
    const origin = runs === undefined ? {} : { runs };
    const { rows } = await history.rows({ ...origin, table: 'flows', columns: ['end_ts'], limit: 1 });
    const last = rows.at(0)?.[0];
    const toUs = typeof last === 'number' ? last + 1 : Date.now() * 1000;
    return { fromUs: Math.max(0, toUs - hourUs), toUs };
  }

  async #ask(): Promise<void> {
    const { history, runs, protocols } = this.#parts;
    try {
      const range = await this.#range;
      if (!(range.toUs > range.fromUs)) {
        throw new Failure('BAD_QUERY', 'a range ends after it begins', 'Give another range.');
      }
      const recent = { fromUs: Math.max(range.fromUs, range.toUs - trafficColumns.recent * 1e6), toUs: range.toUs };
      const asked = { history, runs, protocols };
      const [whole, latest, snapshot] = await Promise.all([
        storedSeries({ ...asked, range, columns: trafficColumns.whole }),
        storedSeries({ ...asked, range: recent, columns: trafficColumns.recent + 2 }),
        storedSnapshot({ history, runs, range }, processFigures()),
      ]);
      this.#series.whole = whole;
      this.#series.recent = latest;
      this.#snapshot = snapshot;
      this.#tell('snapshot');
    } catch (cause) {
      this.#failure = failureOf(cause);
    }
    this.#tell('end');
  }

  #tell(news: SceneNews): void {
    for (const heard of this.#listeners) heard(news);
  }
}
