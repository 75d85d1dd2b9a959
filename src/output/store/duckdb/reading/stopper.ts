// Stops a question: when its time is up, when its signal says so, when the store is closed.

import { Failure } from '../../../../core/index.ts';
import type { SelectOptions } from '../../store.ts';

/** A question may be between two steps of the engine when it is interrupted, which then goes unnoticed: so again. */
const againMs = 10;

export class Stopper {
  readonly #signal: AbortSignal | undefined;
  readonly #timeout: NodeJS.Timeout | undefined;
  readonly #abort = (): void => this.stop('it was stopped');
  #again: NodeJS.Timeout | undefined;
  #interrupt: (() => void) | null = null;
  #reason: string | null = null;

  constructor({ signal, timeoutMs }: SelectOptions) {
    this.#signal = signal;
    if (signal?.aborted === true) this.#reason = 'it was stopped';
    signal?.addEventListener('abort', this.#abort, { once: true });
    if (timeoutMs !== undefined) {
      this.#timeout = setTimeout(() => this.stop(`it took longer than ${timeoutMs} ms`), timeoutMs);
    }
  }

  /** From now on stopping means this. */
  begin(interrupt: () => void): void {
    this.#interrupt = interrupt;
    if (this.#reason !== null) this.#repeat();
  }

  stop(reason: string): void {
    if (this.#reason !== null) return;
    this.#reason = reason;
    this.#repeat();
  }

  #repeat(): void {
    if (this.#interrupt === null) return;
    this.#interrupt();
    this.#again ??= setInterval(() => this.#interrupt?.(), againMs);
  }

  /** Why it was stopped, null when it was not. */
  reason(): Failure | null {
    if (this.#reason === null) return null;
    return new Failure(
      'QUERY_STOPPED',
      `the question was not answered: ${this.#reason}`,
      'Ask for less, or allow more time.',
    );
  }

  check(): void {
    const reason = this.reason();
    if (reason !== null) throw reason;
  }

  end(): void {
    this.#interrupt = null;
    clearTimeout(this.#timeout);
    clearInterval(this.#again);
    this.#signal?.removeEventListener('abort', this.#abort);
  }
}
