// A small TCP for tests: one connection over one bottleneck, seen at one point. Slow start, congestion avoidance, fast
// retransmit and recovery (RFC 5681, RFC 6582), timeouts (RFC 6298), delayed ACKs, windows, timestamps (RFC 7323).

/** Times are microseconds, one way where not said otherwise. */
export interface Scenario {
  readonly seed: number;
  /** From the capture to the sender and to the receiver of the data. */
  readonly senderUs: number;
  readonly receiverUs: number;
  readonly bytes: number;
  /** The client sends the data; else it asks and the server sends. */
  readonly isUpload: boolean;
  /** Link between capture and receiver; 0: as fast as one likes. */
  readonly rateBps: number;
  readonly bufferBytes: number;
  /** Share of data segments lost, and whether before or after the capture. */
  readonly loss: number;
  readonly isLossBefore: boolean;
  readonly receiveBuffer: number;
  /** Most that the sender keeps under way. */
  readonly sendBuffer: number;
  /** The receiver's application: bytes per second that it reads; Infinity: all at once. And a time it does not read. */
  readonly readBps: number;
  readonly pauseFromUs: number;
  readonly pauseUs: number;
  /** The sender's application: so many bytes, then a rest. */
  readonly chunk: number;
  readonly restUs: number;
  /** Writes of 300 bytes, with rests, before the first chunk. */
  readonly smallWrites: number;
  /** At that time the way between capture and receiver becomes longer by so much. */
  readonly stepAtUs: number;
  readonly stepUs: number;
  /** Segments with more payload than this vanish behind the capture. */
  readonly mtuPayload: number;
  readonly hasStamps: boolean;
}

export const plainScenario: Scenario = {
  seed: 1,
  senderUs: 1000,
  receiverUs: 20_000,
  bytes: 2_000_000,
  isUpload: false,
  rateBps: 0,
  bufferBytes: 1e9,
  loss: 0,
  isLossBefore: false,
  receiveBuffer: 4_000_000,
  sendBuffer: 1e9,
  readBps: Number.POSITIVE_INFINITY,
  pauseFromUs: Number.POSITIVE_INFINITY,
  pauseUs: 0,
  chunk: 1e12,
  restUs: 0,
  smallWrites: 0,
  stepAtUs: Number.POSITIVE_INFINITY,
  stepUs: 0,
  mtuPayload: 65_536,
  hasStamps: false,
};

/** A segment as it passes the capture. */
export interface SeenSegment {
  readonly timeUs: number;
  readonly isFromClient: boolean;
  readonly seq: number;
  readonly ack: number;
  readonly flags: number;
  readonly window: number;
  readonly length: number;
  /** -1: no timestamps. */
  readonly stamp: number;
  readonly echo: number;
}

export interface Simulated {
  readonly segments: readonly SeenSegment[];
  /** Data segments that passed the capture and were sent again. */
  readonly repeated: number;
}

export const segmentBytes = 1400;
const firstSeq = 1000;
const requestBytes = 200;
const scale = 7;
const leastRtoUs = 200_000;
const delayedAckUs = 40_000;
const limitUs = 120e6;

