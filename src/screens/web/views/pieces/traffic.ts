// The columns over time that charts of a view show: the last minutes by the second while it goes on, else all of it, or
// the range that somebody chose.

import type { TrafficSeries } from '../../../../core/index.ts';
import type { TimeRange } from '../../../api/index.ts';
import { severityPaint } from '../../../present/index.ts';
import type { TimeMark } from '../../charts/time.tsx';
import type { Screen } from '../../shell/screen.ts';

/** Shown while a capture goes on and nobody chose a range, seconds. */
const recentSec = 300;

export interface Traffic {
  readonly series: TrafficSeries | null;
  readonly window?: TimeRange;
  /** The last column is still being counted. */
  readonly isOpenEnded: boolean;
}

export function useTraffic(screen: Pick<Screen, 'scene' | 'series' | 'range' | 'snapshot'>): Traffic {
  const range = screen.range.value;
  const recent = screen.series('recent').value;
  const whole = screen.series('whole').value;
  const isRunning = screen.scene.value.about.isLive && screen.snapshot.value?.state === 'running';
  if (range !== null) {
    const isRecent = recent !== null && recent.startSec * 1e6 <= range.fromUs;
    return { series: isRecent ? recent : whole, window: range, isOpenEnded: isRunning };
  }
  if (!isRunning || recent === null) return { series: whole ?? recent, isOpenEnded: false };
  const endUs = (recent.startSec + (recent.packets.length - 1) * recent.stepSec) * 1e6;
  return { series: recent, window: { fromUs: endUs - recentSec * 1e6, toUs: endUs }, isOpenEnded: true };
}

/** Told out of flow records of a store: it cannot know what a capture counted besides, and zero would be a lie. */
export function isOutOfStore({ scene, range }: Pick<Screen, 'scene' | 'range'>): boolean {
  const { kind, can } = scene.value.about;
  return kind === 'store' || (range.value !== null && can.history);
}

/** The newest alerts as marks; mere information is left out. */
export function alertMarks(screen: Pick<Screen, 'snapshot'>): TimeMark[] {
  const alerts = screen.snapshot.value?.alerts ?? [];
  return alerts
    .filter(({ severity }) => severity !== 'info')
    .map(({ firstUs, title, severity }) => ({ timeUs: firstUs, title, paint: severityPaint[severity] }));
}

/** The columns of a list that lie in the window. */
export function shownColumns<T>(
  { series, window }: Traffic,
  list: readonly T[],
): { startSec: number; part: readonly T[] } {
  if (series === null) return { startSec: 0, part: [] };
  const { startSec, stepSec } = series;
  if (window === undefined) return { startSec, part: list };
  const from = Math.max(0, Math.floor((window.fromUs / 1e6 - startSec) / stepSec));
  const to = Math.max(from, Math.ceil((window.toUs / 1e6 - startSec) / stepSec));
  return { startSec: startSec + from * stepSec, part: list.slice(from, to) };
}
