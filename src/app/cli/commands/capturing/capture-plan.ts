// From settings to a plan: what the run is asked to do, and which stream carries what. Pure, so that every combination
// can be tested without a capture.

import { Failure } from '../../../../core/index.ts';
import type { DetectOptions, InterfaceInput, RunOptions, WriteOptions } from '../../../pipeline/index.ts';
import type { HostUser } from '../../host.ts';
import { flagOf, type OptionName, type Origin, type Settings } from '../../options/index.ts';

/** What stdout carries: words for people, or one kind of data. */
export type StdoutUse = 'text' | 'packets' | 'eve' | 'capture' | 'summary';

export interface OutputPlan {
  readonly stdout: StdoutUse;
  readonly summary: 'text' | 'json' | 'none';
  readonly summaryTo: 'stdout' | 'stderr';
  /** Anomalies, findings and charts while the run goes on. */
  readonly notesTo: 'stdout' | 'stderr' | 'nowhere';
  readonly print: boolean;
  /** Paths, `-` for stdout. */
  readonly eve: readonly string[];
  readonly zeek: { readonly folder: string; readonly json: boolean } | null;
  readonly chartEverySec: number;
  readonly chartFile: string | null;
  readonly showStatus: boolean;
  readonly showProgress: boolean;
}

export interface PlanSurroundings {
  readonly stdoutIsTty: boolean;
  readonly stderrIsTty: boolean;
  readonly user: HostUser;
}

/** Where packets come from, as the settings say; null when nothing was named. */
export type Asked = { readonly kind: 'interface'; readonly name: string } | { readonly kind: 'files' } | null;

/** Records of long conversations while history is kept, so that it is never much behind; seconds. */
const keptActiveSec = 60;

/** With a store, and unless the user said otherwise, long conversations are recorded bit by bit. */
export function settleTimeouts(settings: Settings, origin: Readonly<Record<OptionName, Origin>>): Settings {
  if (settings.store === null || origin.flowTimeouts !== 'built in') return settings;
  return { ...settings, flowTimeouts: { ...settings.flowTimeouts, active: keptActiveSec } };
}

/** Which input was asked for. A flag wins over a default; two flags contradict each other. */
export function askedInput(settings: Settings, origin: Readonly<Record<OptionName, Origin>>): Asked {
  const hasFiles = settings.read.length > 0;
  if (hasFiles && settings.interface !== null) {
    if (origin.interface === origin.read) {
      throw new Failure('BAD_OPTION', '-i and -r exclude each other', 'Listen with -i, or read files with -r.');
    }
    if (rank(origin.read) < rank(origin.interface)) return { kind: 'files' };
  } else if (hasFiles) return { kind: 'files' };
  return settings.interface === null ? null : { kind: 'interface', name: settings.interface };
}

/** Decides what goes where, for settled settings. */
export function planOutput(settings: Settings, isLive: boolean, around: PlanSurroundings): OutputPlan {
  const stdout = stdoutClaims(settings)[0]?.use ?? 'text';
  const isPeople = stdout === 'text' || (stdout === 'packets' && around.stdoutIsTty);
  const isData = stdout === 'eve' || stdout === 'capture';
  const summary = settings.summary ?? (isData ? 'none' : 'text');
  const asksSummary = settings.summary === 'text' && stdout === 'packets';
  const byTerminal = isLive && isPeople && around.stdoutIsTty && !settings.quiet ? 10 : 0;
  return {
    stdout,
    summary,
    summaryTo: isPeople || asksSummary || summary === 'json' ? 'stdout' : 'stderr',
    notesTo: settings.quiet ? 'nowhere' : isPeople ? 'stdout' : 'stderr',
    print: settings.print,
    eve: [...new Set([settings.json ? '-' : null, settings.eve])].filter((path) => path !== null),
    zeek: settings.zeek === null ? null : { folder: settings.zeek, json: settings.zeekJson },
    chartEverySec: settings.chartEvery ?? byTerminal,
    chartFile: settings.chartFile,
    showStatus: isLive && around.stderrIsTty && !settings.quiet && !(around.stdoutIsTty && stdout !== 'text'),
    showProgress: !isLive && around.stderrIsTty && !settings.quiet && !(around.stdoutIsTty && stdout !== 'text'),
  };
}

