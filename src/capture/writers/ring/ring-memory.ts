// Blocks of packets on their way from the thread that captures to the one that writes: a fixed number in shared memory,
// filled and emptied in turn.
//
//   control   failed, length of the failure, ended, then per block: state, bytes of packets, bytes of index, flags
//   doubles   per block: first, last and late of its file so far
//   text      what went wrong
//   blocks    packets and index of each

/** Packets and index of one block. The index fills up first only where packets are below 130 bytes. */
export const packetAreaBytes = 1 << 20;
export const indexAreaBytes = 1 << 18;
export const blockCount = 8;

const textBytes = 2048;
/** Words of the control memory before those of blocks, and of each block. */
const headWords = 4;
const blockWords = 4;
const blockDoubles = 3;

/** Words of the head: a failure was told, and its bytes; the writing thread has ended. */
const W = { failed: 0, failureBytes: 1, ended: 2 } as const;
/** States of a block: to be filled, to be written, nothing comes any more. */
export const blockState = { free: 0, full: 1, end: 2 } as const;

/** The block begins a new file. */
export const beginsFile = 1;

const utf8 = new TextEncoder();
const text = new TextDecoder();

/** What both threads hold: views of the same memory. */
export class RingMemory {
  readonly shared: SharedArrayBuffer;
  readonly control: Int32Array;
  /** Of each block: first, last, late. */
  readonly doubles: Float64Array;
  readonly #text: Uint8Array;
  readonly #blocksAt: number;

  /** @param shared memory of another thread's RingMemory; made when left out */
  constructor(shared?: SharedArrayBuffer) {
    const controlBytes = (headWords + blockCount * blockWords) * 4;
    const doublesCount = blockCount * blockDoubles;
    const blocksAt = controlBytes + doublesCount * 8 + textBytes;
    this.shared = shared ?? new SharedArrayBuffer(blocksAt + blockCount * (packetAreaBytes + indexAreaBytes));
    this.control = new Int32Array(this.shared, 0, controlBytes / 4);
    this.doubles = new Float64Array(this.shared, controlBytes, doublesCount);
    this.#text = new Uint8Array(this.shared, controlBytes + doublesCount * 8, textBytes);
    this.#blocksAt = blocksAt;
  }

  packetArea(block: number): Uint8Array {
    const at = this.#blocksAt + block * (packetAreaBytes + indexAreaBytes);
    return new Uint8Array(this.shared, at, packetAreaBytes);
  }

  indexArea(block: number): Uint8Array {
    const at = this.#blocksAt + block * (packetAreaBytes + indexAreaBytes) + packetAreaBytes;
    return new Uint8Array(this.shared, at, indexAreaBytes);
  }

  /** Word of a block's state; sizes and flags follow. */
  stateAt(block: number): number {
    return headWords + block * blockWords;
  }

  /** Double of a block's first time; last and late follow. */
  timesAt(block: number): number {
    return block * blockDoubles;
  }

  state(block: number): number {
    return Atomics.load(this.control, this.stateAt(block));
  }

  setState(block: number, state: number): void {
    Atomics.store(this.control, this.stateAt(block), state);
    Atomics.notify(this.control, this.stateAt(block));
  }

  /** Waits until the state is another one, `timeoutMs` at the most; gives the state. */
  waitWhile(block: number, state: number, timeoutMs: number): number {
    Atomics.wait(this.control, this.stateAt(block), state, timeoutMs);
    return this.state(block);
  }

  /** Nothing more is kept, because of this. */
  fail(because: string): void {
    const bytes = utf8.encode(because).subarray(0, textBytes);
    this.#text.set(bytes);
    this.control[W.failureBytes] = bytes.length;
    Atomics.store(this.control, W.failed, 1);
  }

  get hasFailed(): boolean {
    return Atomics.load(this.control, W.failed) === 1;
  }

  /** Null while nothing went wrong. */
  get failure(): string | null {
    return this.hasFailed ? text.decode(this.#text.slice(0, this.control[W.failureBytes])) : null;
  }

  /** Told by the writing thread when it has closed its files. */
  end(): void {
    Atomics.store(this.control, W.ended, 1);
    Atomics.notify(this.control, W.ended);
  }

  /** Waits for `end`; false when it did not come in time. */
  waitForEnd(timeoutMs: number): boolean {
    Atomics.wait(this.control, W.ended, 0, timeoutMs);
    return Atomics.load(this.control, W.ended) === 1;
  }
}
