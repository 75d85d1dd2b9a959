// Alerts of a store, for `taplight alerts`: those that a filter and a time leave, the latest first.

import { existsSync } from 'node:fs';
import { type Alert, type ExitCode, severities } from '../../../../core/index.ts';
import { type AskOptions, alerts as alertsTableKept, type RowsRequest } from '../../../../output/store/index.ts';
import { alertDocument, alertsTable } from '../../../../screens/present/index.ts';
import type { Reading } from '../../../pipeline/index.ts';
import { styleOf } from '../../console/index.ts';
import type { Host } from '../../host.ts';
import { type Arguments, type ReadSettings, type Settings, storePlace } from '../../options/index.ts';
import type { Rooms } from '../../rooms.ts';
import { writeAll } from '../../write-all.ts';
import { filterOf, placeOf, sortOf } from '../asking/asked-scope.ts';
import { tableRowsOf } from '../asking/rows.ts';
import { withReading } from '../asking/with-reading.ts';

const shownAlerts = 200;
const allAlerts = 100_000;

/** Whether alerts are asked of a store: one was named, or the default one is there and no file was. */
export function asksStore({ settings, origin }: ReadSettings, host: Host): boolean {
  if (settings.read.length > 0) return false;
  return origin.store !== 'built in' || existsSync(storePlace(null, host));
}

export async function storedAlerts(read: ReadSettings, given: Arguments, host: Host, rooms: Rooms): Promise<ExitCode> {
  const { settings } = read;
  if (settings.format !== null || settings.columns !== null || settings.write !== null)
    return tableRowsOf(alertsTableKept, given.words, settings, given, host, rooms);
  const filter = filterOf(given.words, given);
  const most = settings.limit > 0 ? settings.limit : settings.json ? allAlerts : shownAlerts;
  const request: RowsRequest = {
    ...(await placeOf(settings, new Date())),
    table: alertsTableKept.name,
    filter: withSeverity(filter, settings),
    columns: ['details'],
    sort: sortOf(settings.sort),
    limit: most,
    offset: settings.offset,
  };
  const act = async ({ history }: Reading, options: AskOptions): Promise<void> => {
    // What is wrong with a filter is told by its own places, not by those of the whole.
    if (filter !== '') await history.count({ table: request.table, runs: [], filter }, options);
    const { rows, isCut } = await history.rows(request, options);
    // Written by us, whole; see output/store/rows.
    const found = rows.map(([details]) => JSON.parse(String(details)) as Alert);
    if (settings.json) {
      await writeAll(host, `${JSON.stringify(found.map(alertDocument), null, 2)}\n`);
      return;
    }
    const parts = [alertsTable(found, styleOf(host.stdout, settings.color, host.environment))];
    if (isCut) parts.push('… and more: --limit, --offset\n');
    if (found.length > 0) parts.push('\n`taplight explain ID` argues one of them.\n');
    await writeAll(host, parts.join(''));
  };
  return withReading(settings, host, rooms, act, filter);
}

function withSeverity(filter: string, { severity }: Settings): string {
  const least = `alerts.severity_rank >= ${severities.indexOf(severity)}`;
  return filter === '' ? least : `(${filter}) && ${least}`;
}