/** One thing that wants stdout for itself, and how to do without it. */
interface StdoutClaim {
  readonly use: StdoutUse;
  readonly by: OptionName;
  readonly said: string;
  readonly without: Partial<Settings>;
}

function stdoutClaims(settings: Settings): StdoutClaim[] {
  const claims: StdoutClaim[] = [];
  if (settings.json) claims.push({ use: 'eve', by: 'json', said: '--json', without: { json: false } });
  if (settings.eve === '-') claims.push({ use: 'eve', by: 'eve', said: '--eve -', without: { eve: null } });
  if (settings.write === '-') claims.push({ use: 'capture', by: 'write', said: '-w -', without: { write: null } });
  if (settings.print) claims.push({ use: 'packets', by: 'print', said: '--print', without: { print: false } });
  if (settings.summary === 'json') {
    claims.push({ use: 'summary', by: 'summary', said: '--summary json', without: { summary: null } });
  }
  return claims;
}

/**
 * Settings in which at most one thing wants stdout: what a flag asks for takes it from a default of the environment or
 * the configuration. Throws BAD_OPTION when two of the same rank want it.
 */
export function settleStdout(settings: Settings, origin: Readonly<Record<OptionName, Origin>>): Settings {
  const claims = stdoutClaims(settings).sort((a, b) => rank(origin[a.by]) - rank(origin[b.by]));
  let settled = settings;
  for (const claim of claims.slice(1)) {
    const [first] = claims;
    if (claim.use === first.use) continue;
    if (origin[claim.by] === origin[first.by]) {
      const hint = 'Only one of them fits on stdout: write the other to a file (--eve FILE, -w FILE), or run twice.';
      throw new Failure('BAD_OPTION', `${first.said} and ${claim.said} exclude each other`, hint);
    }
    settled = { ...settled, ...claim.without };
  }
  return settled;
}

const ranks: readonly Origin[] = ['flag', 'environment', 'config', 'built in'];
const rank = (origin: Origin): number => ranks.indexOf(origin);

/** An option that only has a meaning with another one. */
const companions: [OptionName, (settings: Settings) => boolean, string][] = [
  ['rotateSize', (s) => s.write !== null && s.write !== '-', '-w FILE'],
  ['rotateTime', (s) => s.write !== null && s.write !== '-', '-w FILE'],
  ['keepPackets', (s) => s.store !== null, '--store'],
  ['keepPerFlow', (s) => s.keepPackets > 0, '--keep-packets SIZE'],
  ['zeekJson', (s) => s.zeek !== null, '--zeek DIR'],
  ['rotateFiles', (s) => s.rotateSize > 0 || s.rotateTime > 0, '--rotate-size or --rotate-time'],
];

/** Refuses options given by flag that would do nothing. */
export function refuseIdleOptions(
  settings: Settings,
  origin: Readonly<Record<OptionName, Origin>>,
  isLive: boolean,
): void {
  for (const [name, isMet, needed] of companions) {
    if (origin[name] === 'flag' && !isMet(settings)) {
      throw new Failure(
        'BAD_OPTION',
        `${flagOf(name)} needs ${needed}`,
        `Add ${needed}, or leave ${flagOf(name)} out.`,
      );
    }
  }
  if (isLive && origin.follow === 'flag' && settings.follow) {
    throw new Failure('BAD_OPTION', '--follow is for files', 'A live capture goes on anyway; leave --follow out.');
  }
  const ordered: readonly (readonly [boolean, string])[] = [
    [settings.write !== null, '-w'],
    [settings.evidence !== null, '--evidence'],
    [settings.print, '--print'],
    [settings.count > 0, '-c'],
  ];
  const needsOrder = ordered.find(([isAsked]) => isAsked)?.[1] ?? null;
  if (settings.workers > 1 && needsOrder !== null) {
    throw new Failure(
      'BAD_OPTION',
      `${needsOrder} needs the packets in one order, and ${settings.workers} workers see them in as many`,
      'Leave --workers out.',
    );
  }
  if (settings.chartFile === '-') {
    throw new Failure('BAD_OPTION', '--chart-file writes no picture to stdout', 'Name a file, such as protocols.svg.');
  }
  if (settings.write?.match(/\.(gz|zst)$/i)) {
    throw new Failure('BAD_OPTION', `-w does not compress: '${settings.write}'`, 'Name a .pcapng or .pcap file.');
  }
}

