// The screen of one scene: state, what is known, what was asked, and the frame, as a page of the terminal.

import type { Pulse, TrafficSeries } from '../../../core/index.ts';
import type { Scene, SceneSnapshot } from '../../api/index.ts';
import type { Known, Line, Look, Room, View } from '../frame/view.ts';
import type { Pressed } from '../terminal/pressed.ts';
import type { Page, Surface } from '../terminal/surface.ts';
import { Asker } from './asker.ts';
import { follow } from './follow.ts';
import { filterLine, type Going, headLines, keysLine, roomOfView } from './frame.ts';
import { overlayEnd, overlayLines } from './overlays.ts';
import { press, viewOf } from './reduce.ts';
import { savePackets } from './save-packets.ts';
import { type Effect, placeIn, type ShellState, startShell } from './state.ts';
import type { FilterWords, ValuesOf } from './typing/filter-edit.ts';
import { filterLines } from './typing/filter-lines.ts';
import { knownValues } from './typing/known-values.ts';
import { pathsLike } from './typing/path-line.ts';

/** How a person leaves a scene. */
export type ScreenEnd = { readonly is: 'quit' } | { readonly is: 'file'; readonly path: string };

export interface ShellParts {
  readonly scene: Scene;
  readonly views: readonly View[];
  readonly words: FilterWords;
  /** What the capture told while it went on, oldest first. */
  readonly messages: readonly string[];
  readonly filter: string;
  /** Packets are saved here. */
  readonly folder: string;
}

/** What the scene says of itself; stands still while the screen is paused. */
interface Seen {
  readonly snapshot: SceneSnapshot | null;
  readonly pulse: Pulse | null;
  readonly recent: TrafficSeries | null;
  readonly whole: TrafficSeries | null;
}

/** Rows keep their order so long after a key, so that nothing moves away under the hand. */
const stillMs = 3000;
/** Lines are counted with it only. */
const plainLook: Look = { width: 0, colour: false, unicode: true, depth: 0, background: 'dark' };
/** Longer than a window stays as it is. */
const orderedMs = 1500;

export class Shell implements Page {
  readonly ended: Promise<ScreenEnd>;
  #state: ShellState;
  #seen: Seen;
  #nowMs = 0;
  #clockMs = 0;
  #isNew = true;
  #keyMs = Number.NEGATIVE_INFINITY;
  #scene: Scene;
  readonly #parts: ShellParts;
  readonly #surface: Surface;
  readonly #asker: Asker;
  #end: (end: ScreenEnd) => void = () => {};
  #deaf: () => void;

