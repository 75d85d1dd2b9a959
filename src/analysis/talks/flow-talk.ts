// One flow's conversation: finds out which protocol speaks, gives it the bytes, and passes on what it tells.

import {
  type Conversation,
  type How,
  type InnerTalk,
  notMine,
  otherSide,
  type Protocol,
  type Side,
  type Talk,
} from '../protocols/protocol.ts';
import { FlowVoice, none } from './flow-voice.ts';
import { Inside } from './inner-talk.ts';
import { type Candidate, Hint, hopelessDatagrams, hopelessTurns } from './probing.ts';
import { SideBuffer } from './side-buffer.ts';
import type { StreamTaker } from './stream.ts';

/** Payloads that are looked at to find a name while some probe still hopes, and bytes of a side. */
const identifyTurns = 12;
const identifyTurnsMost = 64;
/** Fewer bytes than these are waited for longer: somebody types. */
const identifyLeast = 64;
const identifyBytes = 4096;
/** Bytes shown again without any being consumed, after which a talk is taken for stuck. */
const repeatLimit = 4 << 20;
/** Changes of protocol inside one flow. */
const changeLimit = 8;
/** Conversations inside conversations: what is carried deeper is not read. */
const depthLimit = 6;

const hint = new Hint();

export class FlowTalk extends FlowVoice implements Conversation, StreamTaker {
  #talk: Talk | null = null;
  #excluded: readonly number[] = none;
  #buffers: readonly [SideBuffer, SideBuffer] | null = null;
  /** Bytes of the client's and the server's stream to pass over unseen. */
  #skip0 = 0;
  #skip1 = 0;
  /** Protocol to go on with; undefined when there is no change. */
  #next: string | null | undefined = undefined;
  /** Asked for by the talk that is being called; then what each side waits for. */
  #need = 0;
  #need0 = 0;
  #need1 = 0;
  #inside: readonly FlowTalk[] = none;
  #nextGiven: unknown = undefined;
  #changes = 0;
  #turns = 0;
  /** Sides of a stream whose first bytes no probe wants to see more of, as bits. */
  #hopeless = 0;
  /** Who hopes to see more of each side's stream; null while nobody was asked. */
  #hopeful0: readonly Candidate[] | null = null;
  #hopeful1: readonly Candidate[] | null = null;
  #repeats = 0;
  #hasConsumed = false;

  need(bytes: number): void {
    this.#need = bytes;
  }
  rest(): void {
    this.isResting = true;
  }
  done(): void {
    this.isOver = true;
  }
  become(protocol: string | null, given?: unknown): void {
    this.#next = protocol;
    this.#nextGiven = given;
  }
  inner(protocol: string | null, given?: unknown): InnerTalk {
    const inside = new FlowTalk(this.host, this.ends, this);
    if (this.depth >= depthLimit) {
      inside.isOver = true;
      return new Inside(inside, this);
    }
    this.#inside = [...this.#inside.filter(({ isOver }) => !isOver), inside];
    if (protocol !== null) inside.open(protocol, 'handshake', given);
    return new Inside(inside, this);
  }

  // --- what comes in ---------------------------------------------------------------------------------------------

  /** Opens the flow with a known protocol. */
  open(name: string, how: How, given?: unknown): void {
    const protocol = this.host.probing.named(name);
    if (protocol === undefined) return;
    this.given = given;
    this.#start(protocol, how);
  }