/** Numbers 0 ‥ 1 that a seed determines (mulberry32). */
export function seeded(seed: number): () => number {
  let a = seed | 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

interface Due {
  readonly atUs: number;
  readonly order: number;
  readonly run: () => void;
}

class Simulator {
  readonly #s: Scenario;
  readonly #random: () => number;
  readonly seen: SeenSegment[] = [];
  readonly #due: Due[] = [];
  #order = 0;
  #now = 0;
  repeated = 0;
  // sender
  #next = 0;
  #acked = 0;
  #sentMost = 0;
  #written = 0;
  #writes = 0;
  #cwnd = 10 * segmentBytes;
  #threshold = Number.POSITIVE_INFINITY;
  #duplicates = 0;
  #recover = -1;
  #window = 65_535;
  #rtoUs = 1e6;
  #smoothUs = 0;
  #timer = 0;
  #timed: { end: number; atUs: number } | null = null;
  #hasProbe = false;
  // link and receiver
  #linkFreeUs = 0;
  #received = 0;
  #read = 0;
  #readAtUs = 0;
  readonly #early = new Set<number>();
  #unacked = 0;
  #ackTimer = 0;
  #echo = 0;
  #toldWindow = 0;

  constructor(scenario: Scenario) {
    this.#s = scenario;
    this.#random = seeded(scenario.seed);
  }

  #at(atUs: number, run: () => void): void {
    const due = { atUs, order: this.#order++, run };
    let i = this.#due.length;
    while (
      i > 0 &&
      (this.#due[i - 1].atUs < atUs || (this.#due[i - 1].atUs === atUs && this.#due[i - 1].order < due.order))
    )
      i--;
    this.#due.splice(i, 0, due);
  }

  #receiverLegUs(): number {
    return this.#s.receiverUs + (this.#now >= this.#s.stepAtUs ? this.#s.stepUs : 0);
  }

  /** Notes a segment that is sent now; to be called with the time at which it passes the capture. */
  #see(isFromSender: boolean, seq: number, ack: number, flags: number, window: number, length: number) {
    const isFromClient = isFromSender === this.#s.isUpload;
    const stamp = this.#s.hasStamps ? Math.floor(this.#now / 1000) + 7 : -1;
    const echo = isFromSender ? 0 : this.#echo;
    return (timeUs: number): void => {
      this.seen.push({ timeUs, isFromClient, seq, ack, flags, window, length, stamp, echo });
    };
  }

  run(): Simulated {
    const { senderUs: a, receiverUs: b, isUpload } = this.#s;
    const clientUs = isUpload ? a : b;
    const serverUs = isUpload ? b : a;
    const isSender = isUpload;
    this.#see(isSender, firstSeq - 1, 0, 2, 65_535, 0)(clientUs);
    this.#see(!isSender, firstSeq - 1, firstSeq, 18, 65_535, 0)(clientUs + 2 * serverUs);
    const openUs = 2 * clientUs + 2 * serverUs;
    this.#see(isSender, firstSeq, firstSeq, 16, this.#s.receiveBuffer >> scale, 0)(openUs + clientUs);
    if (!isUpload) {
      this.#see(false, firstSeq, firstSeq, 24, this.#s.receiveBuffer >> scale, requestBytes)(openUs + b + 50);
      this.#at(openUs + b + a + 100, () => this.#begin());
    } else this.#at(openUs + 50, () => this.#begin());
    for (let i = this.#due.pop(); i !== undefined && i.atUs < limitUs; i = this.#due.pop()) {
      this.#now = i.atUs;
      i.run();
      if (this.#acked >= this.#s.bytes) break;
    }
    this.seen.sort((x, y) => x.timeUs - y.timeUs);
    return { segments: this.seen, repeated: this.repeated };
  }

  #begin(): void {
    this.#window = this.#s.receiveBuffer;
    this.#toldWindow = this.#s.receiveBuffer;
    this.#readAtUs = this.#now;
    this.#write();
  }

  /** The application writes a chunk; the next one after a rest. */
  #write(): void {
    const size = this.#writes++ < this.#s.smallWrites ? 300 : this.#s.chunk;
    this.#written = Math.min(this.#s.bytes, this.#written + size);
    this.#fill();
    if (this.#written < this.#s.bytes) this.#at(this.#now + this.#s.restUs, () => this.#write());
  }

  #fill(): void {
    const allowed = Math.min(this.#cwnd, this.#window, this.#s.sendBuffer);
    while (this.#next < this.#written && this.#next - this.#acked < allowed) {
      const length = Math.min(segmentBytes, this.#written - this.#next);
      // Silly window avoidance: a full segment, or all there is.
      if (this.#next + length - this.#acked > this.#window) break;
      if (this.#next + length - this.#acked > allowed && this.#next !== this.#acked) break;
      this.#send(this.#next, length);
      this.#next += length;
    }
    if (this.#acked < this.#next) this.#startTimer(false);
    else if (this.#next < this.#written && !this.#hasProbe) {
      this.#hasProbe = true;
      this.#at(this.#now + this.#rtoUs, () => this.#probe());
    }
  }

  /** The window is shut: one byte asks whether it still is. */
  #probe(): void {
    this.#hasProbe = false;
    if (this.#next >= this.#written || this.#acked < this.#next || this.#window >= segmentBytes) return;
    this.#see(true, firstSeq + this.#next, this.#peerSeq(), 16, 512, 1)(this.#now + this.#s.senderUs);
    this.#at(this.#now + this.#s.senderUs + this.#receiverLegUs(), () => this.#acknowledge());
    this.#hasProbe = true;
    this.#at(this.#now + 2 * this.#rtoUs, () => this.#probe());
  }

  #peerSeq(): number {
    return firstSeq + (this.#s.isUpload ? 0 : requestBytes);
  }

  #send(from: number, length: number): void {
    const s = this.#s;
    const isAgain = from < this.#sentMost;
    if (!isAgain && this.#timed === null) this.#timed = { end: from + length, atUs: this.#now };
    if (isAgain && this.#timed !== null && from < this.#timed.end) this.#timed = null;
    this.#sentMost = Math.max(this.#sentMost, from + length);
    const isLost = this.#random() < s.loss;
    if (isLost && s.isLossBefore) return;
    const atTap = this.#now + s.senderUs;
    const flags = from + length >= this.#written ? 24 : 16;
    const see = this.#see(true, firstSeq + from, this.#peerSeq(), flags, 512, length);
    this.#at(atTap, () => {
      see(this.#now);
      if (isAgain) this.repeated++;
      if (!isLost && length <= s.mtuPayload) this.#pass(from, length);
    });
  }

  /** From the capture over the link to the receiver. */
  #pass(from: number, length: number): void {
    const { rateBps, bufferBytes } = this.#s;
    let leaveUs = this.#now;
    if (rateBps > 0) {
      const queued = ((Math.max(this.#linkFreeUs, this.#now) - this.#now) * rateBps) / 8e6;
      if (queued + length > bufferBytes) return;
      leaveUs = Math.max(this.#linkFreeUs, this.#now) + ((length + 60) * 8e6) / rateBps;
      this.#linkFreeUs = leaveUs;
    }
    const sentStamp = Math.floor((this.#now - this.#s.senderUs) / 1000) + 7;
    this.#at(leaveUs + this.#receiverLegUs(), () => this.#receive(from, length, sentStamp));
  }

  #receive(from: number, length: number, stamp: number): void {
    if (from === this.#received) {
      this.#received += length;
      if (this.#unacked === 0) this.#echo = stamp;
      while (this.#early.has(this.#received)) {
        this.#early.delete(this.#received);
        this.#received += segmentBytes;
      }
      this.#unacked++;
      const isNow = this.#unacked >= 2 || this.#early.size > 0 || this.#room() < segmentBytes;
      if (isNow) this.#acknowledge();
      else {
        const timer = ++this.#ackTimer;
        this.#at(this.#now + delayedAckUs, () => timer === this.#ackTimer && this.#unacked > 0 && this.#acknowledge());
      }
    } else {
      if (from > this.#received) this.#early.add(from);
      this.#acknowledge();
    }
  }

  #room(): number {
    const { readBps, pauseFromUs, pauseUs, receiveBuffer } = this.#s;
    const isPaused = this.#now >= pauseFromUs && this.#now < pauseFromUs + pauseUs;
    if (!isPaused) {
      const most =
        readBps === Number.POSITIVE_INFINITY
          ? this.#received
          : this.#read + ((this.#now - this.#readAtUs) * readBps) / 1e6;
      this.#read = Math.min(this.#received, most);
    }
    this.#readAtUs = this.#now;
    return Math.max(0, receiveBuffer - (this.#received - this.#read));
  }

  #acknowledge(): void {
    this.#unacked = 0;
    this.#ackTimer++;
    // A shut window stays so until there is room for a segment.
    const room = this.#room();
    const window = room < 2 * segmentBytes ? 0 : (room >> scale) << scale;
    this.#toldWindow = window;
    const ack = this.#received;
    const see = this.#see(false, this.#peerSeq(), firstSeq + ack, 16, window >> scale, 0);
    const leg = this.#receiverLegUs();
    this.#at(this.#now + leg, () => see(this.#now));
    this.#at(this.#now + leg + this.#s.senderUs, () => this.#heard(ack, window));
    if (window < segmentBytes) this.#at(this.#now + 20_000, () => this.#reopen());
  }

  #reopen(): void {
    if (this.#toldWindow >= segmentBytes) return;
    if (this.#room() >= 4 * segmentBytes || this.#room() >= this.#s.receiveBuffer / 2) this.#acknowledge();
    else this.#at(this.#now + 20_000, () => this.#reopen());
  }

  #heard(ack: number, window: number): void {
    const isSame = ack === this.#acked && this.#next > this.#acked && window === this.#window;
    this.#window = window;
    if (ack > this.#acked) this.#newAck(ack);
    else if (isSame && window > 0) this.#duplicate();
    this.#fill();
  }

  #newAck(ack: number): void {
    if (this.#timed !== null && ack >= this.#timed.end) {
      const us = this.#now - this.#timed.atUs;
      this.#smoothUs = this.#smoothUs === 0 ? us : this.#smoothUs + (us - this.#smoothUs) / 8;
      this.#rtoUs = Math.max(leastRtoUs, 2 * this.#smoothUs + delayedAckUs);
      this.#timed = null;
    }
    const news = ack - this.#acked;
    this.#acked = ack;
    this.#next = Math.max(this.#next, ack);
    if (this.#recover >= 0) {
      if (ack >= this.#recover) {
        this.#recover = -1;
        this.#cwnd = this.#threshold;
        this.#duplicates = 0;
      } else this.#send(ack, Math.min(segmentBytes, this.#written - ack));
    } else {
      this.#duplicates = 0;
      const isUsed = this.#next - ack + news >= this.#cwnd - 2 * segmentBytes;
      if (isUsed) this.#cwnd += this.#cwnd < this.#threshold ? news : (news * segmentBytes) / this.#cwnd;
    }
    this.#startTimer(true);
  }

  #duplicate(): void {
    this.#duplicates++;
    if (this.#recover >= 0) this.#cwnd += segmentBytes;
    else if (this.#duplicates === 3) {
      this.#threshold = Math.max(2 * segmentBytes, (this.#next - this.#acked) / 2);
      this.#cwnd = this.#threshold + 3 * segmentBytes;
      this.#recover = this.#next;
      this.#send(this.#acked, Math.min(segmentBytes, this.#written - this.#acked));
    }
  }

  #startTimer(isFresh: boolean): void {
    if (!isFresh && this.#timer !== 0) return;
    this.#timer = this.#order + 1;
    const timer = this.#timer;
    this.#at(this.#now + this.#rtoUs, () => {
      if (timer !== this.#timer) return;
      this.#timer = 0;
      if (this.#acked >= this.#next) return;
      this.#threshold = Math.max(2 * segmentBytes, (this.#next - this.#acked) / 2);
      this.#cwnd = segmentBytes;
      this.#recover = -1;
      this.#duplicates = 0;
      this.#rtoUs = Math.min(8e6, this.#rtoUs * 2);
      this.#next = this.#acked;
      this.#fill();
    });
  }
}

/** Plays a scenario to its end, or for two minutes. */
export function simulate(scenario: Partial<Scenario>): Simulated {
  return new Simulator({ ...plainScenario, ...scenario }).run();
}
