// The state of the screen: where somebody is, what is looked at, and the signals that views are drawn from.

import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { type Family, familyOf, type Pulse, type TrafficSeries, type TrafficSpan } from '../../../core/index.ts';
import type { Scene, SceneSnapshot, TimeRange } from '../../api/index.ts';
import type { HttpScene } from '../data/http-scene.ts';
import { liveStretch, storeStretch } from '../data/stretch.ts';
import { chosenTheme, type ThemeChoice } from '../look/theme.ts';
import { narrowed } from './narrow.ts';
import { firstPlace, isStep, oneStepBack, type Place, placeOf, placeText } from './place.ts';
import type { Screen, ViewParams } from './screen.ts';

/** What the shell knows besides what views do. */
export interface Shell extends Screen {
  readonly place: ReadonlySignal<Place>;
  /** Which way the theme was chosen. */
  readonly themeChoice: Signal<ThemeChoice>;
  /** Packets that came since the screen was paused, and when it was; null: it goes on. */
  readonly held: ReadonlySignal<{ readonly sinceMs: number; readonly packets: number } | null>;
  readonly base: ReadonlySignal<HttpScene>;
  /** Time of the newest packet of all; it holds still while the screen is paused. */
  readonly newestUs: ReadonlySignal<number | null>;
  /** Seconds up to the newest packet that are looked at; null: another range, or all. */
  readonly last: ReadonlySignal<number | null>;
  setLast(seconds: number): void;
  /** Another scene was opened. */
  setBase(scene: HttpScene): void;
  /** Another scene, from its beginning. */
  openScene(id: string): void;
  /** The same view of another scene: the one that was asked for is not there. */
  stayWith(id: string): void;
  /** The address names a scene that is not there: the one that is open stays, in the same view. */
  stayInScene(): void;
  setPaused(isPaused: boolean): void;
  /** False: there is nothing to go back from. */
  stepBack(): boolean;
  /** Follows the address; gives what ends it. */
  follow(): () => void;
}

/** Numbers that change ten times a second cannot be read: what is written changes twice, what is drawn every time. */
interface Feed {
  readonly snapshot: Signal<SceneSnapshot | null>;
  readonly pulse: Signal<Pulse | null>;
  readonly series: Record<TrafficSpan, Signal<TrafficSeries | null>>;
  readonly asked: Set<TrafficSpan>;
  readonly waitingPackets: Signal<number>;
}

const emptyFeed = (): Feed => ({
  snapshot: signal(null),
  pulse: signal(null),
  series: { recent: signal(null), whole: signal(null) },
  asked: new Set(),
  waitingPackets: signal(0),
});

function refresh(feed: Feed, scene: Scene): void {
  batch(() => {
    feed.snapshot.value = scene.latest();
    feed.pulse.value = scene.pulse();
    for (const span of feed.asked) feed.series[span].value = scene.series(span);
  });
}

/** Joins a scene to the signals: they follow it, or hold still and count while the screen is paused. */
function feedFrom(scene: Scene, feed: Feed, isPaused: ReadonlySignal<boolean>): () => void {
  refresh(feed, scene);
  const packets = (): number => scene.pulse()?.packets ?? scene.latest()?.packets ?? 0;
  const stopPause = effect(() => {
    if (isPaused.value) feed.waitingPackets.value = 0;
    else refresh(feed, scene);
  });
  const unsubscribe = scene.subscribe(() => {
    if (!isPaused.peek()) refresh(feed, scene);
    else feed.waitingPackets.value = packets() - (feed.pulse.peek()?.packets ?? feed.snapshot.peek()?.packets ?? 0);
  });
  return () => {
    stopPause();
    unsubscribe();
  };
}

/** A range that follows the newest moves by a sixtieth of itself, so that not everything is asked for all the time. */
const stepOf = (seconds: number): number => Math.min(60, Math.max(1, seconds / 60)) * 1e6;

/** Time of the newest packet, of whatever scene is open. */
function newestOf(base: ReadonlySignal<HttpScene>, isPaused: ReadonlySignal<boolean>): ReadonlySignal<number | null> {
  const newest = signal<number | null>(null);
  effect(() => {
    const scene = base.value;
    if (isPaused.value) return;
    const look = (): void => {
      newest.value = scene.pulse()?.lastUs ?? scene.latest()?.lastUs ?? null;
    };
    look();
    return scene.subscribe(look);
  });
  return newest;
}

/** The range that is looked at: the one that was chosen, or the one that ends with the newest packet. */
function rangeOf(place: ReadonlySignal<Place>, newestUs: ReadonlySignal<number | null>) {
  const last = computed(() => place.value.last);
  const endUs = computed(() => {
    if (last.value === null || newestUs.value === null) return null;
    const step = stepOf(last.value);
    return (Math.floor(newestUs.value / step) + 1) * step;
  });
  const chosen = computed(() => place.value.range);
  return computed(() =>
    endUs.value === null || last.value === null
      ? chosen.value
      : { fromUs: endUs.value - last.value * 1e6, toUs: endUs.value },
  );
}

