// `taplight report`: a capture or a stretch of the store as one page that opens anywhere, if asked without addresses and names.

import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ExitCode, exitCodes, Failure } from '../../../../core/index.ts';
import type { ReportData } from '../../../../screens/api/index.ts';
import { formatBytes } from '../../../../screens/present/index.ts';
import type { Host } from '../../host.ts';
import type { Arguments, ReadSettings } from '../../options/index.ts';
import type { Rooms } from '../../rooms.ts';
import { writeAll } from '../../write-all.ts';
import { collectFiles, collectStore } from './collect.ts';
import { redacted } from './redact/redact.ts';
import { type ReportAssets, reportPage } from './report-page.ts';

export async function report(read: ReadSettings, given: Arguments, host: Host, rooms: Rooms): Promise<ExitCode> {
  const { settings } = read;
  // Looked for first: nobody waits for a capture to be read in vain.
  const assets = readAssets(host);
  const use = async (collected: Omit<ReportData, 'isRedacted'>): Promise<void> => {
    const data = { ...collected, isRedacted: false };
    await write(reportPage(settings.redact ? redacted(data) : data, assets), settings.output, host);
  };
  const words = [...given.words, ...given.afterDashes];
  if (settings.read.length > 0) {
    await use(await collectFiles(read, [...settings.read, ...words], host, rooms));
    return exitCodes.ok;
  }
  if (words.length > 0) {
    throw new Failure('BAD_OPTION', `'${words[0]}' is no option`, `Read a capture with -r ${words[0]}.`);
  }
  return (await collectStore(read, host, rooms, use)) as ExitCode;
}

function readAssets({ storyFile }: Host): ReportAssets {
  const folder = join(dirname(dirname(storyFile)), 'dist', 'report');
  try {
    return {
      script: readFileSync(join(folder, 'report.js'), 'utf8'),
      style: readFileSync(join(folder, 'report.css'), 'utf8'),
    };
  } catch (error) {
    const hint = 'Install Taplight again, or build it with npm run build.';
    throw new Failure('FILE_UNREADABLE', 'the parts of a report are not installed', hint, error);
  }
}

async function write(page: string, path: string, host: Host): Promise<void> {
  if (path === '-') return writeAll(host, page);
  try {
    writeFileSync(path, page, { mode: 0o600 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Failure('WRITE_FAILED', `cannot write ${path} (${code})`, 'Name another file with -o.', error);
  }
  host.stderr.write(`wrote ${path}, ${formatBytes(Buffer.byteLength(page))}; it opens in any browser\n`);
}
