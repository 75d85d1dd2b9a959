// Alerts as screens show them, out of rows of the table `alerts`: the whole alert lies in the column `details`.

import { type Alert, type Severity, severities } from '../../../../core/index.ts';
import type { Cell, Row } from '../../../api/index.ts';
import { numberOf, textOf } from '../pieces/asked-rows.ts';

/** An alert with the run it belongs to and what a person said of it. */
export interface ShownAlert extends Alert {
  readonly run: number | null;
  /** `open`, `closed`, `acknowledged`. */
  readonly said: string;
}

const texts = (cell: Cell | undefined): string[] => (Array.isArray(cell) ? cell.map(String) : []);

function details(row: Row): Partial<Alert> {
  try {
    return JSON.parse(textOf(row.details)) as Partial<Alert>;
  } catch {
    return {};
  }
}

export function alertOfRow(row: Row): ShownAlert {
  const whole = details(row);
  const severity = textOf(row.severity) as Severity;
  return {
    against: '',
    meaning: '',
    benign: '',
    next: '',
    expected: null,
    explainedBy: null,
    firstPacket: 0,
    lastPacket: 0,
    packet: 0,
    version: 0,
    ...whole,
    id: textOf(row.alert_id),
    detector: textOf(row.detector),
    title: textOf(row.title),
    severity: severities.includes(severity) ? severity : 'info',
    score: numberOf(row.score) ?? 0,
    confidence: numberOf(row.confidence) ?? 0,
    state: textOf(row.state) === 'closed' ? 'closed' : 'open',
    said: textOf(row.state),
    key: textOf(row.key),
    sources: texts(row.sources),
    targets: texts(row.targets),
    firstUs: numberOf(row.first_ts) ?? 0,
    lastUs: numberOf(row.last_ts) ?? 0,
    count: numberOf(row.count) ?? 0,
    observed: numberOf(row.observed) ?? 0,
    threshold: numberOf(row.threshold) ?? 0,
    unit: textOf(row.unit),
    explain: textOf(row.explain),
    mitre: textOf(row.mitre) === '' ? null : textOf(row.mitre),
    flows: texts(row.flows),
    packets: texts(row.packets).map(Number),
    filter: textOf(row.filter),
    run: numberOf(row.run),
  };
}

/** What the snapshot tells that rows do not have: a capture may be looked at whose rows nobody keeps. */
export function missingAlerts(rows: readonly ShownAlert[], newest: readonly Alert[]): readonly Alert[] {
  const known = new Set(rows.map(({ id }) => id));
  return newest.filter(({ id }) => !known.has(id));
}

/** Rows, and what they lack; of that, what is kept of an earlier reading of the same capture. */
export function withMissing(
  rows: readonly ShownAlert[],
  missing: readonly Alert[],
  kept: readonly ShownAlert[],
): ShownAlert[] {
  const others = missing.map((alert): ShownAlert => {
    const same = kept.find(({ id, firstUs }) => id === alert.id && firstUs === alert.firstUs);
    return { ...alert, run: same?.run ?? null, said: same?.said ?? alert.state };
  });
  return [...rows, ...others];
}
