// `taplight store`: what a store holds, and its tables on their way out and in as Parquet files.

import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ExitCode, Failure, printable } from '../../../../core/index.ts';
import type { StoreInfo } from '../../../../output/store/index.ts';
import { formatBytes, formatCount, table } from '../../../../screens/present/index.ts';
import { keptTables } from '../../../pipeline/index.ts';
import { styleOf } from '../../console/index.ts';
import type { Host } from '../../host.ts';
import { type Arguments, type ReadSettings, storePlan } from '../../options/index.ts';
import type { Rooms } from '../../rooms.ts';
import { writeAll } from '../../write-all.ts';
import { storeTrouble } from '../capturing/keep-run.ts';
import { importTables } from './import-tables.ts';
import { untilStopped, withReading } from './with-reading.ts';

/** What a table of many rows takes to write. */
const exportTimeoutMs = 24 * 3600 * 1000;

type Part = (read: ReadSettings, words: readonly string[], host: Host, rooms: Rooms) => Promise<ExitCode>;

export async function store(read: ReadSettings, given: Arguments, host: Host, rooms: Rooms): Promise<ExitCode> {
  const [what = 'info', ...words] = given.words;
  if (Object.hasOwn(parts, what)) return parts[what](read, words, host, rooms);
  throw new Failure(
    'BAD_OPTION',
    `'${what}' is nothing to do with a store`,
    'taplight store info, export, import or forget.',
  );
}

const parts: Readonly<Record<string, Part>> = {
  info: (read, _, host, rooms) =>
    withReading(read.settings, host, rooms, async (reading) => {
      const info = await reading.info();
      await writeAll(host, read.settings.json ? `${JSON.stringify(info, null, 2)}\n` : infoText(info, read, host));
    }),

  export: (read, words, host, rooms) => {
    const folder = oneFolder(words);
    return withReading(read.settings, host, rooms, async (reading, { signal }) => {
      makeFolder(folder);
      const { rows } = await reading.info();
      for (const { name } of keptTables()) {
        // Hundreds of tables of events stay empty.
        if ((rows[name] ?? 0) === 0) continue;
        const options = { timeoutMs: exportTimeoutMs, ...(signal === undefined ? {} : { signal }) };
        await reading.exportParquet({ table: name, runs: 'all' }, join(folder, `${name}.parquet`), options);
        host.stderr.write(`${name}: ${formatCount(rows[name])} rows\n`);
      }
    });
  },

  import: (read, words, host, rooms) => {
    const folder = oneFolder(words);
    if (!existsSync(join(folder, 'runs.parquet'))) {
      const message = `there is no export of a store in ${folder}`;
      throw new Failure('NO_SUCH_FILE', message, 'It is what `taplight store export DIR` writes.');
    }
    return writing(read, host, rooms, async (store) => {
      const report = await importTables(folder, keptTables(), store, rooms);
      for (const { table: name, rows } of report.tables) host.stderr.write(`${name}: ${formatCount(rows)} rows\n`);
      host.stderr.write(`${report.runs} runs taken, ${report.known} known already\n`);
    });
  },

  forget: (read, words, host, rooms) => {
    const runs = words.map((word) => (/^\d{1,15}$/.test(word) ? Number(word) : Number.NaN));
    if (runs.length === 0 || runs.some(Number.isNaN))
      throw new Failure('BAD_OPTION', 'runs are forgotten by number', '`taplight runs` lists them.');
    return writing(read, host, rooms, async (store) => {
      host.stderr.write(`${formatCount(await store.forget(runs))} rows deleted\n`);
    });
  },
};

/** Opens the store as its owner, and acts. */
function writing(
  { settings }: ReadSettings,
  host: Host,
  rooms: Rooms,
  act: (store: Awaited<ReturnType<Rooms['openStore']>>) => Promise<void>,
): Promise<ExitCode> {
  return untilStopped(host, async () => {
    const plan = storePlan({ ...settings, store: settings.store ?? 'default' }, host);
    if (plan === null) return;
    const store = await rooms.openStore(plan, { waits: true, trouble: storeTrouble(host) });
    try {
      await act(store);
    } finally {
      await store.close();
    }
  });
}

function oneFolder(words: readonly string[]): string {
  if (words.length === 1) return words[0];
  throw new Failure('BAD_OPTION', 'one folder has to be named', 'taplight store export DIR');
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException; // fs throws nothing else
    throw new Failure('WRITE_FAILED', `cannot make ${folder} (${code})`, 'Check the path.', cause);
  }
}

function infoText(info: StoreInfo, { settings }: ReadSettings, host: Host): string {
  const style = styleOf(host.stdout, settings.color, host.environment);
  const rows = Object.entries(info.rows)
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => [name, formatCount(count)]);
  const waiting = info.waitingRows + info.spoolBytes + info.droppedRows;
  const lines = [
    `${printable(info.place)}: ${info.engine}, schema ${info.schema}, ${formatBytes(info.bytes)}`,
    ...(waiting === 0
      ? []
      : [
          `waiting: ${formatCount(info.waitingRows)} rows, ${formatBytes(info.spoolBytes)}; lost: ${formatCount(info.droppedRows)} rows`,
        ]),
    ...(rows.length === 0
      ? ['  nothing yet']
      : table([{ title: 'table' }, { title: 'rows', align: 'right' }], rows, style)),
  ];
  return `${lines.join('\n')}\n`;
}
