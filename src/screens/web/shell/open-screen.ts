// The state of the screen: where somebody is, what is looked at, and the signals that views are drawn from.

import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { type Family, familyOf, type Pulse, type TrafficSeries, type TrafficSpan } from '../../../core/index.ts';
import type { Scene, SceneSnapshot } from '../../api/index.ts';
import type { HttpScene } from '../data/http-scene.ts';
import { liveStretch } from '../data/stretch.ts';
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
  /** Another scene was opened. */
  setBase(scene: HttpScene): void;
  /** Another scene, from its beginning. */
  openScene(id: string): void;
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

export function openScreen(first: HttpScene): Shell {
  const place = signal(placeOf(location.hash));
  const base = signal(first);
  const pausedSinceMs = signal<number | null>(null);
  const isPaused = computed(() => pausedSinceMs.value !== null);
  const range = computed(() => place.value.range);
  const scene = computed<Scene>(() => {
    const chosen = range.value;
    return chosen === null ? base.value : (base.value.during(chosen) ?? liveStretch(base.value, chosen));
  });
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
    openScene: (id) => moveTo({ ...firstPlace, scene: id }),
    setPaused: (pause) => {
      pausedSinceMs.value = pause ? Date.now() : null;
    },
    setFilter: (filter) => moveTo({ ...place.peek(), filter: filter.trim() }),
    setRange: (chosen) => moveTo({ ...place.peek(), range: chosen }),
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
