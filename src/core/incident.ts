// What alerts add up to: incidents of one host, and a host's risk with the terms of its sum.

import type { Severity } from './alert.ts';

/** Alerts of one host that follow each other within an hour. */
export interface Incident {
  readonly id: string;
  readonly host: string;
  /** The worst of its alerts. */
  readonly severity: Severity;
  readonly firstUs: number;
  readonly lastUs: number;
  /** ATT&CK tactics in the order an attack goes. */
  readonly tactics: readonly string[];
  /** Ids, in the order of tactics. */
  readonly alerts: readonly string[];
  /** One sentence. */
  readonly explain: string;
}

export type RiskLevel = 'ok' | 'watch' | 'suspicious' | 'likely compromised';

export interface RiskTerm {
  readonly alert: string;
  readonly detector: string;
  readonly points: number;
}

/** Score = bonus · sum of terms; a term loses half of its points every hour of packet time. */
export interface HostRisk {
  readonly host: string;
  readonly score: number;
  readonly level: RiskLevel;
  readonly bonus: number;
  readonly tactics: readonly string[];
  /** The largest terms; `more` were left out. */
  readonly terms: readonly RiskTerm[];
  readonly more: number;
}
