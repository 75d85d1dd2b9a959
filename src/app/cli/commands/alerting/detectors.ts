// `taplight detectors`: what is looked for, with options and defaults.

import { type ExitCode, exitCodes } from '../../../../core/index.ts';
import type { Host } from '../../host.ts';
import type { Arguments, ReadSettings } from '../../options/index.ts';
import { writeAll } from '../../write-all.ts';

export async function detectors(read: ReadSettings, given: Arguments, host: Host): Promise<ExitCode> {
  // Loaded here, so that no other command waits for it.
  const { detectorList } = await import('../../../pipeline/detection/detector-list.ts');
  const [wanted] = given.words;
  const shown = detectorList.filter(({ name }) => wanted === undefined || name.startsWith(wanted.replace(/\*$/, '')));
  if (read.settings.json) {
    await writeAll(host, `${JSON.stringify(shown, null, 2)}\n`);
    return exitCodes.ok;
  }
  const lines = shown.map(({ name, title, severity, mitre, options, isOptional }) => {
    const head = `${name.padEnd(26)} ${severity.padEnd(9)} ${(mitre ?? '').padEnd(10)} ${title}${isOptional ? ' (off unless turned on)' : ''}`;
    const own = Object.entries(options).map(
      ([option, { fallback, title: about }]) => `    ${option} = ${fallback}`.padEnd(34) + about,
    );
    return [head, ...own].join('\n');
  });
  await writeAll(host, `${lines.join('\n')}\n`);
  return exitCodes.ok;
}
