// Network devices of Linux as /sys/class/net and /proc/net/route tell them: readable by everyone, no privilege needed.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { InterfaceAddress, InterfaceInfo, LinkKind } from './interface-info.ts';

const root = '/sys/class/net';

function text(name: string, file: string): string {
  try {
    return readFileSync(`${root}/${name}/${file}`, 'utf8').trim();
  } catch {
    // The attribute does not apply to this device (speed of a bridge, carrier of one that is down).
    return '';
  }
}

function count(name: string, file: string): number {
  const value = Number(text(name, file));
  return Number.isFinite(value) ? value : 0;
}

/** Names of all devices, in the order the kernel made them. */
export function deviceNames(): string[] {
  let names: string[];
  try {
    names = readdirSync(root);
  } catch {
    // Without sysfs (some sandboxes) nothing can be listed.
    return [];
  }
  // `bonding_masters` lies among the devices but is a file.
  const devices = names.filter((name) => existsSync(`${root}/${name}/ifindex`));
  return devices.sort((a, b) => count(a, 'ifindex') - count(b, 'ifindex'));
}

/** Link speed in bits per second; null where the device does not know one. */
export function speedBpsOf(name: string): number | null {
  const megabits = Number(text(name, 'speed') || -1);
  return megabits > 0 ? megabits * 1e6 : null;
}

/** Packets that the device or its driver lost since it came up; `any` is the sum of all devices. */
export function droppedByInterface(name: string): number {
  const names = name === 'any' ? deviceNames() : [name];
  let lost = 0;
  for (const one of names) lost += count(one, 'statistics/rx_dropped') + count(one, 'statistics/rx_missed_errors');
  return lost;
}

/** Name of the device that packets to the rest of the world leave through; null when there is none. */
export function defaultRouteDevice(table: string): string | null {
  let best: { readonly name: string; readonly metric: number } | null = null;
  for (const line of table.split('\n').slice(1)) {
    const [name, destination, , flags, , , metric, mask] = line.split(/\s+/);
    if (destination !== '00000000' || mask !== '00000000' || (Number.parseInt(flags, 16) & 1) === 0) continue;
    if (best === null || Number(metric) < best.metric) best = { name, metric: Number(metric) };
  }
  return best?.name ?? null;
}

function defaultDevice(): string | null {
  try {
    return defaultRouteDevice(readFileSync('/proc/net/route', 'utf8'));
  } catch {
    return null;
  }
}

// <linux/if.h> and <linux/if_arp.h>.
const flagUp = 1;
const typeLoopback = 772;
const tunnelTypes = new Set([519, 768, 769, 776, 778, 823, 65534]);

function kindOf(name: string, type: number): LinkKind {
  const has = (file: string) => existsSync(`${root}/${name}/${file}`);
  const made = /^DEVTYPE=(.*)$/m.exec(text(name, 'uevent'))?.[1] ?? '';
  if (type === typeLoopback) return 'loopback';
  if (has('phy80211') || has('wireless') || made === 'wlan') return 'Wi-Fi';
  if (has('bridge') || made === 'bridge') return 'bridge';
  if (has('tun_flags') || tunnelTypes.has(type) || ['wireguard', 'vxlan', 'geneve'].includes(made)) return 'tunnel';
  if (made === 'wwan') return 'mobile';
  return has('device') ? 'wired' : 'virtual';
}

function describe(name: string, kind: LinkKind): string {
  const alias = text(name, 'ifalias');
  if (alias !== '') return alias;
  if (kind === 'loopback') return 'this machine';
  if (name.startsWith('docker')) return 'Docker';
  if (name.startsWith('veth')) return 'a container or namespace';
  return '';
}

/** Bytes and packets since the device exists: what rates are made of. */
export function countersOf(name: string): NonNullable<InterfaceInfo['counters']> {
  return {
    rxBytes: count(name, 'statistics/rx_bytes'),
    txBytes: count(name, 'statistics/tx_bytes'),
    rxPackets: count(name, 'statistics/rx_packets'),
    txPackets: count(name, 'statistics/tx_packets'),
  };
}

/** All devices in the order of the kernel; `index` is not yet that of the list. */
export function linuxDevices(addresses: ReadonlyMap<string, readonly InterfaceAddress[]>): InterfaceInfo[] {
  const defaultName = defaultDevice();
  return deviceNames().map((name) => {
    const type = count(name, 'type');
    const kind = kindOf(name, type);
    const isUp = (Number(text(name, 'flags')) & flagUp) !== 0;
    const mac = text(name, 'address');
    return {
      index: 0,
      name,
      addresses: addresses.get(name) ?? [],
      mac: kind === 'loopback' || mac === '' || /^(00:?)+$/.test(mac) ? null : mac,
      kind,
      isUp,
      // Drivers without carrier detection say "unknown" while they work.
      isRunning: isUp && ['up', 'unknown'].includes(text(name, 'operstate')),
      isConnected: text(name, 'carrier') === '1',
      mtu: count(name, 'mtu'),
      speedBps: speedBpsOf(name),
      description: describe(name, kind),
      isDefaultRoute: name === defaultName,
      counters: countersOf(name),
    };
  });
}
