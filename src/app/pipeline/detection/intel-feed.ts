// Threat lists for detectors: read before the first packet, exchanged while running when a file has changed.

import { IntelLists, type IntelSource, ListReader } from '../../../analysis/detectors/index.ts';
import { Failure } from '../../../core/index.ts';
import { IntelFiles } from '../../machine/index.ts';

interface Reading {
  readonly reader: ListReader;
  readonly step: () => boolean;
}

export class IntelFeed {
  readonly source: IntelSource = { lists: new IntelLists() };
  readonly #files: IntelFiles;
  readonly #isEmpty: boolean;
  #reading: Reading | null = null;
  /** Times that changed lists were taken, or could not be. */
  reloads = 0;
  failures = 0;

  /**
   * @param paths lists of any form
   * @throws Failure when one cannot be read, or holds nothing that can be looked for
   */
  constructor(paths: readonly string[], clock?: () => number) {
    this.#files = new IntelFiles(paths, clock);
    this.#isEmpty = paths.length === 0;
    if (this.#isEmpty) return;
    const reader = new ListReader();
    this.#files.readAll(reader);
    paths.forEach((path, i) => {
      const { found, ignored } = reader.files[i];
      // A text of another kind has a word here and there that could be a name.
      if (20 * found < ignored) throw unknown(path);
    });
    this.source.lists = reader.end();
  }

  /** To be called between batches of packets: a changed list is read a piece at a time. */
  look(): void {
    if (this.#isEmpty) return;
    if (this.#reading === null) {
      if (!this.#files.hasChanged()) return;
      const reader = new ListReader();
      this.#reading = { reader, step: this.#files.reading(reader) };
    }
    try {
      if (!this.#reading.step()) return;
      const { reader } = this.#reading;
      // A file that is being replaced may be empty for a moment; what is known stays.
      if (reader.lists.size > 0) this.source.lists = reader.end();
      this.reloads++;
    } catch {
      this.failures++;
    }
    this.#reading = null;
  }
}

const unknown = (path: string): Failure =>
  new Failure(
    'UNKNOWN_FILE_FORMAT',
    `${path} holds no address, domain, URL, hash or fingerprint`,
    'Give a list with one entry a line, a dataset of Suricata, or an intelligence file of Zeek.',
  );
