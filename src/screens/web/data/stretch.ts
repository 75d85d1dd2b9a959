// A scene over a part of its time: out of the store where there is one, otherwise the rows and columns in that part.

import type { TrafficSeries, TrafficSpan } from '../../../core/index.ts';
import type { Scene, SceneNews, SceneSnapshot, TimeRange } from '../../api/index.ts';
import { ask, askJson, withQuery } from './asking.ts';
import { noteLoss } from './connection.ts';
import { seriesWithin } from './series.ts';

const sameQuestions = (scene: Scene): Pick<Scene, 'flow' | 'packets' | 'packetFile' | 'setAlertState' | 'failure'> => ({
  flow: (run, flowId) => scene.flow(run, flowId),
  packets: (run, flowId, from, limit) => scene.packets(run, flowId, from, limit),
  packetFile: (of) => scene.packetFile(of),
  setAlertState: (run, alertId, state) => scene.setAlertState(run, alertId, state),
  failure: () => scene.failure(),
});

/** What a stretch is: one range, or one that moves with the newest packet. */
export type RangeNow = () => TimeRange;

/** Scenes whose hosts, protocols and alerts are those of all of the capture, although a range was chosen. */
const ofWhole = new WeakSet<Scene>();
export const tellsOfWhole = (scene: Scene): boolean => ofWhole.has(scene);

/** The last answer again while it was asked of the same. */
function kept<A extends readonly unknown[], T>(make: (...of: A) => T): (...of: A) => T {
  let last: { readonly of: A; readonly made: T } | null = null;
  return (...of) => {
    if (last === null || of.some((each, i) => each !== last?.of[i])) last = { of, made: make(...of) };
    return last.made;
  };
}

const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);

/** What the columns of a range add up to stands where counters of the whole stood. */
function snapshotWithin(snapshot: SceneSnapshot, series: TrafficSeries | null, range: TimeRange): SceneSnapshot {
  return {
    ...snapshot,
    packets: sum(series?.packets ?? []),
    bytes: sum(series?.bytes ?? []),
    flows: { ...snapshot.flows, total: sum(series?.newFlows ?? []) },
    firstUs: Math.max(range.fromUs, snapshot.firstUs ?? range.fromUs),
    lastUs: Math.min(range.toUs, snapshot.lastUs ?? range.toUs),
  };
}

/** What is kept live, in a range: counters are what its columns add up to. */
export function liveStretch(scene: Scene, rangeNow: RangeNow): Scene {
  // One for each span: both are asked for in turn.
  const within = { recent: kept(seriesWithin), whole: kept(seriesWithin) };
  const seriesOf = (span: TrafficSpan): TrafficSeries | null => {
    const range = rangeNow();
    // Where the seconds are still known they are shown, otherwise the wider columns.
    const recent = scene.series('recent');
    const isRecent = recent !== null && recent.startSec * 1e6 <= range.fromUs;
    const series = isRecent ? recent : scene.series(span === 'recent' && recent === null ? 'recent' : 'whole');
    return series === null ? null : within[span](series, range);
  };
  let counted: { readonly of: SceneSnapshot; readonly range: TimeRange; readonly shown: SceneSnapshot } | null = null;
  const stretch: Scene = {
    ...sameQuestions(scene),
    about: scene.about,
    protocols: scene.protocols,
    latest: () => {
      const [of, range] = [scene.latest(), rangeNow()];
      if (of === null) return null;
      // Columns change ten times a second, a snapshot once.
      if (counted?.of !== of || counted.range !== range)
        counted = { of, range, shown: snapshotWithin(of, seriesOf('whole'), range) };
      return counted.shown;
    },
    pulse: () => null,
    series: seriesOf,
    subscribe: (heard) => scene.subscribe(heard),
    rows: (request) => scene.rows({ range: rangeNow(), ...request }),
    during: (other) => scene.during(other),
  };
  ofWhole.add(stretch);
  return stretch;
}

/** A store is not asked more often for a range that moves, milliseconds. */
const leastAskMs = 5000;

/** The same out of the store. */
export function storeStretch(scene: Scene, rangeNow: RangeNow): Scene {
  const hearers = new Set<(news: SceneNews) => void>();
  const tell = (news: SceneNews): void => {
    for (const heard of [...hearers]) heard(news);
  };
  let snapshot: SceneSnapshot | null = null;
  let series: TrafficSeries | null = null;
  let asked: { readonly range: TimeRange; readonly atMs: number } | null = null;
  const askAgain = (): void => {
    const range = rangeNow();
    if (range === asked?.range || (asked !== null && performance.now() - asked.atMs < leastAskMs)) return;
    asked = { range, atMs: performance.now() };
    const query = { ...range, scene: scene.about.id };
    void askJson<SceneSnapshot>(withQuery('/during/snapshot', query)).then((answer) => {
      snapshot = answer;
      tell('snapshot');
    }, noteLoss);
    void ask(withQuery('/during/series', query)).then(async (answer) => {
      series = answer.status === 204 ? null : ((await answer.json()) as TrafficSeries);
      tell('pulse');
    }, noteLoss);
  };
  askAgain();
  return {
    ...sameQuestions(scene),
    about: { ...scene.about, isLive: false },
    protocols: scene.protocols,
    latest: () => snapshot,
    pulse: () => null,
    series: (_: TrafficSpan) => series,
    subscribe: (heard) => {
      hearers.add(heard);
      const stop = scene.subscribe(askAgain);
      return () => {
        stop();
        hearers.delete(heard);
      };
    },
    rows: (request) => scene.rows({ range: rangeNow(), ...request }),
    during: (other) => scene.during(other),
  };
}
