// Sets up a packet socket with a mapped ring and a filter, packet(7): everything of a capture that needs CAP_NET_RAW.

import * as linux from '../native/linux-calls.ts';
import { interfaceDown, socketFailure } from './af-packet-failures.ts';
import { acceptNothing, type SocketFilter } from './af-packet-filter.ts';
import type { LinkShape } from './af-packet-link.ts';
import * as ring from './af-packet-ring.ts';
import { defaultBufferBytes, type LiveOptions } from './live-options.ts';

/**
 * PACKET_FANOUT_HASH. Its hash is the same for both directions, so a conversation stays with one member; fragments of a
 * datagram stay together because none of them is hashed by port. Not DEFRAG: the kernel would show the datagram it put
 * together in place of the fragments that were on the wire. Not ROLLOVER: a full ring would scatter conversations.
 */
const fanoutHash = 0;

/** An open socket, its ring, and what was learned while opening. */
export interface Opened {
  readonly calls: linux.LinuxCalls;
  readonly fd: number;
  readonly mapped: bigint;
  readonly mappedBytes: number;
  readonly ring: ring.Ring;
  readonly shape: ring.FrameShape;
  readonly filter: SocketFilter;
}

export function openSocket(calls: linux.LinuxCalls, link: LinkShape, name: string): number {
  const type = link.cooked ? linux.socketType.datagram : linux.socketType.raw;
  // Protocol 0: the socket receives nothing until it is bound to a protocol, below.
  const fd = calls.socket(linux.socketFamily.packet, type | linux.socketType.closeOnExec, 0);
  if (fd < 0) throw socketFailure(calls.errno(), 'open a packet socket', name);
  return fd;
}

/**
 * Order matters: ring and filter exist before the bind, which is what lets packets in. In a fanout group the socket is
 * bound before it can join, and would meanwhile receive what belongs to others, so until then it accepts nothing.
 */
export function openOn(
  calls: linux.LinuxCalls,
  fd: number,
  index: number,
  link: LinkShape,
  filter: SocketFilter,
  options: LiveOptions,
): Opened {
  const { name, fanout } = options;
  const set = (option: number, value: linux.Memory, doing: string) => {
    if (calls.setsockopt(fd, linux.socketLevel.packet, option, value, value.byteLength) !== 0) {
      throw socketFailure(calls.errno(), doing, name);
    }
  };
  set(linux.packetOption.version, Int32Array.of(2), 'choose TPACKET_V3');
  set(linux.packetOption.reserve, Int32Array.of(ring.reservedBytes), 'reserve room in front of frames');
  const loopbackIndex = calls.if_nametoindex('lo');
  if (index !== 0 && index === loopbackIndex) {
    // Spares the ring the second copy; kernels before 4.20 refuse, and then the reader leaves it out.
    calls.setsockopt(fd, linux.socketLevel.packet, linux.packetOption.ignoreOutgoing, Int32Array.of(1), 4);
  }
  const bufferBytes = options.bufferBytes === 0 ? defaultBufferBytes : options.bufferBytes;
  const sizes = allocateRing(calls, fd, bufferBytes, name);
  attach(calls, fd, fanout === null ? filter.program : acceptNothing, name);
  const mappedBytes = sizes.blockBytes * sizes.blockCount;
  const mapped = calls.mmap(null, mappedBytes, linux.mapShared.readWrite, linux.mapShared.shared, fd, 0);
  if (mapped === linux.mapFailed) throw socketFailure(calls.errno(), 'map the ring', name);
  try {
    if (index !== 0 && options.promiscuous) {
      // struct packet_mreq: index, type PACKET_MR_PROMISC, no address.
      set(linux.packetOption.addMembership, Int32Array.of(index, 1, 0, 0), 'switch to promiscuous mode');
    }
    bindTo(calls, fd, index, name);
    if (fanout !== null) {
      const group = (fanout.group & 0xffff) | (fanoutHash << 16);
      set(linux.packetOption.fanout, Int32Array.of(group), 'join the capture group');
      attach(calls, fd, filter.program, name);
    }
  } catch (failure) {
    calls.munmap(mapped, mappedBytes);
    throw failure;
  }
  // A filter that runs here wants to see whole frames, and cuts them itself.
  const limit = options.snapLen === 0 || filter.here !== null ? 0x7fffffff : options.snapLen;
  return {
    calls,
    fd,
    mapped,
    mappedBytes,
    ring: ring.openRing(calls.view(mapped, mappedBytes), sizes.blockBytes),
    shape: { cooked: link.cooked, limit, loopbackIndex },
    filter,
  };
}

/** Asks for the ring, and for half of it again and again while the kernel has no memory for it. */
function allocateRing(calls: linux.LinuxCalls, fd: number, bufferBytes: number, name: string) {
  for (let wanted = bufferBytes; ; wanted /= 2) {
    const sizes = ring.ringSizes(wanted);
    const { blockBytes, blockCount } = sizes;
    // struct tpacket_req3; a frame may fill a block, so there are as many frames as blocks.
    const request = Uint32Array.of(blockBytes, blockCount, blockBytes, blockCount, ring.retireAfterMs, 0, 0);
    const status = calls.setsockopt(fd, linux.socketLevel.packet, linux.packetOption.rxRing, request, 28);
    if (status === 0) return sizes;
    const code = calls.errno();
    if (code !== linux.errno.outOfMemory || blockCount === 2) throw socketFailure(code, 'allocate the ring', name);
  }
}

/** SO_ATTACH_FILTER with a struct sock_fprog: number of instructions, then their address at 8. Replaces at one stroke. */
function attach(calls: linux.LinuxCalls, fd: number, program: Uint8Array, name: string): void {
  const fprog = new Uint8Array(16);
  new Uint16Array(fprog.buffer)[0] = program.length / 8;
  new BigUint64Array(fprog.buffer)[1] = calls.addressOf(program);
  if (calls.setsockopt(fd, linux.socketLevel.socket, linux.socketOption.attachFilter, fprog, 16) !== 0) {
    throw socketFailure(calls.errno(), 'attach the filter', name);
  }
}

/** Binds with a struct sockaddr_ll: family, protocol in network order, index. */
function bindTo(calls: linux.LinuxCalls, fd: number, index: number, name: string): void {
  const address = new Uint8Array(20);
  new Uint16Array(address.buffer)[0] = linux.socketFamily.packet;
  address[3] = linux.allProtocols;
  new Int32Array(address.buffer)[1] = index;
  if (calls.bind(fd, address, address.length) !== 0) throw socketFailure(calls.errno(), 'start to listen', name);
  // Binding to an interface that is down succeeds and leaves the reason as the socket's pending error.
  const pending = takeSocketError(calls, fd);
  if (pending === linux.errno.networkDown) throw interfaceDown(name);
  if (pending !== 0) throw socketFailure(pending, 'start to listen', name);
}

export function takeSocketError(calls: linux.LinuxCalls, fd: number): number {
  const error = new Int32Array(1);
  calls.getsockopt(fd, linux.socketLevel.socket, linux.socketOption.error, error, Uint32Array.of(4));
  return error[0];
}
