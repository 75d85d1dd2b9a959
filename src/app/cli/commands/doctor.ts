// `taplight doctor`: what this machine allows, and the exact fix for what it does not.

import { type ExitCode, exitCodes } from '../../../core/index.ts';
import { type DoctorCheck, doctorText } from '../../../screens/present/index.ts';
import type { Check } from '../../machine/index.ts';
import { styleOf } from '../console/index.ts';
import type { Host } from '../host.ts';
import type { Arguments, ReadSettings } from '../options/index.ts';
import type { Rooms } from '../rooms.ts';
import { writeAll } from '../write-all.ts';

/** Succeeds when nothing fails; a warning is no failure. */
export async function doctor(read: ReadSettings, _: Arguments, host: Host, rooms: Rooms): Promise<ExitCode> {
  const checks = rooms.examine();
  const isFine = checks.every((check) => check.ok !== false);
  const document = { tool: { name: 'taplight', version: host.version }, ok: isFine, checks };
  const text = read.settings.json
    ? JSON.stringify(document, null, 2)
    : doctorText(checks.map(row), styleOf(host.stdout, read.settings.color, host.environment));
  await writeAll(host, `${text.trimEnd()}\n`);
  return isFine ? exitCodes.ok : exitCodes.failure;
}

function row({ name, ok, found, fix }: Check): DoctorCheck {
  const result = ok === 'warning' ? 'warning' : ok ? 'ok' : 'failed';
  return fix === '' ? { name, result, text: found } : { name, result, text: found, fix };
}
