#!/usr/bin/env node
// Where the program starts: the version at once, everything else through app/cli.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};

/** The last resort: one line instead of a stack trace, which TAPLIGHT_DEBUG=1 brings back. */
function crash(error: unknown): never {
  const what = error instanceof Error ? error.message.split('\n')[0] : String(error);
  process.stderr.write(`taplight: internal error: ${what} (set TAPLIGHT_DEBUG=1 for details)\n`);
  if (process.env.TAPLIGHT_DEBUG === '1' && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  process.exit(1);
}

const [, , first] = process.argv;
if (first === '--version' || first === '-V') {
  process.stdout.on('error', () => {}); // whoever asked has gone
  process.stdout.write(`taplight ${version}\n`);
} else {
  process.on('uncaughtException', crash);
  try {
    const storyFile = fileURLToPath(new URL('../assets/story.pcapng', import.meta.url));
    const webFolder = fileURLToPath(new URL('../dist/web', import.meta.url));
    const { processHost, rooms, runCommandLine } = await import('./app/cli/index.ts');
    process.exit(await runCommandLine(processHost(version, storyFile, webFolder), rooms));
  } catch (error) {
    crash(error);
  }
}
