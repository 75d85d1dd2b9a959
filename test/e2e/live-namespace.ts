// A network namespace with a veth pair tlb0 - tlb1 for one test file, with live-probe.mjs and the program inside of it.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { makeScratch } from './scratch-folder.ts';
import { main, type Started, start } from './started-program.ts';

/** Why live tests cannot run here; null when they can. In CI they must: a missing right is a failure there. */
export function reasonToSkip(): string | null {
  if (process.env.CI === 'true') return null;
  if (process.platform !== 'linux') return 'live tests need Linux';
  if (process.getuid?.() !== 0) return 'live tests need root, for `ip netns add`';
  if (spawnSync('ip', ['-V']).status !== 0) return 'live tests need the ip command (iproute2)';
  return null;
}

/** The user nobody where it may read node and this checkout, else root stripped of all other capabilities. */
export function withOnly(capability: string): string[] {
  const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
  const [command, ...words] = [
    ...nobody,
    process.execPath,
    '-e',
    `require('fs').readFileSync('${import.meta.filename}')`,
  ];
  if (spawnSync(command, words).status !== 0) {
    const bounding = capability === '' ? '-all' : `-all,${capability}`;
    return ['setpriv', `--bounding-set=${bounding}`, '--inh-caps=-all'];
  }
  return capability === '' ? nobody : [...nobody, `--inh-caps=${capability}`, `--ambient-caps=${capability}`];
}

export interface Frame {
  readonly bytes: string;
  readonly wireLen: number;
  readonly timeUs: number;
  readonly timeNs: number;
}

/** What the probe prints; which of the fields are there depends on the scenario. */
export interface ProbeResult {
  readonly sent: string[];
  readonly seen: Frame[];
  readonly stats: { readonly received: number; readonly droppedKernel: number; readonly droppedInterface: number };
  readonly interfaces: readonly { readonly name: string; readonly linkType: number }[];
  readonly capabilities: string[];
  /** What read gives after close. */
  readonly after: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** Of a failure to open. */
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

export interface Namespace {
  readonly name: string;
  /** Runs a scenario of the probe inside, behind `prefix` (a command that changes who we are), and gives its document. */
  probe(scenario: string, options: object, prefix?: readonly string[]): ProbeResult;
  /** The same for scenarios that print something else. */
  probeFor<Result>(scenario: string, options: object): Result;
  /** Starts a scenario and does not wait; the promise resolves when it ended. */
  start(scenario: string, options: object): Promise<void>;
  /** Sends the frames of a pcap file out of a device, as fast as it takes them or at a pace; gives how many. */
  send(file: string, device?: string, packetsPerSec?: number): Promise<number>;
  /** Starts the program, behind `prefix` and with more in its environment. */
  program(words: readonly string[], prefix?: readonly string[], more?: Readonly<Record<string, string>>): Started;
  ip(...words: string[]): void;
  /** Removes it; sockets inside end with their processes. */
  remove(): void;
}

function run<Result>(command: readonly string[]): Result {
  return JSON.parse(execFileSync('ip', command, { encoding: 'utf8', maxBuffer: 64 << 20 }));
}

/** Bundles the probe from the sources, as the program itself is bundled; packages stay packages. */
function buildProbe(purpose: string): string {
  const probeFile = join(makeScratch(purpose), 'live-probe.mjs');
  buildSync({
    entryPoints: [fileURLToPath(new URL('live-probe.mjs', import.meta.url))],
    outfile: probeFile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    packages: 'external',
    logLevel: 'warning',
  });
  return probeFile;
}

/** Makes the namespace: no IPv6, so that nothing but the test's own frames moves on the pair. */
export function openNamespace(purpose: string): Namespace {
  const probeFile = buildProbe(purpose);
  const name = `tlb-${purpose}-${process.pid}`;
  const ip = (...words: string[]) => void execFileSync('ip', ['-n', name, ...words], { stdio: 'pipe' });
  const inside = (prefix: readonly string[], scenario: string, options: object) => [
    ...['netns', 'exec', name, ...prefix],
    ...[process.execPath, probeFile, scenario, JSON.stringify(options)],
  ];
  execFileSync('ip', ['netns', 'add', name]);
  for (const key of ['all', 'default']) {
    const setting = `net.ipv6.conf.${key}.disable_ipv6=1`;
    // Kernels without IPv6 have no such setting, and need none.
    spawnSync('ip', ['netns', 'exec', name, 'sysctl', '-qw', setting]);
  }
  ip('link', 'add', 'tlb0', 'type', 'veth', 'peer', 'name', 'tlb1');
  for (const device of ['lo', 'tlb0', 'tlb1']) ip('link', 'set', device, 'up');
  return {
    name,
    probe: (scenario, options, prefix = []) => run(inside(prefix, scenario, options)),
    probeFor: (scenario, options) => run(inside([], scenario, options)),
    start(scenario, options) {
      const child = spawn('ip', inside([], scenario, options), { stdio: ['ignore', 'ignore', 'inherit'] });
      return new Promise((resolve) => child.on('close', () => resolve()));
    },
    async send(file, device = 'tlb0', packetsPerSec = undefined) {
      const sender = start(['ip', ...inside([], 'send', { file, device, packetsPerSec })]);
      if ((await sender.code) !== 0) throw new Error(sender.err);
      return JSON.parse(sender.out).sent;
    },
    program: (words, prefix = [], more = {}) =>
      start(['ip', 'netns', 'exec', name, ...prefix, process.execPath, main, ...words], more),
    ip,
    remove() {
      spawnSync('ip', ['netns', 'del', name]);
      rmSync(dirname(probeFile), { recursive: true, force: true });
    },
  };
}
