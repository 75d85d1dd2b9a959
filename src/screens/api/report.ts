// What a report is made of: a scene as it was at one moment, with the rows that matter most.

import type { TrafficSeries } from '../../core/index.ts';
import type { RowWindow } from './asking.ts';
import type { ProtocolInfo, SceneAbout, SceneSnapshot } from './scene.ts';

export interface ReportData {
  /** What it is about, in words. */
  readonly title: string;
  /** When it was made, by the clock. */
  readonly madeUs: number;
  /** Version of the program. */
  readonly program: string;
  /** Addresses and names were replaced. */
  readonly isRedacted: boolean;
  readonly about: SceneAbout;
  readonly protocols: readonly ProtocolInfo[];
  readonly snapshot: SceneSnapshot;
  /** All of it. */
  readonly series: TrafficSeries | null;
  /** By table: the largest flows and hosts, the newest of all others. */
  readonly tables: Readonly<Record<string, RowWindow>>;
}
