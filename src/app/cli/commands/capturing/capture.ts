// The command without a name: watches an interface or reads files, shows what was asked for, and ends with a summary.

import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ExitCode, exitCodes, Failure, printable } from '../../../../core/index.ts';
import type { DetectOptions } from '../../../pipeline/index.ts';
import { askInterface, promptRows, styleOf, watchInterfaces } from '../../console/index.ts';
import type { Host } from '../../host.ts';
import {
  configOwner,
  detectSettings,
  packetPlan,
  type ReadSettings,
  type Settings,
  shortHelp,
  sortWords,
  storePlan,
} from '../../options/index.ts';
import { permissionCard } from '../../permission-card.ts';
import type { Rooms } from '../../rooms.ts';
import {
  askedInput,
  type OutputPlan,
  planOutput,
  type RunInput,
  refuseIdleOptions,
  runOptions,
  settleStdout,
  settleTimeouts,
} from './capture-plan.ts';
import { driveRun } from './drive-run.ts';
import type { RunTask } from './run-task.ts';

export interface CaptureWords {
  readonly words: readonly string[];
  readonly afterDashes: readonly string[];
}

/** Runs the capture that the command line describes. Throws a Failure for what cannot be done. */
export async function capture(read: ReadSettings, given: CaptureWords, host: Host, rooms: Rooms): Promise<ExitCode> {
  const request = await captureRequest(read, given, host, rooms);
  return typeof request === 'number' ? request : start(request, host, rooms);
}

/**
 * What the command line asks to be captured, or the exit code where nothing is to be. Throws a Failure for what cannot
 * be done.
 */
export async function captureRequest(
  read: ReadSettings,
  given: CaptureWords,
  host: Host,
  rooms: Rooms,
): Promise<CaptureRequest | ExitCode> {
  const { origin } = read;
  const settings = settleTimeouts(settleStdout(read.settings, origin), origin);
  const asked = askedInput(settings, origin);
  const { files, filter } = sortWords(given.words, given.afterDashes, asked?.kind === 'files', isFile);
  refuseIdleOptions(settings, origin, asked?.kind !== 'files');
  const detect = await detectSettings(read, configOwner(host.user, host.environment));
  if (asked?.kind === 'files') {
    const input = { kind: 'files', paths: [...settings.read, ...files] } as const;
    return { settings, detect, input, filter, isLive: false };
  }
  const name = asked?.name ?? (await pickInterface(host, rooms));
  if (typeof name === 'number') return name;
  // Standard input is read like a file, and goes on like an interface.
  const input = name === '-' ? stdinInput : ({ kind: 'interface', name: rooms.resolveInterface(name).name } as const);
  return { settings, detect, input, filter, isLive: true };
}

/** Long enough for a rate, short enough not to be waited for. */
const lookMs = 300;
const stdinInput = { kind: 'files', paths: ['-'] } as const;

/** The name a person picks, or the exit code when there is nobody to pick or they would rather not. */
async function pickInterface(host: Host, rooms: Rooms): Promise<string | ExitCode> {
  if (![host.stdin, host.stdout, host.stderr].every((stream) => stream.isTTY === true)) {
    host.stderr.write(`${shortHelp('capture')}`);
    return exitCodes.usage;
  }
  const look = watchInterfaces(rooms.listInterfaces, host.nowMs);
  look();
  await sleep(lookMs);
  const answer = await askInterface(host, promptRows(look()));
  return 'quit' in answer ? answer.quit : answer.chosen;
}

/** What is to be captured, with all options read. */
export interface CaptureRequest {
  readonly settings: Settings;
  readonly detect: DetectOptions | null;
  readonly input: RunInput;
  readonly filter: string;
  readonly isLive: boolean;
  /** A capture that has a name of its own: it came with the program, or was sent to it. */
  readonly demo?: { readonly title: string; readonly opening: string | null; readonly looksLive: boolean };
  /** Where packets are kept, if not beside the store; null: nowhere. */
  readonly packets?: RunTask['packets'];
}

/** Plans the run and drives it to its end. Rejects with a Failure for what cannot be done. */
export async function start(request: CaptureRequest, host: Host, rooms: Rooms): Promise<ExitCode> {
  const { settings, input } = request;
  const stderrIsTty = host.stderr.isTTY === true;
  const around = { stdoutIsTty: host.stdout.isTTY === true, stderrIsTty, user: host.user };
  const plan = planOutput(settings, looksLive(request), around);
  if (input.kind === 'files') refuseOverwriting(input.paths, settings.write, plan);
  try {
    return await driveRun(taskOf(request, plan, host), host, rooms);
  } catch (error) {
    const lacksPermission = error instanceof Failure && error.code === 'NO_PERMISSION';
    if (!lacksPermission || input.kind !== 'interface' || !stderrIsTty) throw error;
    host.stderr.write(permissionCard(error.message, rooms.permissionAdvice(input.name)));
    return error.exitCode;
  }
}

/** Whether charts and the line at the bottom go on as for an interface. */
const looksLive = ({ demo, isLive }: CaptureRequest): boolean => demo?.looksLive ?? isLive;

function taskOf(request: CaptureRequest, plan: OutputPlan, host: Host): RunTask {
  const { settings, detect, input, filter, isLive, demo } = request;
  const { user, version } = host;
  return {
    options: runOptions({ settings, input, filter, isLive: looksLive(request), plan, user, version, detect }),
    plan,
    isLive,
    opening: demo?.opening ?? null,
    source: demo?.title ?? sourceName(input),
    about: demo === undefined ? aboutInput(input) : { kind: 'file', names: [demo.title] },
    store: storePlan(settings, host),
    packets: request.packets === undefined ? packetPlan(settings, host) : request.packets,
    isVerbose: settings.verbose,
    styles: {
      stdout: styleOf(host.stdout, settings.color, host.environment),
      stderr: styleOf(host.stderr, settings.color, host.environment),
    },
  };
}

function aboutInput(input: RunInput): RunTask['about'] {
  if (input.kind === 'interface') return { kind: 'interface', names: [input.name] };
  return { kind: input.paths.includes('-') ? 'pipe' : 'file', names: input.paths };
}

function sourceName(input: RunInput): string {
  if (input.kind === 'interface') return printable(input.name);
  const [first, ...more] = input.paths.map((path) => (path === '-' ? 'stdin' : path));
  return printable(more.length === 0 ? first : `${first} and ${more.length} more`);
}

/** Anything that can be read as a file; a folder named like a filter word is none. */
function isFile(word: string): boolean {
  const info = statSync(word, { throwIfNoEntry: false });
  return info !== undefined && !info.isDirectory();
}

/** Writing over the input would destroy it before it is read. */
function refuseOverwriting(inputs: readonly string[], write: string | null, plan: OutputPlan): void {
  const outputs = [write, plan.chartFile, ...plan.eve].filter((path) => path !== null && path !== '-');
  for (const output of outputs as string[]) {
    const target = statSync(output, { throwIfNoEntry: false });
    if (target === undefined || !target.isFile()) continue;
    for (const input of inputs) {
      const info = input === '-' ? undefined : statSync(input, { throwIfNoEntry: false });
      if (info?.ino === target.ino && info.dev === target.dev) {
        throw new Failure('BAD_OPTION', `${input} would be read and written at once`, 'Write to another file.');
      }
    }
  }
}
