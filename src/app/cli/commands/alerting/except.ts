// `taplight except`: whom alerts are not told about. Without words it lists; WHO WHAT adds; `remove N` takes one away.

import { type ExitCode, exitCodes, Failure, formatTime, printable } from '../../../../core/index.ts';
import { table } from '../../../../screens/present/index.ts';
import { styleOf } from '../../console/index.ts';
import type { Host } from '../../host.ts';
import {
  type Arguments,
  configOwner,
  type ExceptionWords,
  exceptionsPath,
  type ReadSettings,
  readExceptions,
  untilUs,
  writeExceptions,
} from '../../options/index.ts';
import type { Rooms } from '../../rooms.ts';
import { writeAll } from '../../write-all.ts';

export async function except(read: ReadSettings, given: Arguments, host: Host, rooms: Rooms): Promise<ExitCode> {
  const owner = configOwner(host.user, host.environment);
  const known = await readExceptions(owner);
  const [first, second, ...more] = given.words;
  if (first === undefined) await list(known, read, host, rooms);
  else if (first === 'remove' && more.length === 0) {
    const number = Number(second);
    if (!Number.isInteger(number) || number < 1 || number > known.length)
      throw new Failure(
        'BAD_OPTION',
        `there is no exception ${second ?? ''}`,
        '`taplight except` lists them with numbers.',
      );
    await writeExceptions(
      owner,
      known.filter((_, i) => i !== number - 1),
    );
  } else {
    const { until, why } = read.settings;
    const isWhole = second !== undefined && more.length === 0 && why !== null;
    if (!isWhole) {
      const hint = 'taplight except 10.0.0.5 "scan.*" --until 2027-01-31 --why "our scanner"';
      throw new Failure('BAD_OPTION', 'an exception needs who, what and --why', hint);
    }
    if (until !== null && untilUs(until) === null)
      throw new Failure('BAD_OPTION', `--until: '${until}' is no date`, 'Write it as 2027-01-31.');
    const added = { who: first, what: second, ...(until === null ? {} : { until }), why };
    await writeExceptions(owner, [...known, added]);
    host.stderr.write(`kept in ${exceptionsPath(owner)}\n`);
  }
  return exitCodes.ok;
}

async function list(known: readonly ExceptionWords[], read: ReadSettings, host: Host, rooms: Rooms): Promise<void> {
  if (read.settings.json) {
    await writeAll(host, `${JSON.stringify(known, null, 2)}\n`);
    return;
  }
  if (known.length === 0) {
    await writeAll(
      host,
      'No exceptions. One is made like this: taplight except 10.0.0.5 "scan.*" --why "our scanner"\n',
    );
    return;
  }
  // How often each was met in the latest run.
  const [latest] = rooms.readJournal(host);
  const rows = known.map(({ who, what, until, why }, i) => {
    const use = latest?.exceptions?.find((each) => each.who === who && each.what === what && each.why === why);
    const met =
      use === undefined || use.lastUs === null ? '0' : `${use.hits}, last ${formatTime(use.lastUs).slice(0, 16)}`;
    return [String(i + 1), who, what, until ?? 'for good', met, why].map((cell) => printable(cell));
  });
  const columns = ['', 'who', 'what', 'until', 'met in the latest run', 'why'].map((title) => ({ title }));
  const style = styleOf(host.stdout, read.settings.color, host.environment);
  await writeAll(host, `${table(columns, rows, style).join('\n')}\n`);
}
