// Flows that others have announced: FTP's data channels, media of calls.

import type { Expectation } from '../protocols/protocol.ts';
import type { FlowVoice } from './flow-voice.ts';
import type { Endpoints } from './talk-host.ts';

/** Announcements kept, and of them those of one flow: a trunk between two telephone exchanges announces many calls. */
const limit = 16_384;
const limitOfFlow = 256;
const lifetimeUs = 300e6;

type Words = readonly number[];

interface Entry {
  readonly expectation: Expectation;
  readonly untilUs: number;
  /** Who announced it: number and ends of the flow. */
  readonly flowId: number;
  readonly ends: Endpoints;
}

export class Expectations {
  /** By protocol, address and port; oldest first. */
  readonly #entries = new Map<string, Entry>();
  /** Keys of each flow's announcements, oldest first. */
  readonly #ofFlow = new Map<number, string[]>();

  get size(): number {
    return this.#entries.size;
  }

  add(talk: FlowVoice, expectation: Expectation): void {
    const { proto, address, port } = expectation;
    const { flowId, ipVersion, oWords, rWords } = talk.ends;
    const entry = { expectation, untilUs: talk.timeUs + lifetimeUs, flowId, ends: talk.ends };
    const places = address === null ? [oWords, rWords] : [address.words];
    const version = address?.ipVersion ?? ipVersion;
    for (const words of places) this.#put(keyOf(proto, version, words, port), entry);
    while (this.#entries.size > limit) {
      const [oldest] = this.#entries.keys();
      this.#drop(oldest);
    }
  }

  /**
   * What was announced for a flow with these ends; null when nothing was. An announcement of datagrams serves until it
   * expires, one of a connection once, and only for a connection with one of those who negotiated it: whoever can talk to a
   * server must not be able to hide what others say there.
   */
  take(ends: Endpoints, nowUs: number): Expectation | null {
    if (this.#entries.size === 0) return null;
    const { proto, ipVersion, oWords, rWords, oPort, rPort } = ends;
    return (
      this.#takeAt(keyOf(proto, ipVersion, rWords, rPort), oWords, proto, nowUs) ??
      this.#takeAt(keyOf(proto, ipVersion, oWords, oPort), rWords, proto, nowUs)
    );
  }

  #takeAt(key: string, other: Words, proto: number, nowUs: number): Expectation | null {
    const entry = this.#entries.get(key);
    if (entry === undefined) return null;
    if (entry.untilUs < nowUs) {
      this.#drop(key);
      return null;
    }
    if (proto !== 6) return entry.expectation;
    if (!isSame(other, entry.ends.oWords) && !isSame(other, entry.ends.rWords)) return null;
    this.#drop(key);
    return entry.expectation;
  }

  #put(key: string, entry: Entry): void {
    this.#drop(key);
    const keys = this.#ofFlow.get(entry.flowId) ?? [];
    if (keys.length >= limitOfFlow) this.#drop(keys[0]);
    keys.push(key);
    this.#ofFlow.set(entry.flowId, keys);
    this.#entries.set(key, entry);
  }

  #drop(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    const keys = this.#ofFlow.get(entry.flowId) ?? [];
    const at = keys.indexOf(key);
    if (at >= 0) keys.splice(at, 1);
    if (keys.length === 0) this.#ofFlow.delete(entry.flowId);
  }
}

function isSame(one: Words, other: Words): boolean {
  for (let i = 0; i < 4; i++) if (((one[i] ?? 0) | 0) !== ((other[i] ?? 0) | 0)) return false;
  return true;
}

function keyOf(proto: number, ipVersion: number, words: Words, port: number): string {
  const [a, b = 0, c = 0, d = 0] = words;
  return ipVersion === 4 ? `${proto} ${a | 0} ${port}` : `${proto} ${a | 0}:${b | 0}:${c | 0}:${d | 0} ${port}`;
}