/** The scene over the range, where there is one. What follows the newest stays the same scene while it moves. */
function stretchOf(
  base: ReadonlySignal<HttpScene>,
  place: ReadonlySignal<Place>,
  range: ReadonlySignal<TimeRange | null>,
) {
  const hasRange = computed(() => range.value !== null);
  const fixed = computed(() => place.value.range);
  const last = computed(() => place.value.last);
  return computed<Scene>(() => {
    const whole = base.value;
    const now = fixed.value ?? (hasRange.value ? range.peek() : null);
    if (now === null) return whole;
    if (fixed.value !== null) return whole.during(now) ?? liveStretch(whole, () => now);
    // A longer one may need the store.
    last.value;
    const follow = (): TimeRange => range.peek() ?? now;
    // What the capture itself has seen is known better than what has reached the store.
    const isSeen = whole.about.isLive && now.fromUs >= (whole.latest()?.firstUs ?? Number.POSITIVE_INFINITY);
    return isSeen || !whole.about.can.history ? liveStretch(whole, follow) : storeStretch(whole, follow);
  });
}

export function openScreen(first: HttpScene): Shell {
  const place = signal(placeOf(location.hash));
  const base = signal(first);
  const pausedSinceMs = signal<number | null>(null);
  const isPaused = computed(() => pausedSinceMs.value !== null);
  const newestUs = newestOf(base, isPaused);
  const range = rangeOf(place, newestUs);
  const scene = stretchOf(base, place, range);
  const feed = emptyFeed();
  effect(() => feedFrom(scene.value, feed, isPaused));
  const titles = computed(() => new Map(base.value.protocols.map((each) => [each.name, each])));
  const { theme, choice } = chosenTheme();

  const moveTo = (next: Place): void => {
    const from = place.peek();
    if (placeText(from) === placeText(next)) return;
    if (isStep(from, next)) history.pushState(null, '', placeText(next));
    else history.replaceState(null, '', placeText(next));
    place.value = next;
  };

  return {
    place,
    base,
    scene,
    range,
    newestUs,
    last: computed(() => place.value.last),
    setLast: (seconds) => moveTo({ ...place.peek(), range: null, last: seconds }),
    snapshot: feed.snapshot,
    pulse: feed.pulse,
    series: (span) => {
      if (!feed.asked.has(span)) {
        feed.asked.add(span);
        if (!isPaused.peek()) feed.series[span].value = scene.peek().series(span);
      }
      return feed.series[span];
    },
    filter: computed(() => place.value.filter),
    params: computed(() => place.value.params),
    isPaused,
    theme,
    themeChoice: choice,
    cursorUs: signal(null),
    held: computed(() =>
      pausedSinceMs.value === null ? null : { sinceMs: pausedSinceMs.value, packets: feed.waitingPackets.value },
    ),
    setBase: (opened) => {
      const before = base.peek();
      pausedSinceMs.value = null;
      base.value = opened;
      if (before !== opened) before.close();
    },
    stayInScene: () => moveTo({ ...place.peek(), scene: base.peek().about.id }),
    openScene: (id) => moveTo({ ...firstPlace, scene: id }),
    stayWith: (id) => moveTo({ ...place.peek(), scene: id }),
    setPaused: (pause) => {
      pausedSinceMs.value = pause ? Date.now() : null;
    },
    setFilter: (filter) => moveTo({ ...place.peek(), filter: filter.trim() }),
    setRange: (chosen) => moveTo({ ...place.peek(), range: chosen, last: null }),
    setParams: (params) => moveTo({ ...place.peek(), params }),
    go: (view, params = {}) => moveTo({ ...place.peek(), view, params }),
    href: (view: string, params: ViewParams = {}) => placeText({ ...place.value, view, params }),
    narrow: (term, isNot) => moveTo({ ...place.peek(), filter: narrowed(place.peek().filter, term, isNot) }),
    packetFileHref: (of) => (base.value.about.can.packets ? base.value.packetFileHref(of) : null),
    protocol: (name) => titles.value.get(name),
    familyOf: (app): Family => titles.value.get(app)?.family ?? familyOf(app, ''),
    stepBack: () => {
      const back = oneStepBack(place.peek());
      if (back !== null) moveTo(back);
      return back !== null;
    },
    follow: () => {
      const moved = (): void => {
        place.value = placeOf(location.hash);
      };
      window.addEventListener('popstate', moved);
      return () => window.removeEventListener('popstate', moved);
    },
  };
}
