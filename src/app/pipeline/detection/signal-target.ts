// What signals are told to: the detectors themselves, or whoever sends them on.

import type { Detection } from '../../../analysis/detectors/index.ts';
import type { AnyEvent, EventPlace, FlowSignal, Packet, RateSignal } from '../../../core/index.ts';

/** Which signals anyone wants; plain data. */
export interface Listening {
  readonly moments: number;
  readonly events: readonly string[];
}

export interface SignalTarget {
  readonly moments: number;
  readonly now: { readonly timeUs: number; readonly sec: number; readonly packet: number };
  /** From this time on a second is over. */
  readonly nextUs: number;
  wantsEvent(kind: string): boolean;
  advance(p: { readonly timeUs: number; readonly number: number }): void;
  clamp(timeUs: number): number;
  /** `isTimer`: brought about by a timer and not by the packet. */
  flow(signal: FlowSignal, isTimer: boolean): void;
  rate(rate: RateSignal): void;
  frame(p: Packet): void;
  /** `timerUs`: when its flow began, where a timer brought it about; else null. */
  event(kind: string, event: AnyEvent, place: EventPlace, timerUs: number | null): void;
  end(): void;
}

/** What detectors listen to. */
export const listeningOf = (detection: Detection): Listening => ({
  moments: detection.moments,
  events: detection.eventKinds,
});
