// Who we are allowed to be: giving up root once the capture is open, and what to do where capturing is not allowed.
import { existsSync, readFileSync } from 'node:fs';
import { homedir, release } from 'node:os';
import { processHere, shellWord } from '../../capture/sources/live/af-packet-failures.ts';
import { Failure } from '../../core/index.ts';

/** A user and the one group that is kept. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/** Who started us through sudo; null when we are not root, or root by login. */
export function privilegesToDrop(env: NodeJS.ProcessEnv, uid: number): Identity | null {
  if (uid !== 0) return null;
  const toUid = wholeNumber(env.SUDO_UID);
  const toGid = wholeNumber(env.SUDO_GID);
  if (toUid === null || toGid === null || toUid === 0) return null;
  return { uid: toUid, gid: toGid };
}

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : null;
}

/**
 * Becomes that user, for good, in all threads of the process (the C library passes the change on to each). Call it in
 * the main thread. Supplementary groups are given up too: one of them may be as good as root (`docker`, `disk`).
 *
 * @throws Failure CAPTURE_FAILED when root could be had back.
 */
export function dropPrivileges(to: Identity): void {
  // Absent on Windows, where nothing of this exists.
  if (process.setgroups === undefined || process.setgid === undefined || process.setuid === undefined) return;
  process.setgroups([to.gid]);
  process.setgid(to.gid);
  process.setuid(to.uid);
  if (!canBecomeRoot()) return;
  throw new Failure('CAPTURE_FAILED', 'root could not be given up', 'Start without sudo; `taplight doctor` says how.');
}

function canBecomeRoot(): boolean {
  try {
    process.setuid?.(0);
    return true;
  } catch {
    return process.geteuid?.() === 0;
  }
}

/** One way to be allowed to capture: when to choose it, the lines to type, and what it costs. */
export interface Advice {
  readonly title: string;
  readonly lines: readonly string[];
  readonly why: string;
}

/** What is special about where we run. `nixos` cannot set capabilities on files, `container` needs them from outside. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly isContainer: boolean;
  readonly isWsl: boolean;
  readonly isNixos: boolean;
}

export function surroundings(): Surroundings {
  return {
    platform: process.platform,
    isContainer: isContainer(),
    isWsl: process.platform === 'linux' && /microsoft/i.test(release()),
    isNixos: existsSync('/etc/NIXOS'),
  };
}

function isContainer(): boolean {
  if (process.platform !== 'linux') return false;
  if (existsSync('/.dockerenv') || existsSync('/run/.containerenv')) return true;
  try {
    return /docker|containerd|kubepods|lxc|podman/.test(readFileSync('/proc/1/cgroup', 'utf8'));
  } catch {
    return false;
  }
}

/** Where the private copy of node with the capability goes. */
export function privateNodePath(env: NodeJS.ProcessEnv = process.env): string {
  const data = env.XDG_DATA_HOME?.startsWith('/') ? env.XDG_DATA_HOME : `${homedir()}/.local/share`;
  return `${data}/taplight/node`;
}

/** The ways to be allowed to capture on this machine, the safest first. Paths are absolute, words quoted for a shell. */
export function permissionAdvice(name: string, here: Surroundings = surroundings()): readonly Advice[] {
  if (here.platform === 'win32') return windowsAdvice;
  const { node, script } = processHere();
  const rest = [script, '-i', name]
    .filter((word) => word !== '')
    .map(shellWord)
    .join(' ');
  const run = `${shellWord(node)} ${rest}`;
  const once: Advice = {
    title: 'just this time',
    lines: [`sudo ${run}`],
    why: 'opens the interface, then gives up root before reading a single packet',
  };
  if (here.platform !== 'linux') return [once, ...(here.platform === 'darwin' ? macAdvice : [])];
  const advice = [once, ambient(run)];
  if (!here.isNixos) advice.push(forGood(node, rest));
  if (here.isContainer) advice.unshift(containerAdvice);
  if (here.isWsl) advice.push(wslAdvice);
  return advice;
}

function ambient(run: string): Advice {
  const user = 'sudo setpriv --reuid="$(id -u)" --regid="$(id -g)" --init-groups';
  return {
    title: 'as yourself, with nothing but the capability',
    lines: [`${user} --inh-caps=+net_raw --ambient-caps=+net_raw ${run}`],
    why: 'never root; nothing is left on disk',
  };
}

function forGood(node: string, rest: string): Advice {
  const copy = shellWord(privateNodePath());
  return {
    title: 'for good',
    lines: [`install -D -m 700 ${shellWord(node)} ${copy}`, `sudo setcap cap_net_raw+ep ${copy}`, `${copy} ${rest}`],
    why: 'a private copy of node: any program running as you could use it too; never do this to the node of the system',
  };
}

const containerAdvice: Advice = {
  title: 'in this container',
  lines: ['docker run --cap-add NET_RAW --network host …'],
  why: 'a container has no CAP_NET_RAW unless it is started with it, and sees only its own network without host mode',
};

const wslAdvice: Advice = {
  title: 'in WSL',
  lines: [],
  why: 'you see the network of the virtual machine, not that of Windows; for that, run Taplight on Windows with Npcap',
};

const macAdvice: readonly Advice[] = [
  {
    title: 'for good',
    lines: ['brew install --cask wireshark-chmodbpf'],
    why: 'lets the group access_bpf read /dev/bpf*',
  },
];

const windowsAdvice: readonly Advice[] = [
  {
    title: 'once',
    lines: ['https://npcap.com'],
    why: 'install Npcap; if it is there and was restricted to administrators, start this terminal as administrator',
  },
];
