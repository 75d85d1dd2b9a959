// A scene of the server, as the tab sees it: what the stream tells is kept, the rest is asked for.

import type { Pulse, TrafficSeries, TrafficSpan } from '../../../core/index.ts';
import { trafficColumns } from '../../../core/index.ts';
import type {
  FlowDetails,
  PacketDetails,
  ProtocolInfo,
  RowWindow,
  Scene,
  SceneAbout,
  SceneNews,
  SceneSnapshot,
  SceneState,
  TimeRange,
  WindowRequest,
} from '../../api/index.ts';
import { apiBase, ask, askJson, post, withQuery } from './asking.ts';
import { noteLoss } from './connection.ts';
import { extendedSeries } from './series.ts';
import { openStream } from './stream.ts';
import { storeStretch } from './stretch.ts';

export type SceneFailure = NonNullable<ReturnType<Scene['failure']>>;

/** What `/scenes/{id}` says. */
export interface SceneDocument {
  readonly about: SceneAbout;
  readonly state: SceneState;
  readonly protocols: readonly ProtocolInfo[];
  readonly failure: SceneFailure | null;
}

interface KeptSeries {
  value: TrafficSeries | null;
  fetchedMs: number;
  isFetching: boolean;
  /** Somebody looks at it. */
  isAsked: boolean;
  /** A newer one was asked for while one was on its way. */
  isOld: boolean;
}

const kept = (): KeptSeries => ({
  value: null,
  fetchedMs: Number.NEGATIVE_INFINITY,
  isFetching: false,
  isAsked: false,
  isOld: false,
});

/** Columns wider than a second grow slowly: they are fetched again after half of one, and at least so long. */
const leastWholeMs = 5000;

export class HttpScene implements Scene {
  readonly about: SceneAbout;
  readonly protocols: readonly ProtocolInfo[];
  #failure: SceneFailure | null;
  #snapshot: SceneSnapshot | null = null;
  #pulse: Pulse | null = null;
  readonly #series: Record<TrafficSpan, KeptSeries> = { recent: kept(), whole: kept() };
  readonly #hearers = new Set<(news: SceneNews) => void>();
  #close: () => void = () => {};

  constructor({ about, protocols, failure }: SceneDocument) {
    this.about = about;
    this.protocols = protocols;
    this.#failure = failure;
  }

  /** Begins to listen. */
  start(): void {
    this.#close = openStream(this.about.id, {
      pulse: (text) => this.#hearPulse(JSON.parse(text)),
      snapshot: (text) => this.#hearSnapshot(JSON.parse(text)),
      end: () => this.#hearEnd(),
      resumed: () => this.#forgetSeries(),
    });
  }

  close(): void {
    this.#close();
    this.#hearers.clear();
  }

  latest(): SceneSnapshot | null {
    return this.#snapshot;
  }

  pulse(): Pulse | null {
    return this.#pulse;
  }

  series(span: TrafficSpan): TrafficSeries | null {
    const series = this.#series[span];
    series.isAsked = true;
    const { value, isFetching, fetchedMs } = series;
    if (value === null && !isFetching && performance.now() - fetchedMs > 1000) void this.#fetchSeries(span);
    return value;
  }

  failure(): SceneFailure | null {
    return this.#failure;
  }

  subscribe(heard: (news: SceneNews) => void): () => void {
    this.#hearers.add(heard);
    return () => this.#hearers.delete(heard);
  }

  rows(request: WindowRequest): Promise<RowWindow> {
    return post(withQuery('/live/rows', this.#which), request);
  }

  flow(run: number, flowId: number): Promise<FlowDetails> {
    return askJson(withQuery(`/live/flows/${run}/${flowId}`, this.#which));
  }

  packets(run: number, flowId: number, from = 0, limit = 200): Promise<readonly PacketDetails[]> {
    return askJson(withQuery(`/live/flows/${run}/${flowId}/packets`, { ...this.#which, from, limit }));
  }

  /** Where the file of `packetFile` can be downloaded. */
  packetFileHref(of: Parameters<Scene['packetFile']>[0]): string {
    const query = 'filter' in of ? { filter: of.filter } : { run: of.run, flow: of.flowId };
    return `${apiBase}${withQuery('/live/packets.pcapng', { ...this.#which, ...query })}`;
  }

  async *packetFile(of: Parameters<Scene['packetFile']>[0]): AsyncIterable<Uint8Array> {
    const answer = await ask(this.packetFileHref(of).slice(apiBase.length));
    const reader = answer.body!.getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value;
  }

  async setAlertState(run: number, alertId: string, state: string): Promise<void> {
    await post(withQuery(`/live/alerts/${run}/${encodeURIComponent(alertId)}`, this.#which), { state });
  }

  during(range: TimeRange): Scene | null {
    return this.about.can.history ? storeStretch(this, () => range) : null;
  }

  get #which(): { scene: string } {
    return { scene: this.about.id };
  }

  #tell(news: SceneNews): void {
    for (const heard of [...this.#hearers]) heard(news);
  }

  #hearPulse(pulse: Pulse): void {
    this.#pulse = pulse;
    if (pulse.recent !== null) {
      this.#extend('recent', pulse.recent);
      if (this.#series.whole.value?.stepSec === pulse.recent.stepSec) this.#extend('whole', pulse.recent);
    }
    this.#tell('pulse');
  }

  #extend(span: TrafficSpan, latest: TrafficSeries): void {
    const series = this.#series[span];
    if (series.value === null || series.isFetching) return;
    const most = span === 'whole' ? Number.POSITIVE_INFINITY : trafficColumns.recent;
    const longer = extendedSeries(series.value, latest, most);
    if (longer === null || longer.packets.length > trafficColumns[span]) void this.#fetchSeries(span);
    else series.value = longer;
  }

  #hearSnapshot(snapshot: SceneSnapshot): void {
    this.#snapshot = snapshot;
    const { value, fetchedMs } = this.#series.whole;
    const oldMs = Math.max(leastWholeMs, (value?.stepSec ?? 0) * 500);
    if (value !== null && value.stepSec > 1 && performance.now() - fetchedMs > oldMs) void this.#fetchSeries('whole');
    this.#tell('snapshot');
  }

  #hearEnd(): void {
    this.#forgetSeries();
    void askJson<SceneDocument>(`/scenes/${encodeURIComponent(this.about.id)}`)
      .then(({ failure }) => {
        this.#failure = failure;
      }, noteLoss)
      .then(() => this.#tell('end'));
  }

  /** What is shown stays until the newer is there. */
  #forgetSeries(): void {
    for (const span of ['recent', 'whole'] as const) {
      if (this.#series[span].isAsked) void this.#fetchSeries(span);
    }
  }

  async #fetchSeries(span: TrafficSpan): Promise<void> {
    const series = this.#series[span];
    // What is on its way may be older than what is known now.
    series.isOld = series.isFetching;
    if (series.isFetching) return;
    series.isFetching = true;
    try {
      const answer = await ask(withQuery('/live/series', { ...this.#which, span }));
      if (answer.status !== 204) series.value = (await answer.json()) as TrafficSeries;
      this.#tell('pulse');
    } catch (error) {
      noteLoss(error);
    } finally {
      series.isFetching = false;
      series.fetchedMs = performance.now();
    }
    if (series.isOld) await this.#fetchSeries(span);
  }
}

export async function openHttpScene(id: string): Promise<HttpScene> {
  const scene = new HttpScene(await askJson<SceneDocument>(`/scenes/${encodeURIComponent(id)}`));
  scene.start();
  return scene;
}
