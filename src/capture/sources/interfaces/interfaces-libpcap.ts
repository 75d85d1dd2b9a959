// Network devices as libpcap knows them, pcap_findalldevs(3PCAP): for the systems that have no /sys/class/net.
//
//   struct pcap_if   | next | name | description | addresses | flags |      pointers of 8 bytes each, flags 4
//   struct pcap_addr | next | addr | netmask | broadaddr | dstaddr |

import { Failure, formatIpv6 } from '../../../core/index.ts';
import { errorBufferBytes, type Libpcap, loadLibpcap, type Pointer } from '../native/libpcap-library.ts';
import type { InterfaceAddress, InterfaceInfo, LinkKind } from './interface-info.ts';

// PCAP_IF_ flags.
const flag = { loopback: 1, up: 2, running: 4, wireless: 8, connectionMask: 0x30, connected: 0x10 } as const;
/** Highest number of devices and of addresses of one that is believed: a list that never ends is a broken one. */
const listLimit = 4096;

/** The devices in libpcap's order, which is the order of `tcpdump -D`. */
export function libpcapDevices(library: Libpcap = loadLibpcap()): InterfaceInfo[] {
  const list = new BigUint64Array(1);
  const errors = new Uint8Array(errorBufferBytes);
  if (library.pcap_findalldevs(list, errors) !== 0) {
    const because = new TextDecoder().decode(errors.subarray(0, errors.indexOf(0)));
    throw new Failure('CAPTURE_FAILED', `libpcap could not list the interfaces: ${because}`, 'Try as administrator.');
  }
  const found: InterfaceInfo[] = [];
  for (let at = list[0]; at !== 0n && found.length < listLimit; ) {
    const fields = pointersAt(library, at, 4);
    found.push(device(library, fields, new Uint32Array(library.koffi.view(at + 32n, 4))[0]));
    at = fields[0];
  }
  if (list[0] !== 0n) library.pcap_freealldevs(list[0]);
  return found;
}

function pointersAt(library: Libpcap, at: Pointer, number: number): BigUint64Array {
  // A copy: the view must not outlive the list.
  return new BigUint64Array(library.koffi.view(at, number * 8)).slice();
}

function textAt(library: Libpcap, at: Pointer): string {
  return at === 0n ? '' : library.koffi.decode.string(at);
}

function device(library: Libpcap, fields: BigUint64Array, flags: number): InterfaceInfo {
  const name = textAt(library, fields[1]);
  return {
    index: 0,
    name,
    addresses: addressesAt(library, fields[3]),
    mac: null,
    kind: kindOf(name, flags),
    isUp: (flags & flag.up) !== 0,
    isRunning: (flags & flag.running) !== 0,
    isConnected: (flags & flag.connectionMask) === flag.connected,
    mtu: 0,
    speedBps: null,
    description: textAt(library, fields[2]),
    isDefaultRoute: false,
    counters: null,
  };
}

function kindOf(name: string, flags: number): LinkKind {
  if (name === 'any') return 'all';
  if ((flags & flag.loopback) !== 0) return 'loopback';
  if ((flags & flag.wireless) !== 0) return 'Wi-Fi';
  if (/^(utun|tun|tap|gif|stf|ipsec|ppp|wg)\d/.test(name)) return 'tunnel';
  if (/^bridge\d/.test(name)) return 'bridge';
  return /^(en|em|eth|igb|re|bge)\d|^\\Device/.test(name) ? 'wired' : 'virtual';
}

function addressesAt(library: Libpcap, first: Pointer): InterfaceAddress[] {
  const found: InterfaceAddress[] = [];
  for (let at = first, steps = 0; at !== 0n && steps < listLimit; steps++) {
    const [next, address, mask] = pointersAt(library, at, 3);
    const one = address === 0n ? null : socketAddress(library, address);
    if (one !== null) found.push({ address: one.address, prefixLength: prefixAt(library, mask, one.bytes) });
    at = next;
  }
  return found;
}

/** Family of a struct sockaddr: one byte behind the length on BSD and macOS, two bytes elsewhere. */
function familyAt(library: Libpcap, at: Pointer): number {
  const head = new Uint8Array(library.koffi.view(at, 2));
  const hasLength = process.platform === 'darwin' || process.platform.endsWith('bsd');
  return hasLength ? head[1] : head[0] | (head[1] << 8);
}

const families: Record<string, number> = { linux: 10, win32: 23, darwin: 30, freebsd: 28, openbsd: 24 };

function socketAddress(library: Libpcap, at: Pointer): { readonly address: string; readonly bytes: number } | null {
  const family = familyAt(library, at);
  if (family === 2) {
    return { address: new Uint8Array(library.koffi.view(at + 4n, 4)).join('.'), bytes: 4 };
  }
  if (family !== families[process.platform]) return null;
  const words = new DataView(library.koffi.view(at + 8n, 16));
  const [w0, w1, w2, w3] = [0, 4, 8, 12].map((offset) => words.getUint32(offset));
  return { address: formatIpv6(w0, w1, w2, w3), bytes: 16 };
}

/** Number of one bits of a netmask; the whole length where there is none. */
function prefixAt(library: Libpcap, mask: Pointer, bytes: number): number {
  if (mask === 0n) return bytes * 8;
  const view = new Uint8Array(library.koffi.view(mask + (bytes === 4 ? 4n : 8n), bytes));
  let bits = 0;
  for (const byte of view) bits += (byte.toString(2).match(/1/g) ?? []).length;
  return bits;
}