  constructor(parts: ShellParts, surface: Surface) {
    this.#parts = parts;
    this.#surface = surface;
    this.#state = startShell(parts.views[0].name, parts.filter);
    this.#scene = parts.scene;
    this.#asker = new Asker(parts.scene, (before) => {
      this.#state = follow(this.#state, viewOf(this.#state, parts.views), {
        before: { ...this.#known(), ...before },
        after: this.#known(),
      });
      this.#isNew = true;
    });
    this.#seen = this.#look();
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#deaf = this.#listen();
  }

  #listen(): () => void {
    return this.#scene.subscribe((news) => {
      if (news !== 'pulse') this.#asker.outdated();
      this.#isNew = true;
    });
  }

  /** There is more than the scene told of. Its windows stay in order for a second: they are asked again after that. */
  refresh(): void {
    this.#asker.outdated();
    setTimeout(() => this.#asker.outdated(), orderedMs).unref();
  }

  close(): void {
    this.#deaf();
  }

  tick(nowMs: number): boolean {
    this.#nowMs = nowMs;
    const { pausedMs } = this.#state;
    this.#ask(nowMs);
    // The clock of a pause goes on by the second.
    const isNextSecond = pausedMs !== null && nowMs - this.#clockMs >= 1000;
    const wanted = (this.#isNew && pausedMs === null) || isNextSecond;
    if (wanted) {
      this.#clockMs = nowMs;
      this.#isNew = false;
    }
    return wanted;
  }

  #ask(nowMs: number): void {
    const { pausedMs, filter } = this.#state;
    const view = viewOf(this.#state, this.#parts.views);
    const room = roomOfView(this.#surface.room(), filter);
    const isStill = this.#scene.latest()?.state === 'running' && nowMs - this.#keyMs < stillMs;
    this.#asker.want(view.wants(placeIn(this.#state), room, this.#scene.about), nowMs, pausedMs !== null || isStill);
  }

  press(key: Pressed, room: Room): void {
    const { views, words } = this.#parts;
    this.#keyMs = this.#nowMs;
    const wasPaused = this.#state.pausedMs !== null;
    const known = this.#known();
    const values: ValuesOf = (columns, beginning) => knownValues(known, columns, beginning);
    const { state, effects } = press(this.#state, key, {
      views,
      words: {
        examine: words.examine,
        complete: (text, cursor, table) => words.complete(text, cursor, table, values),
      },
      known,
      room: roomOfView(room, this.#state.filter),
      nowMs: this.#nowMs,
      overlayEnd: this.#overlayEnd(room),
      pathsLike,
    });
    this.#state = state;
    if (wasPaused && state.pausedMs === null) this.#asker.again();
    for (const effect of effects) this.#do(effect);
    // The answer is to be there when the key is drawn.
    this.#ask(this.#nowMs);
  }

  draw(room: Room, look: Look): readonly Line[] {
    const { views, messages, words } = this.#parts;
    if (this.#state.pausedMs === null) this.#seen = this.#look();
    const known = this.#known();
    const state = this.#state;
    const view = viewOf(state, views);
    const waiting = Math.max(0, (this.#scene.pulse()?.packets ?? 0) - (known.pulse?.packets ?? 0));
    const { marks } = words.examine(state.filter, 'flows');
    const going: Going = { known, state, views, waiting, nowMs: this.#nowMs, messages: messages.length, marks };
    const space = roomOfView(room, this.#state.filter);
    const body =
      state.overlay === null
        ? view.draw(known, placeIn(state), space, look)
        : overlayLines(state.overlay, this.#behind(view), space, look);
    const below =
      state.editing === null
        ? [keysLine(going, view.keysOf?.(placeIn(this.#state)) ?? view.keys, room.columns, look)]
        : filterLines(state.editing, room.columns, Math.floor(space.rows / 2) + 1, look);
    const above = [...headLines(going, room.columns, look), ...filterLine(going, room.columns, look)];
    const rows = Math.max(0, room.rows - above.length - below.length);
    const padded = Array.from({ length: rows }, (_, i) => body[i] ?? '');
    return [...above, ...padded, ...below];
  }

  #overlayEnd(room: Room): number {
    const { overlay, filter } = this.#state;
    if (overlay === null) return 0;
    const behind = this.#behind(viewOf(this.#state, this.#parts.views));
    return overlayEnd(overlay, behind, roomOfView(room, filter), plainLook);
  }

  #behind(view: View): Parameters<typeof overlayLines>[1] {
    const { overlay } = this.#state;
    const like = overlay?.is === 'file' ? pathsLike(overlay.edit.text) : [];
    return { view, messages: this.#parts.messages, pathsLike: like };
  }

  #look(): Seen {
    const scene = this.#scene;
    const snapshot = scene.latest();
    // Another stretch of a store is on its way: until it is there, what was shown stays.
    if (snapshot === null && scene !== this.#parts.scene && scene.failure() === null) return this.#seen;
    return { snapshot, pulse: scene.pulse(), recent: scene.series('recent'), whole: scene.series('whole') };
  }

  #known(): Known {
    const { about, protocols } = this.#scene;
    const { answers } = this.#asker;
    const failure = this.#scene.failure();
    const trouble = answers.trouble ?? (failure === null ? null : `${failure.message}. ${failure.hint}`);
    return { about, protocols, ...this.#seen, ...answers, trouble };
  }

  #tell(notice: string): void {
    this.#state = { ...this.#state, notice };
    this.#surface.changed();
  }

  #do(effect: Effect): void {
    const { folder } = this.#parts;
    const scene = this.#scene;
    if (effect.do === 'copy') this.#surface.copy(effect.text);
    if (effect.do === 'theme') this.#surface.turnBackground();
    if (effect.do === 'range') this.#turnTo(scene.during(effect));
    if (effect.do === 'quit') this.#end({ is: 'quit' });
    if (effect.do === 'open file') this.#end({ is: 'file', path: effect.path });
    if (effect.do === 'acknowledge') {
      const set = scene.setAlertState(effect.run, effect.alertId, 'acknowledged');
      this.#follow(set, () => {
        this.#asker.again();
        return 'acknowledged';
      });
    }
    if (effect.do === 'save packets') {
      this.#tell('saving packets…');
      this.#follow(savePackets(scene, effect, folder), (path) => `packets saved to ${path}`);
    }
  }

  #turnTo(scene: Scene | null): void {
    if (scene === null) return;
    this.#deaf();
    this.#scene = scene;
    this.#deaf = this.#listen();
    this.#asker.turnTo(scene);
  }

  /** Tells how something ended that takes a while. */
  #follow<T>(doing: Promise<T>, done: (value: T) => string): void {
    doing.then(
      (value) => this.#tell(done(value)),
      (error: { message?: string; hint?: string }) =>
        this.#tell(`${error.message ?? 'it failed'}. ${error.hint ?? ''}`),
    );
  }
}
