// A finding about a host or a flow that is worth a person's time, with its evidence.

export type Severity = 'info' | 'low' | 'medium' | 'high' | 'severe' | 'critical';

export interface Alert {
  /** Detector's name, `group.thing`. */
  readonly detector: string;
  readonly severity: Severity;
  /** 0, 10, 50, 100, 150, 200 by severity (detection.md §1.0), times confidence. */
  readonly score: number;
  /** What it is about, e.g. the address. One alert per detector and key. */
  readonly key: string;
  readonly firstUs: number;
  readonly lastUs: number;
  readonly firstPacket: number;
  /** The packet that made it fire. */
  readonly packet: number;
  readonly count: number;
  readonly observed: number;
  readonly threshold: number;
  /** One sentence. */
  readonly explain: string;
  readonly mitre: string | null;
  /** Community IDs. */
  readonly flows: readonly string[];
  /** Up to 20 packet numbers. */
  readonly packets: readonly number[];
  /** Wireshark display filter. */
  readonly filter: string;
}
