// MITRE ATT&CK techniques that detectors name, by tactic, in the order an attack goes (attack.mitre.org, Enterprise v15).

/** Tactics in order. */
export const tactics = [
  'reconnaissance',
  'resource-development',
  'initial-access',
  'execution',
  'persistence',
  'privilege-escalation',
  'defense-evasion',
  'credential-access',
  'discovery',
  'lateral-movement',
  'collection',
  'command-and-control',
  'exfiltration',
  'impact',
] as const;
export type Tactic = (typeof tactics)[number];

const byTechnique: Readonly<Record<string, Tactic>> = {
  T1589: 'reconnaissance',
  T1590: 'reconnaissance',
  T1592: 'reconnaissance',
  T1595: 'reconnaissance',
  T1587: 'resource-development',
  T1588: 'resource-development',
  T1189: 'initial-access',
  T1190: 'initial-access',
  T1200: 'initial-access',
  T1078: 'initial-access',
  T1047: 'execution',
  T1053: 'execution',
  T1059: 'execution',
  T1203: 'execution',
  T1204: 'execution',
  T1569: 'execution',
  T1505: 'persistence',
  T1543: 'persistence',
  T1068: 'privilege-escalation',
  T1036: 'defense-evasion',
  T1562: 'defense-evasion',
  T1599: 'defense-evasion',
  T1003: 'credential-access',
  T1040: 'credential-access',
  T1110: 'credential-access',
  T1187: 'credential-access',
  T1539: 'credential-access',
  T1552: 'credential-access',
  T1557: 'credential-access',
  T1558: 'credential-access',
  T1018: 'discovery',
  T1046: 'discovery',
  T1087: 'discovery',
  T1021: 'lateral-movement',
  T1210: 'lateral-movement',
  T1563: 'lateral-movement',
  T1570: 'lateral-movement',
  T1119: 'collection',
  T1001: 'command-and-control',
  T1008: 'command-and-control',
  T1071: 'command-and-control',
  T1090: 'command-and-control',
  T1095: 'command-and-control',
  T1102: 'command-and-control',
  T1105: 'command-and-control',
  T1568: 'command-and-control',
  T1571: 'command-and-control',
  T1572: 'command-and-control',
  T1573: 'command-and-control',
  T1029: 'exfiltration',
  T1030: 'exfiltration',
  T1041: 'exfiltration',
  T1048: 'exfiltration',
  T1567: 'exfiltration',
  T1485: 'impact',
  T1496: 'impact',
  T1498: 'impact',
  T1499: 'impact',
};

/** The tactic of a technique or sub-technique (`T1110.001`); null when unknown. */
export function tacticOf(technique: string | null): Tactic | null {
  if (technique === null) return null;
  return byTechnique[technique.split('.')[0]] ?? null;
}

/** Order of a tactic; unknown ones last. */
export const tacticOrder = (tactic: Tactic | null): number =>
  tactic === null ? tactics.length : tactics.indexOf(tactic);
