// An answer to where it is wanted: stdout or a file, as a table or as data.

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { Failure } from '../../../../../core/index.ts';
import type { Result } from '../../../../../output/store/index.ts';
import { styleOf } from '../../../console/index.ts';
import type { Host } from '../../../host.ts';
import type { Settings } from '../../../options/index.ts';
import { writeAll } from '../../../write-all.ts';
import { dataFormats } from './answer-data.ts';
import { answerTable } from './answer-table.ts';
import type { AnswerColumn } from './cells.ts';

export type Format = 'table' | 'json' | 'jsonl' | 'csv' | 'parquet';

/** What was asked for: by option, by --json, by the name of the file. Throws BAD_OPTION. */
export function formatOf({ format, json, write }: Settings): Format {
  const ending = /\.(json|jsonl|csv|parquet)$/i.exec(write ?? '')?.[1]?.toLowerCase() as Format | undefined;
  const wanted = format ?? (json ? 'json' : (ending ?? 'table'));
  if (wanted === 'parquet' && (write === null || write === '-'))
    throw new Failure('BAD_OPTION', 'Parquet does not go to the screen', 'Name a file: -w flows.parquet.');
  return wanted;
}

export interface Written {
  readonly settings: Settings;
  readonly format: Exclude<Format, 'parquet'>;
  /** What is known of the answer's columns besides their names. */
  readonly declared: readonly AnswerColumn[];
  /** Numbers mean what their column's name says. */
  readonly isOurs: boolean;
}

/** Writes an answer, or the pages of one. Rejects with WRITE_FAILED. */
export async function writeAnswer(
  host: Host,
  { settings, format, declared, isOurs }: Written,
  pages: AsyncIterable<Result> | Iterable<Result>,
): Promise<void> {
  const out = settings.write === null || settings.write === '-' ? toStdout(host) : toFile(settings.write);
  let rows = 0;
  for await (const page of pages) {
    if (format === 'table') {
      const style = styleOf(host.stdout, settings.color, host.environment);
      // A file or a pipe is as wide as it needs to be.
      const wide =
        host.stdout.isTTY === true && settings.write === null ? style : { ...style, width: Number.POSITIVE_INFINITY };
      await out.write(answerTable(page, declared, isOurs, wide));
      tellMore(host, page);
    } else {
      const { head, rows: lines } = dataFormats[format];
      if (rows === 0) await out.write(head(page));
      await out.write(lines(page, rows === 0));
    }
    rows += page.rows.length;
  }
  if (format !== 'table') await out.write(dataFormats[format].tail(rows === 0));
  await out.end();
}

/** What a table does not show: that there is more, and sums that are not exact. */
function tellMore(host: Host, { isCut, rows, notes = [] }: Result): void {
  for (const note of notes) if (!note.endsWith('exact')) host.stderr.write(`${note}\n`);
  if (rows.length === 0) host.stderr.write('nothing found\n');
  if (isCut) host.stderr.write(`the first ${rows.length}; there are more: --limit, --offset\n`);
}

interface Destination {
  write(text: string): Promise<void>;
  end(): Promise<void>;
}

function toStdout(host: Host): Destination {
  return { write: (text) => writeAll(host, text), end: async () => {} };
}

function toFile(path: string): Destination {
  const stream = createWriteStream(path);
  let broken: Error | null = null;
  stream.on('error', (error) => {
    broken = error;
  });
  const check = (): void => {
    if (broken === null) return;
    const { code } = broken as NodeJS.ErrnoException; // fs throws nothing else
    throw new Failure('WRITE_FAILED', `cannot write ${path} (${code})`, 'Check the path and the disk.', broken);
  };
  return {
    write: async (text) => {
      check();
      if (!stream.write(text)) await Promise.race([once(stream, 'drain'), once(stream, 'close')]);
      check();
    },
    end: async () => {
      check();
      stream.end();
      if (!stream.closed) await once(stream, 'close').catch(() => {});
      check();
    },
  };
}
