// Live capture through libpcap or Npcap, pcap(3PCAP): the way on macOS and Windows, and on Linux when asked for.
//
// Packets are copied out of libpcap's buffer into one of ours, because its next call may reuse the memory.
import {
  batchCapacity,
  endOfInput,
  Failure,
  type FrameBatch,
  nothingYet,
  printable,
  type Source,
} from '../../../core/index.ts';
import { linkTypeOf, unknownNetmask } from '../filter/bpf-compile.ts';
import { noSuchInterface } from '../interfaces/interfaces.ts';
import { errorBufferBytes, type Libpcap, loadLibpcap, type Pointer } from '../native/libpcap-library.ts';
import { interfaceDown, noPermission } from './af-packet-failures.ts';
import { defaultBufferBytes, type LiveOptions } from './live-options.ts';

/** A packet waits in libpcap's buffer for at most this long, milliseconds. */
const readTimeoutMs = 50;
/** Large enough for what a loopback device or a card that joins segments hands over, many times. */
const bufferBytes = 2 << 20;
const largestFrameBytes = 262_144;
const nanoseconds = 1;
const readable = 1;
const isWindows = process.platform === 'win32';

// struct pcap_pkthdr: struct timeval (two longs: 32 bits each on Windows, 64 elsewhere), caplen, len.
const headerWords = isWindows ? 4 : 6;
const capLenWord = isWindows ? 2 : 4;

/** C functions beside libpcap's. Addresses are plain numbers here: they are below 2^53, and numbers cost no memory. */
interface Memory {
  copy(to: number, from: number, bytes: number): void;
  /** poll(2); null on Windows. */
  readonly poll: ((fds: Int32Array, count: number, milliseconds: number) => number) | null;
}

function loadMemory({ koffi }: Libpcap): Memory {
  const library = koffi.load(isWindows ? 'msvcrt.dll' : null);
  return {
    copy: library.func('void memcpy(intptr_t to, intptr_t from, size_t bytes)'),
    poll: isWindows ? null : library.func('int poll(void *fds, unsigned long count, int milliseconds)'),
  };
}

/**
 * Opens the interface through libpcap. `fanout` is not possible there and must be null.
 *
 * @throws Failure NO_SUCH_INTERFACE, BAD_FILTER, NO_PERMISSION, INTERFACE_DOWN, LIBRARY_MISSING, CAPTURE_FAILED,
 *   UNSUPPORTED.
 */
export function openLibpcap(options: LiveOptions): Source {
  if (options.fanout !== null) {
    throw new Failure('UNSUPPORTED', 'libpcap cannot share an interface between workers', 'Leave --workers away.');
  }
  const library = loadLibpcap();
  const errors = new Uint8Array(errorBufferBytes);
  const handle = library.pcap_create(options.name, errors);
  if (handle === null) throw failed(options.name, errorText(errors));
  try {
    return source(options, library, handle, activate(options, library, handle));
  } catch (failure) {
    library.pcap_close(handle);
    throw failure;
  }
}

/** Starts the capture and gives the ticks per second of its time stamps. */
function activate(options: LiveOptions, library: Libpcap, handle: Pointer): number {
  const wantedBytes = options.bufferBytes === 0 ? defaultBufferBytes : options.bufferBytes;
  library.pcap_set_snaplen(handle, options.snapLen === 0 ? largestFrameBytes : options.snapLen);
  library.pcap_set_promisc(handle, options.promiscuous ? 1 : 0);
  library.pcap_set_timeout(handle, readTimeoutMs);
  library.pcap_set_buffer_size(handle, Math.min(wantedBytes, 0x7fffffff));
  // Refused where only microseconds are told; both are fine.
  library.pcap_set_tstamp_precision(handle, nanoseconds);
  const status = library.pcap_activate(handle);
  // Above 0 are warnings: the capture runs.
  if (status < 0) throw activationFailure(status, options.name, library.pcap_geterr(handle));
  if (options.filter.trim() !== '') setFilter(options.filter, library, handle);
  if (!isWindows && library.pcap_setnonblock(handle, 1, new Uint8Array(errorBufferBytes)) < 0) {
    throw failed(options.name, library.pcap_geterr(handle));
  }
  return library.pcap_get_tstamp_precision(handle) === nanoseconds ? 1e9 : 1e6;
}

/** Compiled on the open capture, so that libpcap knows what its kernel keeps beside the packet, such as VLAN tags. */
function setFilter(expression: string, library: Libpcap, handle: Pointer): void {
  const program = new Uint8Array(16);
  const hint = 'The words are those of man pcap-filter.';
  if (library.pcap_compile(handle, program, expression, 1, unknownNetmask) !== 0) {
    const because = printable(library.pcap_geterr(handle));
    throw new Failure('BAD_FILTER', `bad filter "${printable(expression)}": ${because}`, hint);
  }
  const status = library.pcap_setfilter(handle, program);
  library.pcap_freecode(program);
  if (status !== 0) throw new Failure('BAD_FILTER', printable(library.pcap_geterr(handle)), hint);
}

