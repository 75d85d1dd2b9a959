// Asks the scene what a view wants to know: at once when that is something else, otherwise once a second while it goes on.

import type { FlowDetails, PacketDetails, RowWindow, Scene } from '../../api/index.ts';
import type { Wants } from '../frame/view.ts';

export interface Answers {
  readonly window: RowWindow | null;
  /** What `window` answers. */
  readonly asked: Wants | null;
  readonly flow: FlowDetails | null;
  readonly packets: readonly PacketDetails[] | null;
  readonly trouble: string | null;
}

const none: Answers = { window: null, asked: null, flow: null, packets: null, trouble: null };
const againMs = 1000;

export class Asker {
  answers: Answers = none;
  #scene: Scene;
  readonly #changed: (before: Answers) => void;
  #wanted = '';
  /** The latest question that was sent, and whether its answer is still to come. */
  #sent = '';
  #isWaiting = false;
  #askedMs = Number.NEGATIVE_INFINITY;
  #isStale = true;

  constructor(scene: Scene, changed: (before: Answers) => void) {
    this.#scene = scene;
    this.#changed = changed;
  }

  /** Asks another scene from now on. */
  turnTo(scene: Scene): void {
    this.#scene = scene;
    this.again();
  }

  /** The scene has something new: answers are old. */
  outdated(): void {
    this.#isStale = true;
  }

  /** The same question is asked again at once, whatever holds still. */
  again(): void {
    this.#sent = '';
  }

  /** Called often. @param holdsStill only other questions are asked */
  want(wants: Wants, nowMs: number, holdsStill: boolean): void {
    this.#wanted = JSON.stringify(wants);
    const isOther = this.#wanted !== this.#sent;
    const isDue = this.#isStale && !holdsStill && nowMs - this.#askedMs >= againMs;
    if (this.#isWaiting || !(isOther || isDue)) return;
    this.#sent = this.#wanted;
    this.#askedMs = nowMs;
    this.#isStale = false;
    this.#isWaiting = true;
    this.#ask(wants).then((answers) => {
      this.#isWaiting = false;
      const before = this.answers;
      this.answers = answers;
      this.#changed(before);
    });
  }

  async #ask(wants: Wants): Promise<Answers> {
    const old = this.answers;
    try {
      const { table, filter, sort, from, count, flow, packets } = wants;
      const request = {
        table: table ?? '',
        ...(filter === undefined ? {} : { filter }),
        ...(sort === undefined ? {} : { sort }),
        from: from ?? 0,
        count: Math.min(200, count ?? 200),
      };
      const [window, details, list] = await Promise.all([
        table === undefined ? null : this.#scene.rows(request),
        flow === undefined ? null : this.#scene.flow(flow.run, flow.flowId),
        flow === undefined || packets !== true ? null : this.#scene.packets(flow.run, flow.flowId),
      ]);
      return { window, asked: table === undefined ? null : wants, flow: details, packets: list, trouble: null };
    } catch (error) {
      const { message, hint } = error as { readonly message: string; readonly hint?: string };
      return { ...old, trouble: hint === undefined ? message : `${message}. ${hint}` };
    }
  }
}
