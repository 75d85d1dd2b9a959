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

/** What is kept live, in a range: counters stay those of the whole. */
export function liveStretch(scene: Scene, range: TimeRange): Scene {
  return {
    ...sameQuestions(scene),
    about: scene.about,
    protocols: scene.protocols,
    latest: () => scene.latest(),
    pulse: () => scene.pulse(),
    series: (span) => {
      // Where the seconds are still known they are shown, otherwise the wider columns.
      const recent = scene.series('recent');
      const isRecent = recent !== null && recent.startSec * 1e6 <= range.fromUs;
      const series = isRecent ? recent : scene.series(span === 'recent' && recent === null ? 'recent' : 'whole');
      return series === null ? null : seriesWithin(series, range);
    },
    subscribe: (heard) => scene.subscribe(heard),
    rows: (request) => scene.rows({ range, ...request }),
    during: (other) => scene.during(other),
  };
}

/** The same out of the store. */
export function storeStretch(scene: Scene, range: TimeRange): Scene {
  const hearers = new Set<(news: SceneNews) => void>();
  const tell = (news: SceneNews): void => {
    for (const heard of [...hearers]) heard(news);
  };
  const query = { ...range, scene: scene.about.id };
  let snapshot: SceneSnapshot | null = null;
  let series: TrafficSeries | null = null;
  void askJson<SceneSnapshot>(withQuery('/during/snapshot', query)).then((answer) => {
    snapshot = answer;
    tell('snapshot');
  }, noteLoss);
  void ask(withQuery('/during/series', query)).then(async (answer) => {
    series = answer.status === 204 ? null : ((await answer.json()) as TrafficSeries);
    tell('pulse');
  }, noteLoss);
  return {
    ...sameQuestions(scene),
    about: { ...scene.about, isLive: false },
    protocols: scene.protocols,
    latest: () => snapshot,
    pulse: () => null,
    series: (_: TrafficSpan) => series,
    subscribe: (heard) => {
      hearers.add(heard);
      return () => hearers.delete(heard);
    },
    rows: (request) => scene.rows({ range, ...request }),
    during: (other) => scene.during(other),
  };
}
