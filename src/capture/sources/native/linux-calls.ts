// The few calls of Linux's C library that a packet socket needs (packet(7), socket(7), mmap(2), poll(2)), through koffi.
// Nothing is loaded before `loadLinuxCalls` is called, so reading a file never pays for the foreign function layer.
import { type Koffi, requireKoffi } from './koffi.ts';

/** Memory of ours that the kernel reads or fills; only used while the call lasts. */
export type Memory = Uint8Array | Int32Array | Uint32Array;

/** Calls under their C names. Numbers below zero mean failure; `errno` then says why. */
export interface LinuxCalls {
  socket(domain: number, type: number, protocol: number): number;
  setsockopt(fd: number, level: number, name: number, value: Memory, bytes: number): number;
  /** `bytes` is Uint32Array(1): size of `value` going in, size used coming out. */
  getsockopt(fd: number, level: number, name: number, value: Memory, bytes: Uint32Array): number;
  bind(fd: number, address: Memory, bytes: number): number;
  /** Address of the mapping; {@link mapFailed} when it failed. */
  mmap(at: null, bytes: number, protection: number, flags: number, fd: number, offset: number): bigint;
  munmap(at: bigint, bytes: number): number;
  poll(fds: Memory, count: number, milliseconds: number): number;
  close(fd: number): number;
  /** Index of a network interface in the namespace of this thread; 0 when there is none of that name. */
  if_nametoindex(name: string): number;
  errno(): number;
  /** Memory at an address as an ArrayBuffer: no copy, so it must not be touched after munmap. */
  view(at: bigint, bytes: number): ArrayBuffer;
  addressOf(memory: Memory): bigint;
}

const prototypes: readonly (readonly [keyof LinuxCalls, string])[] = [
  ['socket', 'int socket(int domain, int type, int protocol)'],
  ['setsockopt', 'int setsockopt(int fd, int level, int name, void *value, uint32_t bytes)'],
  ['getsockopt', 'int getsockopt(int fd, int level, int name, void *value, void *bytes)'],
  ['bind', 'int bind(int fd, void *address, uint32_t bytes)'],
  ['mmap', 'void *mmap(void *at, size_t bytes, int protection, int flags, int fd, long offset)'],
  ['munmap', 'int munmap(void *at, size_t bytes)'],
  ['poll', 'int poll(void *fds, unsigned long count, int milliseconds)'],
  ['close', 'int close(int fd)'],
  ['if_nametoindex', 'unsigned int if_nametoindex(const char *name)'],
];

/** What mmap gives when it failed: (void *) -1. */
export const mapFailed = 0xffff_ffff_ffff_ffffn;

// <asm-generic/socket.h>, <linux/if_packet.h>, <linux/if_ether.h>. SOL_SOCKET and the SO_ numbers are those of x86,
// ARM, RISC-V, POWER and s390; only MIPS, PA-RISC, SPARC and Alpha differ, for which koffi has no binary anyway.
export const socketFamily = { packet: 17 } as const;
export const socketType = { datagram: 2, raw: 3, closeOnExec: 0o2000000 } as const;
export const socketLevel = { socket: 1, packet: 263 } as const;
export const socketOption = { error: 4, attachFilter: 26 } as const;
export const packetOption = {
  addMembership: 1,
  rxRing: 5,
  statistics: 6,
  version: 10,
  reserve: 12,
  fanout: 18,
  ignoreOutgoing: 23,
} as const;
/** ETH_P_ALL: every protocol, both directions. */
export const allProtocols = 0x0003;
export const mapShared = { readWrite: 3, shared: 1 } as const;
export const pollEvent = { readable: 1, error: 8, hangUp: 16 } as const;
export const errno = {
  notPermitted: 1,
  noEntry: 2,
  noSuchDeviceOrAddress: 6,
  outOfMemory: 12,
  accessDenied: 13,
  noDevice: 19,
  networkDown: 100,
} as const;

let loaded: LinuxCalls | null = null;

/**
 * Gives the calls, bound once per thread.
 *
 * @throws Failure LIBRARY_MISSING when koffi has no binary here.
 */
export function loadLinuxCalls(): LinuxCalls {
  loaded ??= bindCalls(requireKoffi('opens packet sockets'));
  return loaded;
}

function bindCalls(koffi: Koffi): LinuxCalls {
  const process = koffi.load(null);
  const calls: Record<string, unknown> = {
    errno: () => koffi.errno(),
    view: (at: bigint, bytes: number) => koffi.view(at, bytes),
    addressOf: (memory: Memory) => koffi.address(memory),
  };
  for (const [name, prototype] of prototypes) calls[name] = process.func(prototype);
  // The table above binds every name the interface declares beyond the three given here.
  return calls as unknown as LinuxCalls;
}
