// Flows that others have announced: FTP's data channels, media of calls.

import type { Expectation } from '../protocols/protocol.ts';
import type { FlowVoice } from './flow-voice.ts';
import type { Endpoints } from './talk-host.ts';

const limit = 4096;
const lifetimeUs = 300e6;

interface Entry {
  readonly expectation: Expectation;
  readonly untilUs: number;
}

export class Expectations {
  /** By protocol, address and port; oldest first. */
  readonly #entries = new Map<string, Entry>();

  add(talk: FlowVoice, expectation: Expectation): void {
    const { proto, address, port } = expectation;
    const entry = { expectation, untilUs: talk.timeUs + lifetimeUs };
    const { ipVersion, oWords, rWords } = talk.ends;
    const places = address === null ? [oWords, rWords] : [address.words];
    const version = address?.ipVersion ?? ipVersion;
    for (const words of places) this.#entries.set(keyOf(proto, version, words, port), entry);
    while (this.#entries.size > limit) {
      const [oldest] = this.#entries.keys();
      this.#entries.delete(oldest);
    }
  }

  /** What was announced for a flow with these ends; null when nothing was. An announcement serves until it expires. */
  take(ends: Endpoints, nowUs: number): Expectation | null {
    if (this.#entries.size === 0) return null;
    const { proto, ipVersion, oWords, rWords, oPort, rPort } = ends;
    const key = keyOf(proto, ipVersion, rWords, rPort);
    const entry = this.#entries.get(key) ?? this.#entries.get(keyOf(proto, ipVersion, oWords, oPort));
    return entry === undefined || entry.untilUs < nowUs ? null : entry.expectation;
  }
}

function keyOf(proto: number, ipVersion: number, words: readonly number[], port: number): string {
  const [a, b = 0, c = 0, d = 0] = words;
  return ipVersion === 4 ? `${proto} ${a | 0} ${port}` : `${proto} ${a | 0}:${b | 0}:${c | 0}:${d | 0} ${port}`;
}
