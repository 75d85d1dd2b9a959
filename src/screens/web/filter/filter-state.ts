// The filter as it is written: what the server says of it, and what may come next.

import { batch, type Signal, signal } from '@preact/signals';
import type { Screen } from '../shell/screen.ts';
import {
  type Completion,
  checkFilter,
  completeAt,
  completedText,
  type FilterCheck,
  type FilterPlace,
  type Proposal,
} from './ask-filter.ts';

/** After the last letter: to ask, and to take a filter that is right. */
const askMs = 90;
const takeMs = 700;

export class FilterState {
  readonly text: Signal<string>;
  /** Of this very text; null while it is not known. */
  readonly check = signal<(FilterCheck & { readonly of: string }) | null>(null);
  readonly completion = signal<Completion | null>(null);
  /** Which proposal is chosen; -1: none. */
  readonly chosen = signal(-1);
  readonly #screen: Screen;
  readonly #place: () => FilterPlace;
  #asked: AbortController | null = null;
  #askTimer: ReturnType<typeof setTimeout> | undefined;
  #takeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(screen: Screen, place: () => FilterPlace) {
    this.#screen = screen;
    this.#place = place;
    this.text = signal(screen.filter.peek());
  }

  /** The screen's filter was changed elsewhere. */
  follow(filter: string): void {
    if (filter === this.text.peek().trim()) return;
    this.text.value = filter;
    this.#examine(false, filter.length);
  }

  type(text: string, cursor: number): void {
    this.text.value = text;
    this.chosen.value = -1;
    clearTimeout(this.#takeTimer);
    clearTimeout(this.#askTimer);
    this.#askTimer = setTimeout(() => this.#examine(true, cursor), askMs);
  }

  /** Asks what may stand at the cursor. */
  propose(cursor: number): void {
    this.#examine(true, cursor);
  }

  /** The filter is done: takes it where it is right. */
  take(): void {
    clearTimeout(this.#takeTimer);
    this.close();
    const { check, text } = this;
    if (text.value.trim() === '') this.#screen.setFilter('');
    else if (check.value?.of === text.value && check.value.ok) this.#screen.setFilter(text.value);
    else this.#examine(false, text.value.length, true);
  }

  /** Puts a proposal in; gives where the cursor goes. */
  accept(proposal: Proposal): number {
    const completion = this.completion.peek();
    if (completion === null) return this.text.peek().length;
    const done = completedText(this.text.peek(), completion, proposal);
    this.type(done.text, done.cursor);
    return done.cursor;
  }

  clear(): void {
    batch(() => {
      this.text.value = '';
      this.check.value = null;
      this.close();
    });
    this.#screen.setFilter('');
  }

  close(): void {
    this.completion.value = null;
    this.chosen.value = -1;
  }

  #examine(withProposals: boolean, cursor: number, takeNow = false): void {
    clearTimeout(this.#askTimer);
    this.#asked?.abort();
    const asked = new AbortController();
    this.#asked = asked;
    const text = this.text.peek();
    const { signal } = asked;
    if (text.trim() === '') this.check.value = null;
    else
      void checkFilter(text, this.#place(), signal).then(
        (check) => this.#checked(check, text, takeNow),
        () => {},
      );
    if (withProposals) {
      void completeAt(text, cursor, this.#place(), signal).then(
        (completion) => {
          this.completion.value = completion.proposals.length === 0 ? null : completion;
        },
        () => {},
      );
    }
  }

  #checked(check: FilterCheck, text: string, takeNow: boolean): void {
    if (this.text.peek() !== text) return;
    this.check.value = { ...check, of: text };
    if (!check.ok) return;
    if (takeNow) this.#screen.setFilter(text);
    else this.#takeTimer = setTimeout(() => this.#screen.setFilter(text), takeMs);
  }
}
