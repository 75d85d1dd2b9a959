// Alerts of the capture in plain.ts: every severity, one incident, hostile words.

import { plainAlert } from '../../../../core/golden/plain-alert.ts';
import type { Alert, HostRisk, Incident } from '../../../../core/index.ts';

const at = (ago: number): number => (1_795_430_707 - ago) * 1e6;

const scan: Alert = {
  ...plainAlert,
  id: '5ca1ab1e0001',
  detector: 'scan.ports',
  title: 'Port scan',
  severity: 'medium',
  score: 45,
  confidence: 0.9,
  key: '10.0.0.66',
  sources: ['10.0.0.66'],
  targets: ['10.0.0.30'],
  firstUs: at(14),
  lastUs: at(5),
  firstPacket: 4_600_120,
  packet: 4_600_410,
  lastPacket: 4_601_002,
  count: 64,
  observed: 64,
  threshold: 20,
  unit: 'ports',
  expected: 2,
  explain: '10.0.0.66 tried 64 ports of 10.0.0.30 in 9 s; 61 of them were refused.',
  against: 'All of it went to one printer; management software does that when it looks for its model.',
  meaning:
    'Somebody looks for services to attack. Scans from inside the house are rare and often the first step after a break-in.',
  benign: 'Inventory and management software, vulnerability scanners that you run yourself.',
  next: 'See which program runs on 10.0.0.66, and whether any of the answered ports was used afterwards.',
  mitre: 'T1046',
  flows: ['1:wCb3OG7yAFWelaUydu0D+125CLM=', '1:LQU9qZlK+B5F3KDmev6m5PMibrg='],
  packets: [4_600_120, 4_600_133, 4_600_410],
  filter: 'ip.src == 10.0.0.66 && ip.dst == 10.0.0.30 && tcp.flags.syn == 1',
};

export const alerts: readonly Alert[] = [
  scan,
  {
    ...scan,
    id: '5ca1ab1e0002',
    detector: 'login.guessing',
    title: 'Password guessing',
    severity: 'critical',
    score: 190,
    key: '10.0.0.66 → 10.0.0.30',
    firstUs: at(4),
    lastUs: at(2),
    count: 1_204_331,
    observed: 1_204_331,
    threshold: 30,
    unit: 'logins',
    expected: null,
    explain: '10.0.0.66 tried 1,204,331 logins at printer.lan by Telnet.',
    mitre: 'T1110',
  },
  {
    ...plainAlert,
    id: '5ca1ab1e0003',
    detector: 'dns.tunnel',
    title: 'Long DNS names',
    severity: 'high',
    score: 80,
    key: '\u001b[2J\u202eexample.evil',
    sources: ['2001:db8:85a3::8a2e:370:7334'],
    firstUs: at(400),
    lastUs: at(356),
    count: 811,
    observed: 4.7,
    threshold: 3.5,
    unit: 'bits a letter',
    explain: 'Names below \u001b]0;owned\u0007evil.example carry 4.7 bits a letter, 811 times in 44 s.',
    meaning: 'Data may leave the house in questions to DNS.',
    mitre: 'T1071.004',
    flows: ['1:d/FP5EW3wiY1vCndhwleRRKHowQ='],
    filter: 'dns.qry.name contains "evil.example"',
  },
  {
    ...plainAlert,
    id: '5ca1ab1e0004',
    detector: 'host.new',
    title: 'New host',
    severity: 'info',
    key: '10.0.0.71',
    firstUs: at(27),
    lastUs: at(27),
    explain: '8c:85:90:11:22:33 took 10.0.0.71, which nobody had before.',
    state: 'closed',
  },
  {
    ...plainAlert,
    id: '5ca1ab1e0005',
    detector: 'tls.old',
    title: 'Old TLS version 東京支社',
    severity: 'low',
    key: '10.0.0.20',
    firstUs: at(700),
    lastUs: at(90),
    count: 12,
    explain: '10.0.0.20 offers TLS 1.0, which has been broken since 2014.',
  },
];

export const incidents: readonly Incident[] = [
  {
    id: '0ddba11ab1e5',
    host: '10.0.0.66',
    severity: 'critical',
    firstUs: at(14),
    lastUs: at(2),
    tactics: ['discovery', 'credential-access'],
    alerts: ['5ca1ab1e0001', '5ca1ab1e0002'],
    explain: '10.0.0.66 looked round the network, then guessed passwords.',
  },
];

export const risks: readonly HostRisk[] = [
  {
    host: '10.0.0.66',
    score: 235,
    level: 'likely compromised',
    bonus: 1,
    tactics: ['discovery', 'credential-access'],
    terms: [
      { alert: '5ca1ab1e0002', detector: 'login.guessing', points: 190 },
      { alert: '5ca1ab1e0001', detector: 'scan.ports', points: 45 },
    ],
    more: 0,
  },
];
