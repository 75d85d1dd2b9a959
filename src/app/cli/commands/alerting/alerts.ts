// `taplight alerts`: alerts of the files that -r names, of a store, or of past runs; one line each, or one JSON document.

import { type ExitCode, exitCodes, severities } from '../../../../core/index.ts';
import { alertDocument, alertsTable, risksText } from '../../../../screens/present/index.ts';
import { styleOf } from '../../console/index.ts';
import type { Host } from '../../host.ts';
import type { Arguments, ReadSettings } from '../../options/index.ts';
import type { Rooms } from '../../rooms.ts';
import { writeAll } from '../../write-all.ts';
import { knownAlerts } from './known-alerts.ts';
import { asksStore, storedAlerts } from './stored-alerts.ts';

/** Lines at the most; JSON has all. */
const lineLimit = 200;

export async function alerts(read: ReadSettings, given: Arguments, host: Host, rooms: Rooms): Promise<ExitCode> {
  if (asksStore(read, host)) return storedAlerts(read, given, host, rooms);
  const { settings } = read;
  const files = settings.read.length === 0 ? [] : [...settings.read, ...given.words, ...given.afterDashes];
  const known = await knownAlerts(read, files, host, rooms);
  const least = severities.indexOf(settings.severity);
  const shown = known.alerts.filter(({ severity }) => severities.indexOf(severity) >= least);
  const style = styleOf(host.stdout, settings.color, host.environment);
  if (settings.json) {
    await writeAll(host, `${JSON.stringify(shown.map(alertDocument), null, 2)}\n`);
    return exitCodes.ok;
  }
  const parts = [alertsTable(shown.slice(0, lineLimit), style)];
  if (shown.length > lineLimit) parts.push(`… and ${shown.length - lineLimit} more; --json lists all\n`);
  if (known.risks.length > 0) parts.push(`\nHosts at risk\n${risksText(known.risks, style)}\n`);
  if (shown.length > 0) parts.push('\n`taplight explain ID` argues one of them.\n');
  await writeAll(host, parts.join(''));
  return exitCodes.ok;
}
