// The interfaces one may listen on, listed without any privilege, and numbered as `tcpdump -D` numbers them.
import { networkInterfaces } from 'node:os';
import { editDistance, Failure, printable } from '../../../core/index.ts';
import type { InterfaceAddress, InterfaceInfo } from './interface-info.ts';
import { libpcapDevices } from './interfaces-libpcap.ts';
import { linuxDevices } from './interfaces-linux.ts';

/**
 * All interfaces. On Linux from the kernel, elsewhere from libpcap.
 *
 * @throws Failure LIBRARY_MISSING where libpcap is needed and absent.
 */
export function listInterfaces(): InterfaceInfo[] {
  const found = process.platform === 'linux' ? linuxInterfaces() : libpcapDevices().map(withSystemFacts);
  return found.map((one, i) => ({ ...one, index: i + 1 }));
}

function linuxInterfaces(): InterfaceInfo[] {
  const addresses = new Map(Object.entries(networkInterfaces()).map(([name, list]) => [name, list!.map(prefixed)]));
  const devices = linuxDevices(addresses);
  return [...devices, anyOf(devices)].sort((a, b) => rank(a) - rank(b));
}

function prefixed(one: { readonly address: string; readonly cidr: string | null }): InterfaceAddress {
  return { address: one.address, prefixLength: Number(one.cidr?.split('/')[1] ?? 0) };
}

/** libpcap knows no hardware address; the system tells it for interfaces it knows by the same name. */
function withSystemFacts(one: InterfaceInfo): InterfaceInfo {
  const known = networkInterfaces()[one.name];
  const mac = known?.[0]?.mac ?? null;
  return { ...one, mac: mac === '00:00:00:00:00:00' ? null : mac };
}

function anyOf(devices: readonly InterfaceInfo[]): InterfaceInfo {
  const counters = { rxBytes: 0, txBytes: 0, rxPackets: 0, txPackets: 0 };
  for (const device of devices) {
    for (const key of Object.keys(counters) as (keyof typeof counters)[]) counters[key] += device.counters?.[key] ?? 0;
  }
  return {
    index: 0,
    name: 'any',
    addresses: [],
    mac: null,
    kind: 'all',
    isUp: true,
    isRunning: true,
    isConnected: false,
    mtu: 0,
    speedBps: null,
    description: 'all interfaces at once',
    isDefaultRoute: false,
    counters,
  };
}

/**
 * libpcap's order: what runs before what does not, then what is up, then what is connected, `any` behind the others and
 * loopback last; equals stay in the order of the kernel.
 */
function rank(one: InterfaceInfo): number {
  const isDisconnected = one.isUp && !one.isConnected && one.kind === 'wired';
  return (
    (one.isRunning ? 0 : 32) +
    (one.isUp ? 0 : 16) +
    (isDisconnected ? 8 : 0) +
    (one.kind === 'loopback' ? 4 : 0) +
    (one.kind === 'all' ? 2 : 0)
  );
}

/**
 * The interface a user means: a name, a number of the list, or `any`.
 *
 * @throws Failure NO_SUCH_INTERFACE.
 */
export function resolveInterface(text: string, list: readonly InterfaceInfo[] = listInterfaces()): InterfaceInfo {
  const named = list.find((one) => one.name === text);
  const found = named ?? (/^\d+$/.test(text) ? list.find((one) => one.index === Number(text)) : undefined);
  if (found === undefined) throw noSuchInterface(text, list);
  return found;
}

/** The failure that names what is there instead, the nearest names first. */
export function noSuchInterface(text: string, list: readonly InterfaceInfo[] = listInterfaces()): Failure {
  const names = list.map((one) => one.name).sort((a, b) => editDistance(text, a) - editDistance(text, b));
  const shown = names.slice(0, 8).join(', ') + (names.length > 8 ? ', …' : '');
  const isNumber = /^\d+$/.test(text);
  return new Failure(
    'NO_SUCH_INTERFACE',
    isNumber ? `there is no interface number ${text}` : `there is no interface named ${printable(text)}`,
    shown === ''
      ? 'This machine shows no interface at all.'
      : `There is: ${shown}. \`taplight -D\` lists them with numbers.`,
  );
}