  /** In-order bytes of a stream. */
  stream(from: Side, bytes: Uint8Array, at: number, end: number): void {
    if (this.isOver) return;
    at += this.#passOver(from, end - at);
    if (at >= end) return;
    const buffer = this.#buffers === null ? null : this.#buffers[from];
    if (buffer === null || buffer.length === 0) {
      this.firstUs = this.timeUs;
      const used = this.#show(from, bytes, at, end);
      if (!this.isOver && used < end - at) {
        const keeper = this.#bufferOf(from);
        this.#keep(keeper, bytes, at + used, end);
        keeper.firstUs = this.timeUs;
      }
    } else {
      this.#keep(buffer, bytes, at, end);
      this.#showKept(from);
    }
    if (this.#next !== undefined && !this.isOver) this.#change();
  }

  streamGap(from: Side, missing: number): void {
    if (this.isOver) return;
    const hole = missing - this.#passOver(from, missing);
    if (hole === 0) return;
    const buffer = this.#bufferOf(from);
    const lost = buffer.length;
    if (lost > 0) buffer.release(this.host.budget);
    // What follows begins anew for those who look.
    this.#forgetHopes();
    // What speaks cannot be told across a hole in the first bytes; what follows may still tell.
    if (this.#talk === null) return;
    if (this.#talk.gap === undefined) {
      this.finish();
      return;
    }
    this.#guard(() => this.#talk?.gap?.(this.#side(from), hole + lost));
  }

  streamConflict(_from: Side): void {
    this.host.weird(this.root, 'rexmit_inconsistency', undefined);
  }

  datagram(from: Side, bytes: Uint8Array, at: number, end: number, length: number): void {
    if (this.isOver) return;
    this.firstUs = this.timeUs;
    this.missing = length - (end - at);
    this.isResting = false;
    if (this.#talk === null) this.#identify(from, bytes, at, end, length);
    if (this.#talk === null || this.isOver) return;
    if (this.#call(from, bytes, at, end) === notMine && !this.isOver) {
      this.#exclude();
      this.#identify(from, bytes, at, end, length);
      if (this.#talk !== null && this.#call(from, bytes, at, end) === notMine) this.#exclude();
    }
    if (this.#next !== undefined && !this.isOver) this.#change();
  }

  /** The flow is over: the talk tells what is open, a flow without a name gets that of its port. */
  finish(): void {
    if (this.#talk !== null && !this.isOver) this.#guard(() => this.#talk?.end?.());
    if (this.apps.length === 0) this.namePort();
    this.isOver = true;
    this.release();
  }

  /** Gives back what is kept. */
  release(): void {
    if (this.#buffers !== null)
      for (const buffer of this.#buffers) if (buffer.bytes.length > 0) buffer.release(this.host.budget);
    // What was carried inside ends with what carried it, told or not.
    const inside = this.#inside;
    this.#inside = none;
    for (const one of inside) one.finish();
    this.#talk = null;
  }

  // --- inside ----------------------------------------------------------------------------------------------------

  #bufferOf(from: Side): SideBuffer {
    this.#buffers ??= [new SideBuffer(), new SideBuffer()];
    return this.#buffers[from];
  }

  /** Takes bytes of a side that are skipped; gives how many. */
  #passOver(from: Side, count: number): number {
    const skip = from === 0 ? this.#skip0 : this.#skip1;
    if (skip === 0) return 0;
    const step = Math.min(skip, count);
    this.#skipNext(from, skip - step);
    return step;
  }

  #skipNext(from: Side, count: number): void {
    if (from === 0) this.#skip0 = count;
    else this.#skip1 = count;
  }

  #side(from: Side): Side {
    return this.isSwapped ? otherSide(from) : from;
  }

  /** Shows all bytes of a side that are there; gives how many are done with. */
  #show(from: Side, bytes: Uint8Array, at: number, end: number): number {
    if (this.#talk === null) this.#identify(from, bytes, at, end, end - at);
    if (this.#talk === null || this.isOver) return 0;
    return this.#feed(from, bytes, at, end);
  }

  #showKept(from: Side): void {
    const buffer = this.#bufferOf(from);
    if (this.isOver || buffer.length === 0) return;
    if (buffer.length < (from === 0 ? this.#need0 : this.#need1)) return;
    this.firstUs = buffer.firstUs;
    const had = buffer.length;
    const used = Math.min(had, this.#show(from, buffer.bytes, buffer.from, buffer.to));
    if (this.isOver) return;
    if (used > 0) {
      buffer.drop(used, this.host.budget);
      buffer.firstUs = this.timeUs;
      this.#repeats = 0;
      return;
    }
    this.#repeats += had;
    if (this.#repeats > repeatLimit) this.#stop('repeats');
  }

  /** Gives bytes to the talk; what it wants skipped beyond them is remembered. */
  #feed(from: Side, bytes: Uint8Array, at: number, end: number): number {
    const used = this.#call(from, bytes, at, end);
    if (used === notMine) {
      this.#exclude();
      if (this.#hasConsumed) this.isOver = true;
      else this.#identify(from, bytes, at, end, end - at);
      if (this.isOver || this.#talk === null) return 0;
      const again = this.#call(from, bytes, at, end);
      if (again === notMine) this.#exclude();
      return this.#took(from, again, end - at);
    }
    return this.#took(from, used, end - at);
  }

  #took(from: Side, used: number, there: number): number {
    if (from === 0) this.#need0 = this.#need;
    else this.#need1 = this.#need;
    this.#need = 0;
    if (!(used > 0)) return 0;
    this.#hasConsumed = true;
    if (used <= there) return used;
    this.#skipNext(from, used - there);
    return there;
  }

  #call(from: Side, bytes: Uint8Array, at: number, end: number): number {
    const talk = this.#talk;
    if (talk === null) return 0;
    try {
      return talk.data(this.#side(from), bytes, at, end);
    } catch (error) {
      this.#broke(error);
      return 0;
    }
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#broke(error);
    }
  }

  #broke(error: unknown): void {
    if (this.protocol !== null) this.host.threw(this.protocol, error);
    this.isOver = true;
    this.release();
  }

  #keep(buffer: SideBuffer, bytes: Uint8Array, at: number, end: number): void {
    if (buffer.keep(bytes, at, end, this.host.budget)) return;
    this.#stop(buffer.length + end - at > 65_536 ? 'side' : 'total');
  }

  #stop(bound: 'side' | 'total' | 'repeats'): void {
    this.host.bounded(bound);
    this.finish();
  }

  #identify(from: Side, bytes: Uint8Array, at: number, end: number, length: number): void {
    const { probing } = this.host;
    const isStream = this.ends.proto === 6;
    if (isStream && (this.#hopeless & (1 << from)) !== 0) {
      this.#turns++;
      if (this.#turns >= hopelessTurns || length >= identifyBytes) this.#giveUp();
      return;
    }
    hint.proto = this.ends.proto;
    hint.side = this.#side(from);
    hint.oPort = this.oPort;
    hint.rPort = this.rPort;
    hint.length = length;
    // Probes are pure: who said no to fewer of these bytes says it again.
    const among = !isStream ? null : from === 0 ? this.#hopeful0 : this.#hopeful1;
    const found = probing.find(bytes, at, end, hint, this.#excluded, among);
    if (found !== null) {
      this.#start(found, 'pattern');
      if (this.isOver || this.ends.proto !== 6) return;
      // What the other side said before goes first.
      const other = otherSide(from);
      if (this.#buffers !== null && this.#buffers[other].length > 0) {
        const now = this.firstUs;
        this.#showKept(other);
        this.firstUs = now;
      }
      return;
    }
    this.#turns++;
    if (probing.hopeful.length === 0) {
      this.#hopeless |= 1 << from;
      if (isStream ? this.#hopeless === 3 : this.#turns >= hopelessDatagrams) this.#giveUp();
    } else if (from === 0) this.#hopeful0 = probing.hopeful;
    else this.#hopeful1 = probing.hopeful;
    const isEnough = this.#turns >= identifyTurns && length >= identifyLeast;
    if (isEnough || this.#turns >= identifyTurnsMost || length >= identifyBytes) this.#giveUp();
  }

  /** No protocol is found by its bytes. */
  #giveUp(): void {
    this.namePort();
    this.isOver = true;
    this.release();
  }

  #start(protocol: Protocol, how: How): void {
    this.protocol = protocol;
    this.addName(this.host.probing.numberOf(protocol.name), how);
    this.#hasConsumed = false;
    if (protocol.open === undefined) {
      this.isOver = true;
      this.release();
      return;
    }
    this.#talk = protocol.open(this);
  }

  /** The protocol was wrong: it is not asked again and its name is taken back. */
  #exclude(): void {
    if (this.protocol === null) return;
    this.#excluded = [...this.#excluded, this.host.probing.protocols.indexOf(this.protocol)];
    this.apps = this.apps.slice(0, -1);
    this.how = this.apps.length > 0 ? this.how : null;
    this.protocol = null;
    this.#talk = null;
    this.#forgetHopes();
  }

  #forgetHopes(): void {
    this.#hopeless = 0;
    this.#hopeful0 = null;
    this.#hopeful1 = null;
  }

  /** Goes on with the protocol that the talk asked for, with what is left of both sides. */
  #change(): void {
    while (this.#next !== undefined && !this.isOver) {
      const name = this.#next;
      this.#next = undefined;
      this.#guard(() => this.#talk?.end?.());
      this.#talk = null;
      this.protocol = null;
      this.#turns = 0;
      this.#forgetHopes();
      this.#need0 = 0;
      this.#need1 = 0;
      if (++this.#changes > changeLimit) this.isOver = true;
      else if (name !== null) this.open(name, 'handshake', this.#nextGiven);
      if (this.isOver) return;
      this.#showKept(0);
      if (this.#next === undefined) this.#showKept(1);
    }
  }
}
