// What a view of the dashboard is given: the scene, and the one filter, time range and place of the whole screen.

import type { ReadonlySignal, Signal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import type { Family, Pulse, TrafficSeries, TrafficSpan } from '../../../core/index.ts';
import type { ProtocolInfo, Scene, SceneSnapshot, TimeRange } from '../../api/index.ts';

export type Theme = 'dark' | 'light' | 'contrast';

/** The parameters of a view in the URL beside filter and range: what is selected, the sort, the page of a host. */
export type ViewParams = Readonly<Record<string, string>>;

export interface Screen {
  /** What is looked at now: the scene itself, or the same over `range` where that comes out of the store. */
  readonly scene: ReadonlySignal<Scene>;
  /** Signals below hold still while the screen is paused; null before the first. */
  readonly snapshot: ReadonlySignal<SceneSnapshot | null>;
  readonly pulse: ReadonlySignal<Pulse | null>;
  series(span: TrafficSpan): ReadonlySignal<TrafficSeries | null>;
  /** In the filter language; the last one that was right. */
  readonly filter: ReadonlySignal<string>;
  /** Null: all there is, following the newest. */
  readonly range: ReadonlySignal<TimeRange | null>;
  readonly params: ReadonlySignal<ViewParams>;
  readonly isPaused: ReadonlySignal<boolean>;
  readonly theme: ReadonlySignal<Theme>;
  /** Shared by all charts: packet time under the pointer, microseconds; null: none. */
  readonly cursorUs: Signal<number | null>;
  setFilter(text: string): void;
  /** A brushed range; null returns to live. */
  setRange(range: TimeRange | null): void;
  setParams(params: ViewParams): void;
  /** Another view, with its parameters; filter and range stay. */
  go(view: string, params?: ViewParams): void;
  /** The address of that, for links. */
  href(view: string, params?: ViewParams): string;
  /** Click: only this; with Alt: not this. `term` is one term of the filter language, such as `ip == 10.0.0.1`. */
  narrow(term: string, isNot: boolean): void;
  /** Where a file of packets can be downloaded: of one flow, or of all flows that a filter finds; null: nowhere. */
  packetFileHref(of: Parameters<Scene['packetFile']>[0]): string | null;
  protocol(name: string): ProtocolInfo | undefined;
  familyOf(app: string): Family;
}

export interface ViewProps {
  readonly screen: Screen;
}

/** A view, loaded when it is first opened. */
export interface View {
  /** The key that opens it. */
  readonly key: string;
  /** In the URL: `flows`. */
  readonly name: string;
  readonly title: string;
  readonly load: () => Promise<FunctionComponent<ViewProps>>;
}
