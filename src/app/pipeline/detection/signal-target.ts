// What signals are told to: the detectors themselves, or whoever sends them on.

import type { Detection } from '../../../analysis/detectors/index.ts';
import type {
  AnyEvent,
  CaptureFacts,
  EventPlace,
  FlowSignal,
  HealthSignal,
  OddSignal,
  Packet,
  RateSignal,
  VolumeSignal,
} from '../../../core/index.ts';

/** Which signals anyone wants; plain data. */
export interface Listening {
  readonly moments: number;
  readonly events: readonly string[];
  /** Someone hears of oddities. */
  readonly wantsOdd: boolean;
  readonly health: boolean;
  readonly volume: boolean;
}

export interface SignalTarget {
  readonly moments: number;
  readonly wantsOdd: boolean;
  readonly now: { readonly timeUs: number; readonly sec: number; readonly packet: number };
  /** From this time on a second is over. */
  readonly nextUs: number;
  readonly wantsHealth: boolean;
  readonly wantsVolume: boolean;
  wantsEvent(kind: string): boolean;
  advance(p: { readonly timeUs: number; readonly number: number }): void;
  clamp(timeUs: number): number;
  /** `isTimer`: brought about by a timer and not by the packet. */
  flow(signal: FlowSignal, isTimer: boolean): void;
  rate(rate: RateSignal): void;
  health(signal: HealthSignal, isTimer: boolean): void;
  volume(volume: VolumeSignal): void;
  frame(p: Packet): void;
  /** A datagram put together from fragments. */
  whole(p: Packet): void;
  /** `timerUs`: when what has timed out began; else null. */
  odd(signal: OddSignal, timerUs: number | null): void;
  /** What became known of the capture since it was told last, before the packet of a number. */
  facts(more: CaptureFacts, number: number): void;
  /** `timerUs`: when its flow began, where a timer brought it about; else null. */
  event(kind: string, event: AnyEvent, place: EventPlace, timerUs: number | null): void;
  /** The input is over: only what is left comes now. */
  closing?(): void;
  end(): void;
}

/** What detectors listen to. */
export const listeningOf = (detection: Detection): Listening => ({
  moments: detection.moments,
  events: detection.eventKinds,
  wantsOdd: detection.wantsOdd,
  health: detection.wantsHealth,
  volume: detection.wantsVolume,
});
