// One of Zeek's logs as a file: header, lines, closing line; as tab-separated text or JSON.

import { ByteFile, type FileCalls } from '../byte-file.ts';
import type { ZeekColumn } from './zeek-logs.ts';
import { type ZeekValue, zeekJson, zeekText } from './zeek-text.ts';

const stamp = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace(/[T:]/g, '-');

/** What the log is made of: name, columns, form, and a clock for the opening and closing lines. */
export interface ZeekLogOptions {
  readonly path: string;
  readonly log: string;
  readonly columns: readonly ZeekColumn[];
  readonly json: boolean;
  readonly nowMs: () => number;
  readonly calls?: FileCalls | undefined;
}

export class ZeekLog {
  readonly #file: ByteFile;
  readonly #options: ZeekLogOptions;

  constructor(options: ZeekLogOptions) {
    this.#options = options;
    this.#file = new ByteFile(options.path, options.calls);
    if (options.json) return;
    const { log, columns, nowMs } = options;
    const tabbed = (pick: (column: ZeekColumn) => string): string => columns.map(pick).join('\t');
    this.#file.line('#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-');
    this.#file.line(`#path\t${log}\n#open\t${stamp(nowMs())}`);
    this.#file.line(`#fields\t${tabbed((c) => c.name)}\n#types\t${tabbed((c) => c.type)}`);
  }

  /** Adds a line; `value` gives each column's, in order. */
  write(value: (column: ZeekColumn, index: number) => ZeekValue): void {
    if (!this.#file.isReady) return;
    const { columns, json } = this.#options;
    let line = '';
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i];
      if (!json) {
        line += i === 0 ? zeekText(value(column, i), column) : `\t${zeekText(value(column, i), column)}`;
        continue;
      }
      const text = zeekJson(value(column, i), column);
      if (text !== null) line += `${line === '' ? '' : ','}${JSON.stringify(column.name)}:${text}`;
    }
    this.#file.line(json ? `{${line}}` : line);
  }

  flush(): void {
    this.#file.flush();
  }

  close(): void {
    const { json, nowMs } = this.#options;
    try {
      if (!json && !this.#file.isBroken) this.#file.line(`#close\t${stamp(nowMs())}`);
    } finally {
      this.#file.close();
    }
  }
}
