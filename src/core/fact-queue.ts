// The bounded queue between threads: a ring of bytes in shared memory, one writer, one reader.
//
//      head (reader takes here)        tail (writer puts here)
//   ────┬──────────────────────────────┬───────────────────────
//       │ len kind payload │ len kind …│          free
//   ────┴──────────────────────────────┴───────────────────────
//
// Positions are counted in 8-byte units and never wrap as numbers (modulo 2^31); a message never straddles the end of
// the ring: a filler message covers the rest. `len` counts units, header included.

const controlWords = 16;
const HEAD = 0;
const TAIL = 1;
const SENT = 2;
const DROPPED = 3;
const CLOSED = 4;

/** Kind of the filler message; never shown to readers. */
const FILLER = 0;

/** What to do when the queue is full: `wait` for the reader (offline: nothing is lost), or `drop` and count (live). */
export type FullPolicy = 'wait' | 'drop';

export interface QueueCounters {
  readonly sent: number;
  readonly dropped: number;
  /** Share of the ring in use, 0..1. */
  readonly fill: number;
}

/** Memory of a queue, to be given to both threads. `bytes` is rounded up to a power of two, at least 64 KiB. */
export function createQueueMemory(bytes: number): SharedArrayBuffer {
  let size = 65536;
  while (size < bytes) size *= 2;
  return new SharedArrayBuffer(controlWords * 4 + size);
}

class QueueEnd {
  protected readonly control: Int32Array;
  /** Views of the ring; a message's payload begins at unit `u`: byte u*8, word u*2, double u. */
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  protected readonly units: number;

  constructor(memory: SharedArrayBuffer) {
    this.control = new Int32Array(memory, 0, controlWords);
    this.bytes = new Uint8Array(memory, controlWords * 4);
    this.words = new Int32Array(memory, controlWords * 4);
    this.doubles = new Float64Array(memory, controlWords * 4);
    this.units = this.doubles.length;
  }

  counters(): QueueCounters {
    const used = (Atomics.load(this.control, TAIL) - Atomics.load(this.control, HEAD)) & 0x7fffffff;
    return {
      sent: Atomics.load(this.control, SENT) >>> 0,
      dropped: Atomics.load(this.control, DROPPED) >>> 0,
      fill: used / this.units,
    };
  }
}

/** The writing end. `reserve` a message, fill its payload through the views, `commit`. */
export class QueueWriter extends QueueEnd {
  #policy: FullPolicy;
  /** Called before waiting on a full ring, so that the reader is told there is something to take. */
  readonly #wake: () => void;
  #tail: number;
  #pending = 0;

  constructor(memory: SharedArrayBuffer, policy: FullPolicy, wake: () => void) {
    super(memory);
    this.#policy = policy;
    this.#wake = wake;
    this.#tail = Atomics.load(this.control, TAIL);
  }

  /** From now on waits when full: once a capture has stopped there is time for every last record. */
  waitFromNow(): void {
    this.#policy = 'wait';
  }

  /**
   * Makes room for a message with `payloadBytes` of payload.
   * @returns the first unit of the payload, or -1 when the message has to be dropped (counted).
   */
  reserve(kind: number, payloadBytes: number): number {
    const need = 1 + ((payloadBytes + 7) >>> 3);
    if (need > this.units >> 1) return this.#drop();
    let at = this.#tail & (this.units - 1);
    const rest = this.units - at;
    const filler = rest < need ? rest : 0;
    let head = Atomics.load(this.control, HEAD);
    while (this.units - ((this.#tail - head) & 0x7fffffff) < need + filler) {
      if (this.#policy === 'drop' || Atomics.load(this.control, CLOSED) === 1) return this.#drop();
      this.#wake();
      // The reader changes HEAD as it takes; the time limit only guards against a reader that died. Waiting on the very
      // value that was compared means that no step of the reader in between is missed.
      Atomics.wait(this.control, HEAD, head, 50);
      head = Atomics.load(this.control, HEAD);
    }
    if (filler > 0) {
      this.words[at * 2] = filler;
      this.words[at * 2 + 1] = FILLER;
      this.#tail = (this.#tail + filler) & 0x7fffffff;
      at = 0;
    }
    this.words[at * 2] = need;
    this.words[at * 2 + 1] = kind;
    this.#pending = need;
    return at + 1;
  }

  /** The message reserved last is only so long after all. */
  shrink(payloadBytes: number): void {
    this.#pending = 1 + ((payloadBytes + 7) >>> 3);
    this.words[(this.#tail & (this.units - 1)) * 2] = this.#pending;
  }

  /** Publishes the message reserved last. */
  commit(): void {
    this.#tail = (this.#tail + this.#pending) & 0x7fffffff;
    Atomics.store(this.control, TAIL, this.#tail);
    Atomics.add(this.control, SENT, 1);
  }

  /** Whether more than half of the ring is in use: time to tell the reader. */
  get isHalfFull(): boolean {
    return ((this.#tail - Atomics.load(this.control, HEAD)) & 0x7fffffff) > this.units >> 1;
  }

  get isEmpty(): boolean {
    return this.#tail === Atomics.load(this.control, HEAD);
  }

  #drop(): number {
    Atomics.add(this.control, DROPPED, 1);
    return -1;
  }
}

/** The reading end. */
export class QueueReader extends QueueEnd {
  /**
   * Hands every message that is there to `take(kind, unit, payloadBytes)`; the payload is valid only inside the call.
   * @returns the number of messages taken.
   */
  drain(take: (kind: number, unit: number, payloadBytes: number) => void): number {
    let head = Atomics.load(this.control, HEAD);
    const tail = Atomics.load(this.control, TAIL);
    let count = 0;
    let since = 0;
    try {
      while (head !== tail) {
        const at = head & (this.units - 1);
        const length = this.words[at * 2];
        const kind = this.words[at * 2 + 1];
        head = (head + length) & 0x7fffffff;
        if (kind !== FILLER) {
          count++;
          take(kind, at + 1, (length - 1) * 8);
        }
        // Room is given back in steps, so that a waiting writer goes on early without a wake-up per message.
        if (++since === 256) {
          since = 0;
          this.#release(head);
        }
      }
    } finally {
      // Also when `take` throws: a message is handed over once.
      this.#release(head);
    }
    return count;
  }

  get isEmpty(): boolean {
    return Atomics.load(this.control, HEAD) === Atomics.load(this.control, TAIL);
  }

  #release(head: number): void {
    Atomics.store(this.control, HEAD, head);
    Atomics.notify(this.control, HEAD);
  }

  /** Tells the writer that nobody will read again: what it still sends is dropped and counted. */
  close(): void {
    Atomics.store(this.control, CLOSED, 1);
    Atomics.notify(this.control, HEAD);
  }
}
