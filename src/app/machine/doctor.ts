// What this machine allows, and the exact fix for what it does not: facts only, printed by the command line.
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { homedir, release } from 'node:os';
import { dirname } from 'node:path';
import { listInterfaces } from '../../capture/sources/interfaces/interfaces.ts';
import { installHint, loadLibpcap } from '../../capture/sources/native/libpcap-library.ts';
import { loadLinuxCalls, socketFamily, socketType } from '../../capture/sources/native/linux-calls.ts';
import { permissionAdvice, surroundings } from './privileges.ts';

/** One thing that was looked at. */
export interface Check {
  readonly name: string;
  /** `warning`: it works, but less than it could. */
  readonly ok: boolean | 'warning';
  /** What is there, in words. */
  readonly found: string;
  /** What to do about it; empty when there is nothing to do. */
  readonly fix: string;
}

/** All checks, in the order of a first run. None of them throws, sends anything or changes anything. */
export function examine(): readonly Check[] {
  return checks.map(([name, check]) => {
    try {
      return { name, ...check() };
    } catch (cause) {
      const { message, hint } = cause as Error & { hint?: string };
      return { name, ok: false, found: message, fix: hint ?? 'Please report this.' };
    }
  });
}

type Finding = Omit<Check, 'name'>;

const checks: readonly (readonly [string, () => Finding])[] = [
  ['platform', platform],
  ['node', node],
  ['koffi', koffi],
  ['libpcap', libpcap],
  ['capture', capture],
  ['interfaces', interfaces],
  ['buffers', buffers],
  ['store', store],
  ['terminal', terminal],
];

const fine = (found: string): Finding => ({ ok: true, found, fix: '' });

function platform(): Finding {
  const here = surroundings();
  const place = [here.isContainer ? 'in a container' : '', here.isWsl ? 'in WSL' : ''].filter((word) => word !== '');
  const found = [`${process.platform} ${release()} ${process.arch}`, ...place].join(', ');
  if (here.isWsl) return { ok: 'warning', found, fix: 'You see the network of the virtual machine, not of Windows.' };
  if (here.isContainer) return { ok: 'warning', found, fix: 'To see the host: --cap-add NET_RAW --network host' };
  return fine(found);
}

function node(): Finding {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const found = `${process.version} at ${process.execPath}`;
  if (major > 20 || (major === 20 && minor >= 19)) return fine(found);
  return { ok: false, found, fix: 'Node 20.19 or newer is needed: https://nodejs.org' };
}

function koffi(): Finding {
  if (process.platform === 'linux') loadLinuxCalls();
  return fine('loads');
}

function libpcap(): Finding {
  try {
    return fine(loadLibpcap().pcap_lib_version());
  } catch {
    // Linux captures without it; only filters need it there.
    const isNeeded = process.platform !== 'linux';
    return { ok: isNeeded ? false : 'warning', found: 'not installed', fix: installHint(process.platform) };
  }
}

function capture(): Finding {
  if (process.platform !== 'linux') return bpfDevices();
  const calls = loadLinuxCalls();
  const fd = calls.socket(socketFamily.packet, socketType.raw | socketType.closeOnExec, 0);
  if (fd >= 0) {
    calls.close(fd);
    return fine(process.geteuid?.() === 0 ? 'allowed, as root' : 'allowed');
  }
  const [best] = permissionAdvice('any');
  return { ok: false, found: 'not allowed: CAP_NET_RAW is missing', fix: best.lines[0] };
}

function bpfDevices(): Finding {
  if (process.platform === 'win32') return fine('Npcap decides when the capture is opened');
  try {
    accessSync('/dev/bpf0', constants.R_OK | constants.W_OK);
    return fine('allowed: /dev/bpf0 can be opened');
  } catch {
    return { ok: false, found: '/dev/bpf0 cannot be opened', fix: permissionAdvice('en0')[0].lines[0] };
  }
}

function interfaces(): Finding {
  const list = listInterfaces().filter((one) => one.name !== 'any');
  const running = list.filter((one) => one.isRunning);
  const found = `${running.length} of ${list.length} up: ${running.map((one) => one.name).join(', ')}`;
  if (running.some((one) => one.kind !== 'loopback')) return fine(found);
  const down = list.find((one) => !one.isRunning && one.kind !== 'loopback');
  return { ok: 'warning', found, fix: down === undefined ? '' : `sudo ip link set ${down.name} up` };
}

/** A ring is not bounded by these limits; sockets without one (`--capture libpcap` on old kernels) are. */
function buffers(): Finding {
  if (process.platform !== 'linux') return fine('chosen by libpcap');
  const read = (file: string) => Number(readFileSync(`/proc/sys/net/core/${file}`, 'utf8'));
  const found = `rmem_max ${read('rmem_max')}, optmem_max ${read('optmem_max')} bytes`;
  const free = Number(/^MemAvailable:\s+(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1] ?? 0) / 1024;
  if (free >= 256) return fine(`${found}, ${Math.round(free)} MiB of memory free`);
  return { ok: 'warning', found: `${found}, only ${Math.round(free)} MiB of memory free`, fix: 'Free some memory.' };
}

function store(): Finding {
  const data = process.env.XDG_DATA_HOME?.startsWith('/') ? process.env.XDG_DATA_HOME : `${homedir()}/.local/share`;
  const folder = `${data}/taplight`;
  let existing = folder;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  try {
    accessSync(existing, constants.W_OK);
    return fine(existing === folder ? folder : `${folder} can be made`);
  } catch {
    return { ok: false, found: `${existing} cannot be written`, fix: 'Set XDG_DATA_HOME to a folder of yours.' };
  }
}

function terminal(): Finding {
  if (!process.stdout.isTTY) return fine('output is not a terminal: plain text');
  const { columns, rows } = process.stdout;
  const depth = process.stdout.getColorDepth();
  const found = `${columns}×${rows}, ${depth === 1 ? 'no colours' : `${2 ** Math.min(depth, 24)} colours`}`;
  if (columns >= 80 && rows >= 24) return fine(found);
  return { ok: 'warning', found, fix: 'The screens are made for at least 80×24.' };
}
