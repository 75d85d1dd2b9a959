// One TCP conversation of the story as a switch near the office's hosts sees it (RFC 9293).
import { put16, put32, tcpBit } from '../../bench/make/headers.mjs';

const { fin, syn, rst, psh, ack } = tcpBit;
const mss = 1400;
const synOptions = Buffer.from([2, 4, 5, 0xb4, 1, 3, 3, 7, 1, 1, 4, 2]);
const none = Buffer.alloc(0);

export class Tcp {
  /** Packet time now, microseconds after the beginning of the story. */
  now;
  #stage;
  #ends;
  #rttUs;
  #next;

  /**
   * @param {import('./stage.mjs').Stage} stage @param {import('../../bench/make/random.mjs').Random} random
   * @param {{ us: number, from: string, to: string, port: number, fromPort?: number, rttUs?: number }} about
   */
  constructor(stage, random, { us, from, to, port, fromPort = 32_768 + random.below(28_000), rttUs = 24_000 }) {
    this.#stage = stage;
    this.now = us;
    this.#rttUs = rttUs;
    this.#ends = [
      { address: from, port: fromPort },
      { address: to, port },
    ];
    this.#next = [random.word(), random.word()];
  }

  #segment(us, side, flags, payload = none, at = this.#next[side], acked = this.#next[1 - side]) {
    const [from, to] = [this.#ends[side], this.#ends[1 - side]];
    const options = flags & syn ? synOptions : none;
    const head = Buffer.alloc(20);
    put16(head, 0, from.port);
    put16(head, 2, to.port);
    put32(head, 4, at);
    put32(head, 8, flags & ack ? acked : 0);
    head[12] = ((20 + options.length) / 4) << 4;
    head[13] = flags;
    put16(head, 14, flags & syn ? 64_240 : 502);
    this.#stage.ip(us, from.address, to.address, 6, Buffer.concat([head, options, payload]), 16);
  }

  #count(side, bytes) {
    this.#next[side] = (this.#next[side] + bytes) >>> 0;
  }

  /** SYN, SYN with ACK, ACK. */
  open() {
    this.#segment(this.now, 0, syn);
    this.#count(0, 1);
    this.now += this.#rttUs;
    this.#segment(this.now, 1, syn | ack);
    this.#count(1, 1);
    this.now += 150;
    this.#segment(this.now, 0, ack);
    this.now += 400;
    return this;
  }

  /** A try that is refused. */
  refused() {
    this.#segment(this.now, 0, syn);
    this.#count(0, 1);
    this.#segment(this.now + this.#rttUs, 1, rst | ack, none, 0);
  }

  /** A try that finds a service and leaves at once. */
  knock() {
    this.open();
    this.#segment(this.now, 0, rst | ack);
  }

  /** What one side says (0 the client, 1 the server), and that the other has it. */
  say(side, content, gapUs = 90) {
    const bytes = Buffer.from(content);
    for (let at = 0; at < bytes.length; at += mss) {
      const piece = bytes.subarray(at, at + mss);
      const isLast = at + mss >= bytes.length;
      this.#segment(this.now, side, isLast ? psh | ack : ack, piece);
      this.#count(side, piece.length);
      this.now += gapUs;
      const isDue = isLast || (at / mss) % 2 === 1;
      if (isDue) this.#segment(this.now + (side === 0 ? this.#rttUs : 120), 1 - side, ack);
      if (isLast) this.now += side === 0 ? this.#rttUs : 120;
    }
    this.now += 30;
    return this;
  }

  /** A download of which every `every`th segment is lost behind the switch, and sent again when three ACKs ask for it. */
  lossy(content, every, gapUs) {
    const bytes = Buffer.from(content);
    const first = this.#next[1];
    const seqOf = (at) => (first + at) >>> 0;
    for (let at = 0, n = 1; at < bytes.length; at += mss, n++) {
      const piece = bytes.subarray(at, at + mss);
      this.#segment(this.now, 1, ack, piece, seqOf(at));
      const isLost = n % every === 0 && at + 4 * mss < bytes.length;
      if (!isLost) this.#segment(this.now + 900, 0, ack, none, undefined, seqOf(at + piece.length));
      else {
        for (let i = 1; i <= 3; i++) {
          const later = bytes.subarray(at + i * mss, at + (i + 1) * mss);
          this.#segment(this.now + i * gapUs, 1, ack, later, seqOf(at + i * mss));
          this.#segment(this.now + i * gapUs + 900, 0, ack, none, undefined, seqOf(at));
        }
        // The first comes back after a round trip; of others the repetition is lost, too, and a timer has to run out.
        this.now += 3 * gapUs + (n % (2 * every) === 0 ? 420_000 : this.#rttUs + 2_000);
        this.#segment(this.now, 1, psh | ack, piece, seqOf(at));
        at += 3 * mss;
        this.#segment(this.now + 900, 0, ack, none, undefined, seqOf(at + mss));
      }
      this.now += gapUs;
    }
    this.#count(1, bytes.length);
    this.now += 2_000;
    return this;
  }

  wait(us) {
    this.now += us;
    return this;
  }

  /** FIN of one side, FIN of the other. */
  close(side = 0) {
    this.#segment(this.now, side, fin | ack);
    this.#count(side, 1);
    this.now += this.#rttUs;
    this.#segment(this.now, 1 - side, fin | ack);
    this.#count(1 - side, 1);
    this.#segment(this.now + 140, side, ack);
    this.now += 200;
    return this;
  }
}
