// How far the capture itself can be trusted: what it lost, saw twice, or saw from one side only. Shared, so that whoever
// judges streams or times can lower its confidence.

import type { CaptureFacts } from '../../../../core/index.ts';
import type { Surroundings } from '../../detector.ts';

/** Fewer than these say nothing about shares. */
const segmentsLeast = 50;
const packetsLeast = 20;
const flowsLeast = 5;

export class CaptureQuality {
  readonly #facts: Readonly<CaptureFacts>;
  /** TCP connections that ended with packets of one side, and of both. */
  oneSided = 0;
  twoSided = 0;

  constructor(facts: Readonly<CaptureFacts>) {
    this.#facts = facts;
  }

  /** Share of TCP segments that acknowledge what was not captured: what the capture missed (Zeek's capture-loss). */
  get lossShare(): number {
    const { segments, ackedUnseen } = this.#facts;
    return segments < segmentsLeast ? 0 : Math.min(1, ackedUnseen / segments);
  }

  /** Share of packets that came twice within 5 ms. */
  get duplicateShare(): number {
    const { packets, duplicates } = this.#facts;
    return packets < packetsLeast ? 0 : duplicates / packets;
  }

  /** Share of ended TCP connections of which only one side was seen. */
  get oneSidedShare(): number {
    const all = this.oneSided + this.twoSided;
    return all < flowsLeast ? 0 : this.oneSided / all;
  }

  /** Checksums are left to the network card: this machine captured its own traffic. */
  get isOffloaded(): boolean {
    return this.#facts.offloaded > 0;
  }

  /** The clock of the capture went back by more than two seconds. */
  get isClockOdd(): boolean {
    return this.#facts.late > 0;
  }

  /** Packets come twice so often that repetitions say nothing about the network. */
  get isDoubled(): boolean {
    return this.duplicateShare >= 0.2;
  }

  /** 0.3 to 1: how far findings that need whole streams (repetitions, gaps, missing answers) can be trusted. */
  get confidence(): number {
    const doubt = Math.max(this.lossShare * 3, this.duplicateShare, this.oneSidedShare);
    return Math.max(0.3, 1 - doubt);
  }
}

/** Under what detectors share it. */
export const qualityKey = 'capture-quality';

/** The one of this run. */
export function captureQuality(around: Pick<Surroundings, 'shared' | 'capture'>): CaptureQuality {
  return around.shared(qualityKey, () => new CaptureQuality(around.capture));
}
