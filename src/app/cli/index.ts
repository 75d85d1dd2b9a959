/**
 * Commands, options, permission help, plain output.
 *
 * Guarantees: stdout carries only what was asked for, everything else goes to stderr; whatever goes wrong is one line that
 * says what, why and what to do next, with the exit code of product.md, never a stack trace; a terminal is left as it
 * was found.
 */
import { type ExitCode, exitCodes, Failure } from '../../core/index.ts';
import { failureLine } from '../../screens/present/index.ts';
import { commands } from './commands/index.ts';
import type { Host } from './host.ts';
import { configOwner, longHelp, readArguments, readConfigFile, readSettings, shortHelp } from './options/index.ts';
import type { Rooms } from './rooms.ts';
import { writeAll } from './write-all.ts';

export { processHost } from './process-host.ts';
export { rooms } from './rooms.ts';

/** Runs the command line of `host` and gives the exit code. Failures were told on stderr; anything else rejects. */
export async function runCommandLine(host: Host, rooms: Rooms): Promise<ExitCode> {
  try {
    const given = readArguments(host.argv);
    if (given.version || given.help !== null) {
      const help = given.help === 'long' ? longHelp(given.command) : shortHelp(given.command);
      await writeAll(host, given.version ? `taplight ${host.version}\n` : help);
      return exitCodes.ok;
    }
    const owner = configOwner(host.user, host.environment);
    const config = await readConfigFile(given.given.config?.at(-1) ?? host.environment.TAPLIGHT_CONFIG, owner);
    const read = readSettings({
      command: given.command,
      given: given.given,
      environment: host.environment,
      config,
      listSeparator: host.listSeparator,
    });
    if (read.settings.verbose && config !== null) host.stderr.write(`settings from ${config.path}\n`);
    const command = read.settings.listInterfaces ? commands.interfaces : commands[given.command];
    return await command(read, given, host, rooms);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    host.stderr.write(`${failureLine(error)}\n`);
    return error.exitCode;
  }
}
