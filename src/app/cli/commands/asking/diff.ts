// `taplight diff A B`: two captures, two times or two runs compared.

import { existsSync } from 'node:fs';
import { type ExitCode, Failure, printable } from '../../../../core/index.ts';
import type { AskOptions, DiffReport, History, Scope } from '../../../../output/store/index.ts';
import { paint, plainMarks, type Style } from '../../../../screens/present/index.ts';
import { keptTables, readingOf } from '../../../pipeline/index.ts';
import { styleOf } from '../../console/index.ts';
import type { Host } from '../../host.ts';
import type { Arguments, ReadSettings } from '../../options/index.ts';
import type { Rooms } from '../../rooms.ts';
import { writeAll } from '../../write-all.ts';
import { placeOf } from './asked-scope.ts';
import { importCapture } from './import-capture.ts';
import { type Span, spanOf } from './time-words.ts';
import { untilStopped, withReading } from './with-reading.ts';

type Side =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'run'; readonly run: number }
  | { readonly kind: 'time'; readonly span: Span };

export async function diff(read: ReadSettings, given: Arguments, host: Host, rooms: Rooms): Promise<ExitCode> {
  const words = [...given.words, ...given.afterDashes];
  if (words.length !== 2) {
    const hint = 'taplight diff monday.pcap tuesday.pcap, or: taplight diff yesterday today';
    throw new Failure('BAD_OPTION', 'two things are needed to compare', hint);
  }
  const now = new Date();
  const [before, after] = [await sideOf(words[0], now), await sideOf(words[1], now)];
  const { settings } = read;
  const limit = settings.limit > 0 ? { limit: settings.limit } : {};
  const tell = async (history: History, scopes: readonly Scope[], options: AskOptions): Promise<void> => {
    const report = await history.diff({ before: scopes[0], after: scopes[1], ...limit }, options);
    const style = styleOf(host.stdout, settings.color, host.environment);
    await writeAll(host, settings.json ? `${JSON.stringify(report, null, 2)}\n` : diffText(report, style));
  };
  if (before.kind === 'file' && after.kind === 'file') {
    return untilStopped(host, async (signal) => {
      const store = await rooms.openTemporary(keptTables());
      try {
        const runs: number[] = [];
        for (const path of [before.path, after.path]) runs.push(await importCapture(read, path, store, host, rooms));
        const scopes = runs.map((run): Scope => ({ runs: [run] }));
        await tell(readingOf(store).history, scopes, { signal, timeoutMs: settings.timeout * 1000 });
      } finally {
        await store.close();
      }
    });
  }
  if (before.kind === 'file' || after.kind === 'file') {
    const hint =
      'Import the file first: taplight -r FILE --store default; then compare runs that `taplight runs` lists.';
    throw new Failure('UNSUPPORTED', 'a file is compared with a file', hint);
  }
  const place = await placeOf(settings, now);
  const scopes = [before, after].map((side): Scope => scopeOf(side, place));
  return withReading(settings, host, rooms, ({ history }, options) => tell(history, scopes, options));
}

function scopeOf(side: Exclude<Side, { kind: 'file' }>, place: Scope): Scope {
  return side.kind === 'run' ? { ...place, runs: [side.run] } : { ...place, ...side.span };
}

/** A word of the command line: a file that exists, a number of a run, a time, or a range. Throws BAD_OPTION. */
async function sideOf(word: string, now: Date): Promise<Side> {
  // Four digits are a year.
  if (/^\d{1,15}$/.test(word) && !/^[12]\d{3}$/.test(word)) return { kind: 'run', run: Number(word) };
  if (existsSync(word)) return { kind: 'file', path: word };
  const [from, to, ...more] = word.split('..');
  const begin = await spanOf(from, now);
  const end = to === undefined ? begin : await spanOf(to, now);
  if (begin !== null && end !== null && more.length === 0) {
    // A moment alone goes on until now.
    const toUs = to === undefined && end.toUs === end.fromUs ? now.getTime() * 1000 : end.toUs;
    if (toUs > begin.fromUs) return { kind: 'time', span: { fromUs: begin.fromUs, toUs } };
  }
  const hint = 'Name a capture file, a day (yesterday, 2026-11-21), a range FROM..TO, or the number of a run.';
  throw new Failure('BAD_OPTION', `'${word}' is no file, no time and no run`, hint);
}

const marks = { new: '+', gone: '-', changed: '~' } as const;
const roles = { new: 'good', gone: 'muted', changed: 'medium' } as const;

function diffText({ sections }: DiffReport, style: Style): string {
  const told = sections.filter(({ items }) => items.length > 0);
  if (told.length === 0) return 'No difference.\n';
  const parts = told.map(({ title, items, more }) => {
    const lines = items.map(
      ({ change, text }) => `  ${paint(marks[change], roles[change], style)} ${plainMarks(printable(text), style)}`,
    );
    if (more > 0) lines.push(`  and ${more} more: --limit`);
    return [title, ...lines].join('\n');
  });
  const quiet = sections.filter(({ items }) => items.length === 0).map(({ what }) => what);
  if (quiet.length > 0) parts.push(`No difference: ${quiet.join(', ')}`);
  return `${parts.join('\n\n')}\n`;
}
