// A finding about a host or a flow that is worth a person's time, with its evidence.

export const severities = ['info', 'low', 'medium', 'high', 'severe', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** Points of each severity (detection.md §1.0). */
export const severityScores: Readonly<Record<Severity, number>> = {
  info: 0,
  low: 10,
  medium: 50,
  high: 100,
  severe: 150,
  critical: 200,
};

export interface Alert {
  /** 12 hex digits of detector, key and first packet: the same for the same input. */
  readonly id: string;
  /** Detector's name, `group.thing`. */
  readonly detector: string;
  /** Detector's name in words, and its version. */
  readonly title: string;
  readonly version: number;
  readonly severity: Severity;
  /** 0, 10, 50, 100, 150, 200 by severity (detection.md §1.0), times confidence. */
  readonly score: number;
  /** 0..1; lower when the detector is less sure, or when the capture itself is lossy or one-sided. */
  readonly confidence: number;
  readonly state: 'open' | 'closed';
  /** Id of the alert that explains this one as well; null when none does. */
  readonly explainedBy: string | null;
  /** What it is about, e.g. the address. One alert per detector and key. */
  readonly key: string;
  readonly sources: readonly string[];
  readonly targets: readonly string[];
  readonly firstUs: number;
  readonly lastUs: number;
  readonly firstPacket: number;
  /** The packet that made it fire. */
  readonly packet: number;
  readonly lastPacket: number;
  readonly count: number;
  readonly observed: number;
  readonly threshold: number;
  readonly unit: string;
  readonly expected: number | null;
  /** One sentence. */
  readonly explain: string;
  /** What speaks against it, if anything. */
  readonly against: string;
  /** Why it matters, what harmless thing it could be, how to look further. */
  readonly meaning: string;
  readonly benign: string;
  readonly next: string;
  readonly mitre: string | null;
  /** Community IDs. */
  readonly flows: readonly string[];
  /** Up to 20 packet numbers. */
  readonly packets: readonly number[];
  /** Wireshark display filter. */
  readonly filter: string;
}

/** 12 hex digits of a text: 48 bits of two FNV-1a hashes. For names of alerts, not for secrets. */
export function hashId(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x01234567;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b);
    b ^= b >>> 13;
  }
  return (a >>> 0).toString(16).padStart(8, '0') + (b & 0xffff).toString(16).padStart(4, '0');
}