/** The input with its interface resolved. */
export type RunInput =
  | { readonly kind: 'interface'; readonly name: string }
  | { readonly kind: 'files'; readonly paths: readonly string[]; readonly pace?: number };

export interface RunRequest {
  readonly settings: Settings;
  readonly input: RunInput;
  readonly filter: string;
  readonly isLive: boolean;
  readonly plan: OutputPlan;
  readonly user: HostUser;
  readonly version: string;
  readonly detect: DetectOptions | null;
}

/** The run, as plain data. */
export function runOptions(request: RunRequest): RunOptions {
  const { settings, input, filter, isLive, plan, user, version, detect } = request;
  const { sudo } = user;
  const opensDevice = input.kind === 'interface';
  const isKept = settings.store !== null;
  if (settings.workers > 1 && input.kind === 'files' && input.paths.includes('-')) {
    throw new Failure('BAD_OPTION', 'standard input can be read by one worker only', 'Leave --workers out.');
  }
  return {
    input: input.kind === 'interface' ? interfaceInput(settings, input.name) : { ...input, follow: settings.follow },
    filter,
    snapLen: settings.snapshotLength,
    maxPackets: settings.count,
    maxSec: settings.duration,
    write: writeOptions(settings),
    keepPackets: null, // the run has its number later
    workers: settings.workers,
    flow: {
      capacity: settings.maxFlows,
      tcpIdleSec: settings.flowTimeouts.tcp,
      udpIdleSec: settings.flowTimeouts.udp,
      otherIdleSec: settings.flowTimeouts.other,
      activeSec: settings.flowTimeouts.active,
    },
    threshold: settings.threshold,
    verifyChecksums: settings.checksums,
    detect,
    keyLog: settings.keyLog,
    wants: {
      flows: plan.eve.length > 0 || plan.zeek !== null || isKept,
      packets: plan.print,
      alerts: plan.eve.length > 0 || plan.notesTo !== 'nowhere' || isKept,
      events: plan.eve.length > 0,
      values: plan.zeek !== null || isKept,
    },
    snapshotEveryMs: snapshotMs(plan, isLive || settings.follow),
    screens: null,
    version,
    dropTo: opensDevice && sudo !== null ? { uid: sudo.uid, gid: sudo.gid } : null,
  };
}

/** Once a second or as often as something is shown; never more than ten times a second; 0 when nobody looks. */
function snapshotMs(plan: OutputPlan, goesOn: boolean): number {
  const wanted = [
    goesOn ? 1000 : 0,
    plan.showProgress ? 250 : 0,
    plan.chartEverySec > 0 ? Math.max(100, plan.chartEverySec * 1000) : 0,
  ].filter((ms) => ms > 0);
  return wanted.length === 0 ? 0 : Math.min(...wanted);
}

function interfaceInput(settings: Settings, name: string): InterfaceInput {
  return {
    kind: 'interface',
    name,
    promiscuous: settings.promiscuous,
    backend: settings.capture,
    bufferBytes: settings.buffer,
  };
}

function writeOptions(settings: Settings): WriteOptions | null {
  if (settings.write === null) return null;
  return {
    path: settings.write,
    format: /\.pcap$/i.test(settings.write) ? 'pcap' : 'pcapng',
    rotateBytes: settings.rotateSize,
    rotateSec: settings.rotateTime,
    rotateFiles: settings.rotateFiles,
  };
}
