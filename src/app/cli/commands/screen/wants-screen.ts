// Whether a command is shown on a screen: where there is a terminal on all sides, and nothing was asked for that is
// text on stdout. Pure.

import { Failure } from '../../../../core/index.ts';
import type { Host } from '../../host.ts';
import { flagOf, type OptionName, type ReadSettings } from '../../options/index.ts';

/** Options that ask for lines on stdout, or for none at all. */
const forLines: readonly (readonly [OptionName, (read: ReadSettings) => boolean])[] = [
  ['quiet', ({ settings }) => settings.quiet],
  ['print', ({ settings }) => settings.print],
  ['json', ({ settings }) => settings.json],
  ['eve', ({ settings }) => settings.eve === '-'],
  ['write', ({ settings }) => settings.write === '-'],
  ['read', ({ settings }) => settings.read.includes('-')],
  ['interface', ({ settings }) => settings.interface === '-'],
  ['summary', ({ settings, origin }) => settings.summary === 'json' || origin.summary === 'flag'],
  ['chartEvery', ({ origin }) => origin.chartEvery === 'flag'],
];

/** Throws BAD_OPTION where --tui cannot be had. */
export function wantsScreen(read: ReadSettings, host: Host): boolean {
  const { settings, origin } = read;
  const isForced = origin.tui === 'flag' && settings.tui;
  const lacking = terminalLacks(host);
  const lines = forLines.find(([, isAsked]) => isAsked(read))?.[0];
  if (isForced && lacking !== null) {
    throw new Failure('BAD_OPTION', `--tui needs a terminal, and ${lacking}`, 'Leave --tui out for plain output.');
  }
  if (isForced && lines !== undefined) {
    const hint = `Leave --tui or ${flagOf(lines)} out.`;
    throw new Failure('BAD_OPTION', `--tui and ${flagOf(lines)} exclude each other`, hint);
  }
  // Whoever has the screen read to them reads lines.
  const isRead = host.environment.INK_SCREEN_READER === 'true' && !isForced;
  return settings.tui && lacking === null && lines === undefined && !isRead;
}

/** Why there is no screen here; null: there is one. */
function terminalLacks({ stdin, stdout, stderr, environment }: Host): string | null {
  if (stdin.isTTY !== true || stdin.setRawMode === undefined) return 'stdin is none';
  if (stdout.isTTY !== true) return 'stdout is none';
  if (stderr.isTTY !== true) return 'stderr is none';
  if (environment.TERM === 'dumb') return 'TERM is dumb';
  return null;
}
