// A program that was started and is watched while it runs: what it wrote so far, and how it ended.
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The built program. */
export const main = process.env.TAPLIGHT_MAIN ?? fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** What the developer's shell sets must not matter. */
export const environment = { PATH: process.env.PATH ?? '', HOME: '/nonexistent' };

export interface Started {
  readonly child: ChildProcess;
  /** stdout and stderr so far. */
  out: string;
  err: string;
  /** Exit code; null after a signal that the program did not catch. */
  readonly code: Promise<number | null>;
}

/** Starts a command; `ip netns exec` and setpriv become what they start, so the child is the program itself. */
export function start(command: readonly string[], more: Readonly<Record<string, string>> = {}): Started {
  const child = spawn(command[0], command.slice(1), { env: { ...environment, ...more } });
  const code = new Promise<number | null>((resolve) => child.on('close', resolve));
  const started: Started = { child, out: '', err: '', code };
  child.stdout.on('data', (data) => {
    started.out += data;
  });
  child.stderr.on('data', (data) => {
    started.err += data;
  });
  return started;
}

/** Waits for something to become true, ten seconds at most; a test then finds it is not. */
export async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 400 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 25));
}
