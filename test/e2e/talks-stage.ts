// Plays the scene of talks-scene.ts in a namespace while the program listens, and reads what it wrote.

import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import type { Namespace } from './live-namespace.ts';
import { main, type Started, start, until } from './started-program.ts';

export const isOpen = 'the capture is open';

export interface EveLine {
  readonly event_type: string;
  readonly flow_id: number;
  readonly [key: string]: unknown;
}

/** What one run wrote and said. */
export interface Told {
  readonly eve: string;
  readonly logs: string;
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Bundles the scene into the folder, so that node can run it. */
export function buildScene(folder: string): string {
  const outfile = join(folder, 'talks-scene.mjs');
  const entry = fileURLToPath(new URL('talks-scene.ts', import.meta.url));
  const form = { bundle: true, format: 'esm', platform: 'node', target: 'node20.19', logLevel: 'warning' } as const;
  buildSync({ ...form, entryPoints: [entry], outfile });
  return outfile;
}

/** Starts the scene inside. */
export const playScene = (net: Namespace, scene: string, ...words: readonly string[]): Started =>
  start(['ip', 'netns', 'exec', net.name, process.execPath, scene, ...words]);

/** Where a run of this name writes, and the words that say so. */
export function outputsOf(folder: string, name: string) {
  const eve = join(folder, `${name}.json`);
  const logs = join(folder, `${name}-zeek`);
  mkdirSync(logs, { recursive: true });
  return { eve, logs, words: ['--eve', eve, '--zeek', logs, '--summary', 'json'] };
}

/** Reads a capture. */
export async function readCapture(
  folder: string,
  name: string,
  path: string,
  ...more: readonly string[]
): Promise<Told> {
  const { eve, logs, words } = outputsOf(folder, name);
  const run = start([process.execPath, main, '-r', path, ...words, ...more]);
  return { eve, logs, code: await run.code, out: run.out, err: run.err };
}

/** Plays the whole scene while the program listens on lo and also writes the packets to `copy`. */
export async function listenToScene(net: Namespace, folder: string, scene: string, copy: string): Promise<Told> {
  const { eve, logs, words } = outputsOf(folder, 'live');
  const run = net.program(['-i', 'lo', '-v', '-w', copy, ...words]);
  await until(() => run.err.includes(isOpen));
  const play = playScene(net, scene, 'once');
  const code = await play.code;
  if (code !== 0) throw new Error(`the scene ended with ${code}: ${play.err}`);
  await new Promise((resolve) => setTimeout(resolve, 300));
  run.child.kill('SIGINT');
  return { eve, logs, code: await run.code, out: run.out, err: run.err };
}

/** The lines of an EVE file; each must be one, and whole. */
export function eveLines(path: string): EveLine[] {
  const text = readFileSync(path, 'utf8');
  if (text !== '' && !text.endsWith('\n')) throw new Error(`${path} ends in the middle of a line`);
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as EveLine);
}

/** Lines by flow, in order, without what tells a file from an interface. */
export function byFlow(lines: readonly EveLine[]): Map<number, Record<string, unknown>[]> {
  const flows = new Map<number, Record<string, unknown>[]>();
  for (const { in_iface, pcap_cnt, ...line } of lines) {
    if (line.event_type === 'stats') continue;
    const known = flows.get(line.flow_id) ?? [];
    known.push(line);
    flows.set(line.flow_id, known);
  }
  return flows;
}

/** Every file of a folder of Zeek logs by name, without the lines that say when it was written. */
export function zeekLogs(folder: string): Record<string, string[]> {
  const entries = readdirSync(folder).map((name) => {
    const lines = readFileSync(join(folder, name), 'utf8').split('\n');
    return [name, lines.filter((line) => !/^#(open|close)\t/.test(line))] as const;
  });
  return Object.fromEntries(entries);
}

/** The same with the rows of each log in an order of their own. */
export function sortedLogs(folder: string): Record<string, string[]> {
  return Object.fromEntries(Object.entries(zeekLogs(folder)).map(([name, lines]) => [name, lines.sort()]));
}