// PCAP_ERROR_ numbers of pcap_activate(3PCAP).
function activationFailure(status: number, name: string, because: string): Failure {
  if (status === -5) return noSuchInterface(name);
  if (status === -8 || status === -11) return noPermission(name);
  if (status === -9) return interfaceDown(name);
  return failed(name, because);
}

function failed(name: string, because: string): Failure {
  return new Failure(
    'CAPTURE_FAILED',
    `could not capture on ${name}: ${printable(because)}`,
    '`taplight doctor` says more.',
  );
}

function errorText(errors: Uint8Array): string {
  return new TextDecoder().decode(errors.subarray(0, errors.indexOf(0)));
}

function source(options: LiveOptions, library: Libpcap, handle: Pointer, ticksPerSec: number): Source {
  const { name, snapLen } = options;
  const memory = loadMemory(library);
  const bytes = new Uint8Array(bufferBytes);
  const pollFd = new Int32Array(2);
  pollFd[0] = library.pcap_get_selectable_fd?.(handle) ?? -1;
  pollFd[1] = readable;
  const take = packetTaker(library, memory, handle, bytes, ticksPerSec);
  const stats = { received: 0, droppedKernel: 0, droppedInterface: 0 };
  const counts = new Uint32Array(8);
  let damage: Source['damage'] = null;
  let isClosed = false;

  return {
    kind: 'interface',
    name,
    interfaces: [{ name, linkType: linkTypeOf(library.pcap_datalink(handle)), snapLen, ticksPerSec }],
    get damage() {
      return damage;
    },
    read(batch, waitMs) {
      if (isClosed || damage !== null) return endOfInput;
      batch.bytes = bytes;
      let count = take(batch);
      if (count === 0 && waitMs > 0 && memory.poll !== null && pollFd[0] >= 0) {
        memory.poll(pollFd, 1, waitMs);
        count = take(batch);
      }
      if (count < 0) {
        const because = printable(library.pcap_geterr(handle));
        damage = { name: 'interface.gone', at: stats.received, because: `libpcap ended the capture: ${because}` };
        count = 0;
      }
      batch.count = count;
      stats.received += count;
      if (count === 0) return damage === null ? nothingYet : endOfInput;
      return count;
    },
    stats() {
      if (!isClosed && library.pcap_stats(handle, counts) === 0) {
        stats.droppedKernel = counts[1];
        stats.droppedInterface = counts[2];
      }
      return { ...stats };
    },
    progress: () => ({ doneBytes: 0, totalBytes: null }),
    close() {
      if (isClosed) return;
      this.stats();
      isClosed = true;
      library.pcap_close(handle);
    },
  };
}

/** Makes the function that copies what libpcap has now into a batch; -1 when libpcap reports an error before that. */
function packetTaker(library: Libpcap, memory: Memory, handle: Pointer, bytes: Uint8Array, ticksPerSec: number) {
  const header = new Uint32Array(headerWords);
  const headerAt = Number(library.koffi.address(header));
  const bytesAt = Number(library.koffi.address(bytes));
  const headerPointer = new BigUint64Array(1);
  const dataPointer = new BigUint64Array(1);
  const headerHalves = new Uint32Array(headerPointer.buffer);
  const dataHalves = new Uint32Array(dataPointer.buffer);
  const address = (halves: Uint32Array) => halves[1] * 2 ** 32 + halves[0];
  const perUs = ticksPerSec / 1e6;
  return (batch: FrameBatch): number => {
    let used = 0;
    let count = 0;
    while (count < batchCapacity && used + largestFrameBytes <= bytes.length) {
      const status = library.pcap_next_ex(handle, headerPointer, dataPointer);
      if (status < 0) return count > 0 ? count : -1;
      if (status === 0) break;
      memory.copy(headerAt, address(headerHalves), headerWords * 4);
      const captured = Math.min(header[capLenWord], largestFrameBytes);
      memory.copy(bytesAt + used, address(dataHalves), captured);
      const seconds = isWindows ? header[0] : header[0] + header[1] * 2 ** 32;
      const ticks = header[capLenWord / 2];
      const microseconds = Math.floor(ticks / perUs);
      batch.at[count] = used;
      batch.capLen[count] = captured;
      batch.wireLen[count] = header[capLenWord + 1];
      batch.timeUs[count] = seconds * 1e6 + microseconds;
      batch.timeNs[count] = perUs === 1 ? 0 : ticks - microseconds * 1000;
      used += captured;
      count++;
    }
    return count;
  };
}
