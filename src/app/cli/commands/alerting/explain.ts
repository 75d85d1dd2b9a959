// `taplight explain ID`: one alert with everything that speaks for and against it.

import { type ExitCode, exitCodes, Failure } from '../../../../core/index.ts';
import { alertDocument, alertText } from '../../../../screens/present/index.ts';
import { styleOf } from '../../console/index.ts';
import type { Host } from '../../host.ts';
import type { Arguments, ReadSettings } from '../../options/index.ts';
import type { Rooms } from '../../rooms.ts';
import { writeAll } from '../../write-all.ts';
import { knownAlerts } from './known-alerts.ts';

export async function explain(read: ReadSettings, given: Arguments, host: Host, rooms: Rooms): Promise<ExitCode> {
  const { settings } = read;
  const [id, ...more] = given.words;
  if (id === undefined) throw new Failure('BAD_OPTION', 'no alert was named', '`taplight alerts` lists their ids.');
  const files = settings.read.length === 0 ? [] : [...settings.read, ...more, ...given.afterDashes];
  const known = await knownAlerts(read, files, host, rooms);
  // The beginning of an id will do where it is the only one.
  const exact = known.alerts.find((alert) => alert.id === id);
  const near = exact === undefined ? known.alerts.filter((alert) => alert.id.startsWith(id)) : [exact];
  const ids = new Set(near.map((alert) => alert.id));
  if (ids.size !== 1) {
    const what = ids.size === 0 ? `there is no alert '${id}'` : `'${id}' begins the ids of ${ids.size} alerts`;
    throw new Failure(
      'BAD_OPTION',
      what,
      '`taplight alerts --severity info` lists all; -r FILE reads a capture again.',
    );
  }
  const [alert] = near;
  const style = styleOf(host.stdout, settings.color, host.environment);
  const text = settings.json ? JSON.stringify(alertDocument(alert), null, 2) : alertText(alert, known.incidents, style);
  await writeAll(host, `${text.trimEnd()}\n`);
  return exitCodes.ok;
}
