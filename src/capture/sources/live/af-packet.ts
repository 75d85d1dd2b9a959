// Live capture on Linux: a packet socket with a mapped ring, packet(7), TPACKET_V3. Needs CAP_NET_RAW and nothing else.
import { readFileSync } from 'node:fs';
import { endOfInput, type FrameBatch, nothingYet, type Source, type SourceInterface } from '../../../core/index.ts';
import { noSuchInterface } from '../interfaces/interfaces.ts';
import { droppedByInterface, speedBpsOf } from '../interfaces/interfaces-linux.ts';
import * as linux from '../native/linux-calls.ts';
import { isInterfaceGone } from './af-packet-failures.ts';
import { socketFilter } from './af-packet-filter.ts';
import { cookedShape, type LinkShape, linkShapeOf } from './af-packet-link.ts';
import * as ring from './af-packet-ring.ts';
import { type Opened, openOn, openSocket, takeSocketError } from './af-packet-socket.ts';
import type { LiveOptions } from './live-options.ts';

/**
 * Opens the interface. Everything that needs a privilege has been done when this returns. Frames are those that arrive
 * from the moment on at which the filter is in place.
 *
 * @throws Failure NO_SUCH_INTERFACE, BAD_FILTER, NO_PERMISSION, INTERFACE_DOWN, LIBRARY_MISSING, CAPTURE_FAILED.
 */
export function openAfPacket(options: LiveOptions): Source {
  const calls = linux.loadLinuxCalls();
  const index = options.name === 'any' ? 0 : calls.if_nametoindex(options.name);
  if (index === 0 && options.name !== 'any') throw noSuchInterface(options.name);
  const link = index === 0 ? cookedShape : linkShapeOf(hardwareTypeOf(options.name));
  const filter = socketFilter(options.filter, link, options.snapLen);
  const fd = openSocket(calls, link, options.name);
  try {
    return source(options, link, openOn(calls, fd, index, link, filter, options));
  } catch (failure) {
    calls.close(fd);
    throw failure;
  }
}

function hardwareTypeOf(name: string): number {
  try {
    return Number(readFileSync(`/sys/class/net/${name}/type`, 'utf8'));
  } catch {
    // Unknown becomes cooked, which fits every device.
    return -1;
  }
}

function source(options: LiveOptions, link: LinkShape, opened: Opened): Source {
  const { calls, fd, shape, filter } = opened;
  const speedBps = speedBpsOf(options.name);
  const device: SourceInterface = {
    name: options.name,
    linkType: link.linkType,
    snapLen: options.snapLen,
    ticksPerSec: 1e9,
    ...(speedBps === null ? {} : { speedBps }),
  };
  const pollFd = new Int32Array(2);
  const counts = new Uint32Array(3);
  const lostBefore = droppedByInterface(options.name);
  const stats = { received: 0, droppedKernel: 0, droppedInterface: 0 };
  let damage: Source['damage'] = null;
  let isClosed = false;
  let lastBatch: FrameBatch | null = null;

  /** Waits for a block; false when the interface is gone. */
  function wait(waitMs: number): boolean {
    pollFd[0] = fd;
    pollFd[1] = linux.pollEvent.readable;
    if (calls.poll(pollFd, 1, waitMs) <= 0) return true;
    const happened = pollFd[1] >>> 16;
    if ((happened & (linux.pollEvent.error | linux.pollEvent.hangUp)) === 0) return true;
    // An interface that goes down leaves an error and comes back by itself; one that is removed does not.
    if (takeSocketError(calls, fd) === 0 || !isInterfaceGone(options.name)) return true;
    damage = { name: 'interface.gone', at: stats.received, because: `interface ${options.name} was removed` };
    return false;
  }

  /** Blocks of which no frame is told are given back at once; a full round of them ends the call. */
  function fill(batch: FrameBatch): number {
    for (let blocks = 0; blocks < opened.ring.blockCount; blocks++) {
      if (!opened.ring.isHeld && !ring.takeBlock(opened.ring)) return 0;
      while (opened.ring.framesLeft > 0) {
        let count = ring.fillFromBlock(opened.ring, shape, batch);
        if (filter.here !== null) count = filter.here(batch, count);
        if (count > 0) return count;
      }
      ring.giveBack(opened.ring);
    }
    return 0;
  }

  return {
    kind: 'interface',
    name: options.name,
    interfaces: [device],
    get damage() {
      return damage;
    },
    read(batch, waitMs) {
      if (isClosed) return endOfInput;
      lastBatch = batch;
      batch.bytes = opened.ring.bytes;
      if (opened.ring.isHeld && opened.ring.framesLeft === 0) ring.giveBack(opened.ring);
      let count = fill(batch);
      if (count === 0 && damage !== null) return endOfInput;
      if (count === 0 && waitMs > 0) {
        if (!wait(waitMs)) return endOfInput;
        count = fill(batch);
      }
      batch.count = count;
      stats.received += count;
      return count === 0 ? nothingYet : count;
    },
    isBehind: () => !isClosed && ring.isHalfFull(opened.ring),
    stats() {
      if (!isClosed) {
        // struct tpacket_stats_v3: packets, drops, freezes; reading sets the kernel's counters to zero.
        const bytes = Uint32Array.of(12);
        const { packet } = linux.socketLevel;
        if (calls.getsockopt(fd, packet, linux.packetOption.statistics, counts, bytes) === 0) {
          stats.droppedKernel += counts[1];
        }
        stats.droppedInterface = Math.max(0, droppedByInterface(options.name) - lostBefore);
      }
      return { ...stats };
    },
    progress: () => ({ doneBytes: 0, totalBytes: null }),
    close() {
      if (isClosed) return;
      this.stats();
      isClosed = true;
      // The ring's memory goes away: a batch that still pointed into it would take the process down.
      if (lastBatch !== null) {
        lastBatch.bytes = new Uint8Array(0);
        lastBatch.count = 0;
      }
      calls.munmap(opened.mapped, opened.mappedBytes);
      calls.close(fd);
    },
  };
}
