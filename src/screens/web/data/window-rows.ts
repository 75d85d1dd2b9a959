// The rows of a long table, as far as somebody looks at them: pages are fetched as they come into sight.

import type { Row, RowWindow } from '../../api/index.ts';

export const pageRows = 100;
/** A request takes two pages at the most; so much is ever in sight. */
const mostPages = 2;

export interface RowsTold {
  readonly total: number;
  readonly kept: number;
  readonly forgotten: number;
  readonly columns: RowWindow['columns'];
}

export class WindowRows {
  readonly #ask: (from: number, count: number, signal: AbortSignal) => Promise<RowWindow>;
  readonly #changed: () => void;
  readonly #pages = new Map<number, readonly Row[]>();
  #told: RowsTold | null = null;
  #error: unknown = null;
  #first = 0;
  #last = 0;
  #isAsking = false;
  #isStale = true;
  readonly #gone = new AbortController();

  /** @param changed there is more to draw, or other rows */
  constructor(ask: (from: number, count: number, signal: AbortSignal) => Promise<RowWindow>, changed: () => void) {
    this.#ask = ask;
    this.#changed = changed;
  }

  /** Null before the first answer. */
  get told(): RowsTold | null {
    return this.#told;
  }

  /** Why the latest question was not answered. */
  get error(): unknown {
    return this.#error;
  }

  /** Undefined: not here yet, or beyond the end. */
  row(at: number): Row | undefined {
    return this.#pages.get(Math.floor(at / pageRows))?.[at % pageRows];
  }

  /** These are in sight now. */
  look(first: number, last: number): void {
    this.#first = Math.max(0, first);
    this.#last = Math.max(this.#first, last);
    void this.#go();
  }

  /** What is in sight is asked for again; it stays until the answer is there. */
  refresh(): void {
    this.#isStale = true;
    void this.#go();
  }

  close(): void {
    this.#gone.abort();
  }

  /** Pages in sight that are missing, or all of them when rows have changed. */
  #wanted(): { page: number; pages: number } | null {
    const total = this.#told?.total ?? Number.POSITIVE_INFINITY;
    const firstPage = Math.floor(this.#first / pageRows);
    const lastPage = Math.min(Math.floor(this.#last / pageRows), firstPage + mostPages - 1);
    if (this.#isStale) return { page: firstPage, pages: lastPage - firstPage + 1 };
    for (let page = firstPage; page <= lastPage; page++) {
      if (!this.#pages.has(page) && page * pageRows < total) return { page, pages: lastPage - page + 1 };
    }
    return null;
  }

  async #go(): Promise<void> {
    const wanted = this.#wanted();
    if (this.#isAsking || wanted === null || this.#gone.signal.aborted) return;
    const wasStale = this.#isStale;
    this.#isAsking = true;
    this.#isStale = false;
    try {
      const { page, pages } = wanted;
      const window = await this.#ask(page * pageRows, pages * pageRows, this.#gone.signal);
      if (this.#gone.signal.aborted) return;
      if (wasStale) this.#pages.clear();
      this.#keep(page, pages, window);
      this.#error = null;
      this.#isAsking = false;
      this.#changed();
      // Somebody may have scrolled on meanwhile.
      void this.#go();
    } catch (error) {
      this.#isAsking = false;
      if (this.#gone.signal.aborted) return;
      this.#error = error;
      this.#changed();
    }
  }

  #keep(page: number, pages: number, { columns, rows, total, kept, forgotten }: RowWindow): void {
    this.#told = { columns, total, kept, forgotten };
    const named = rows.map((cells): Row => Object.fromEntries(columns.map(({ name }, i) => [name, cells[i]])));
    for (let i = 0; i < pages; i++) {
      this.#pages.set(page + i, named.slice(i * pageRows, (i + 1) * pageRows));
    }
    // What lies far away is let go.
    for (const each of this.#pages.keys()) if (Math.abs(each - page) > 10) this.#pages.delete(each);
  }
}
