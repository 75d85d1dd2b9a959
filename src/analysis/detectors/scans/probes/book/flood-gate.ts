// Tells services that very many hosts call at once: a flood's victim, or a busy server. Who calls there proves nothing,
// and five million forged sources must not push those out that are watched.

import type { FlowSignal } from '../../../../../core/index.ts';
import { CountMin, hashWords } from '../../../../sketches/index.ts';

/** Counters of each sketch: 128 KiB each, fixed. */
const width = 1 << 14;
/** Calls of a host, and of one of its ports, from which on it is crowded; both fade by half every `fadeSec`. */
const crowdedHost = 1000;
const crowdedPort = 200;
const fadeSec = 5;
/** After a gap like this nothing of before counts. */
const forgetSec = 60;

export class FloodGate {
  readonly #hosts = new CountMin(width);
  readonly #ports = new CountMin(width);
  #sec = 0;

  /** Counts a call; true when its destination is crowded. The port matters only where the host is. */
  count(s: FlowSignal, sec: number): boolean {
    if (sec - this.#sec >= fadeSec) this.#fade(sec);
    const host = hashWords(s.ipVersion, s.r0, s.r1, s.r2, s.r3);
    if (this.#hosts.add(host) < crowdedHost) return false;
    return this.#ports.add(hashWords(host, s.rPort, s.proto)) >= crowdedPort;
  }

  /** Whether the destination is crowded, without counting. */
  isCrowded(s: FlowSignal): boolean {
    const host = hashWords(s.ipVersion, s.r0, s.r1, s.r2, s.r3);
    return (
      this.#hosts.estimate(host) >= crowdedHost &&
      this.#ports.estimate(hashWords(host, s.rPort, s.proto)) >= crowdedPort
    );
  }

  #fade(sec: number): void {
    if (sec - this.#sec >= forgetSec) {
      this.#hosts.clear();
      this.#ports.clear();
    } else {
      this.#hosts.halve();
      this.#ports.halve();
    }
    this.#sec = sec;
  }
}
