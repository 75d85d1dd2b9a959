// `taplight test-detector MODULE FILE…`: a detector of the user's own over capture files, and over hostile input.

import { resolve } from 'node:path';
import { type ExitCode, exitCodes, Failure, printable } from '../../../../core/index.ts';
import { alertDocument, alertsTable, detectionDocument } from '../../../../screens/present/index.ts';
import { styleOf } from '../../console/index.ts';
import type { Host } from '../../host.ts';
import { type Arguments, configOwner, detectSettings, type ReadSettings } from '../../options/index.ts';
import type { Rooms } from '../../rooms.ts';
import { writeAll } from '../../write-all.ts';
import { analyseFiles } from './known-alerts.ts';

export async function testDetector(read: ReadSettings, given: Arguments, host: Host, rooms: Rooms): Promise<ExitCode> {
  const { settings } = read;
  const [module, ...words] = given.words;
  if (module === undefined)
    throw new Failure('BAD_OPTION', 'no detector was named', 'taplight test-detector my.js trace.pcap');
  // Loaded here, so that no other command waits for them.
  const { detectorList } = await import('../../../pipeline/detection/detector-list.ts');
  const { testOwnDetector } = await import('../../../pipeline/detection/own/test-own-detector.ts');
  const files = [...settings.read, ...words, ...given.afterDashes];
  // Hostile input first: a detector that throws there would throw in a capture some day.
  const trials = await testOwnDetector(resolve(module));
  const lines = trials.map(({ detector, fault, bytes }) =>
    fault === null
      ? `${printable(detector)}: survives hostile input, keeps ${bytes} bytes of tables`
      : `${printable(detector)}: THREW on hostile input: ${printable(fault.split('\n')[0])}`,
  );
  const isSound = trials.every(({ fault }) => fault === null);
  if (files.length === 0) {
    await writeAll(host, `${lines.join('\n')}\n`);
    return isSound ? exitCodes.ok : exitCodes.failure;
  }
  const detect = await detectSettings(read, configOwner(host.user, host.environment), [module]);
  // Only this one: what the others find is not asked.
  const alone = detect === null ? null : { ...detect, off: detectorList.map(({ name }) => name) };
  const quiet = { ...read, settings: { ...settings, threshold: 0 } };
  const snapshot = await analyseFiles(quiet, files, alone, host, rooms);
  const faults = snapshot.detection?.faults ?? [];
  if (settings.json) {
    const document = { alerts: snapshot.alerts.map(alertDocument), detection: detectionDocument(snapshot), trials };
    await writeAll(host, `${JSON.stringify(document, null, 2)}\n`);
  } else {
    for (const fault of faults) lines.push(`THREW: ${printable(fault)}`);
    const style = styleOf(host.stdout, settings.color, host.environment);
    await writeAll(host, `${lines.join('\n')}\n\n${alertsTable(snapshot.alerts, style)}`);
  }
  return isSound && faults.length === 0 ? exitCodes.ok : exitCodes.failure;
}
