// Alerts put together by detector and source: what is the same story is told once.

import { type Alert, type Severity, severities } from '../../../../core/index.ts';

export interface AlertGroup {
  readonly key: string;
  readonly detector: string;
  readonly title: string;
  readonly source: string;
  /** The worst of its alerts. */
  readonly severity: Severity;
  /** The newest first. */
  readonly alerts: readonly Alert[];
  readonly count: number;
  readonly firstUs: number;
  readonly lastUs: number;
}

const rank = (severity: Severity): number => severities.indexOf(severity);

/** The worst first, then the newest. */
export function alertGroups(alerts: readonly Alert[]): AlertGroup[] {
  const groups = new Map<string, Alert[]>();
  for (const alert of alerts) {
    const key = `${alert.detector}\n${alert.sources[0] ?? alert.key}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [alert]);
    else group.push(alert);
  }
  return [...groups]
    .map(([key, list]): AlertGroup => {
      const sorted = [...list].sort((a, b) => b.lastUs - a.lastUs);
      return {
        key,
        detector: sorted[0].detector,
        title: sorted[0].title,
        source: sorted[0].sources[0] ?? sorted[0].key,
        severity: sorted.reduce(
          (worst, { severity }) => (rank(severity) > rank(worst) ? severity : worst),
          sorted[0].severity,
        ),
        alerts: sorted,
        count: sorted.reduce((sum, { count }) => sum + count, 0),
        firstUs: Math.min(...sorted.map(({ firstUs }) => firstUs)),
        lastUs: sorted[0].lastUs,
      };
    })
    .sort((a, b) => rank(b.severity) - rank(a.severity) || b.lastUs - a.lastUs);
}

/** A word that a shell takes as it is. */
function shellWord(text: string): string {
  return /^[\w.:/@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The command that keeps this quiet from now on; a person says why. */
export function exceptCommand({ source, detector }: Pick<AlertGroup, 'source' | 'detector'>): string {
  return `taplight except ${shellWord(source)} ${shellWord(detector)} --why "…"`;
}

/** `https://attack.mitre.org/techniques/T1046/` as text: nothing is asked of another server unless somebody goes there. */
export function mitreAddress(technique: string): string {
  return `https://attack.mitre.org/techniques/${encodeURIComponent(technique).replace('.', '/')}/`;
}
