// Proves that alerts of one detector and source are one group, the worst first, and that commands are safe to paste.
import { expect, test } from 'vitest';
import type { Alert } from '../../../../core/index.ts';
import { alertGroups, exceptCommand, mitreAddress } from './groups.ts';

const alert = (detector: string, source: string, severity: string, lastUs: number): Alert =>
  ({
    detector,
    title: detector,
    sources: [source],
    key: source,
    severity,
    count: 2,
    firstUs: lastUs - 5,
    lastUs,
  }) as never;

test('groups by detector and source', () => {
  const groups = alertGroups([
    alert('scan.ports', '10.0.0.5', 'low', 10),
    alert('dns.tunnel', '10.0.0.5', 'high', 20),
    alert('scan.ports', '10.0.0.5', 'medium', 30),
    alert('scan.ports', '10.0.0.6', 'medium', 40),
  ]);
  expect(groups.map(({ detector, source, severity, count }) => [detector, source, severity, count])).toEqual([
    ['dns.tunnel', '10.0.0.5', 'high', 2],
    ['scan.ports', '10.0.0.6', 'medium', 2],
    ['scan.ports', '10.0.0.5', 'medium', 4],
  ]);
  expect(groups[2].alerts.map(({ lastUs }) => lastUs)).toEqual([30, 10]);
  expect(groups[2].firstUs).toBe(5);
});

test('a name from the network cannot run anything in a shell', () => {
  expect(exceptCommand({ source: '10.0.0.5', detector: 'scan.ports' })).toBe(
    'taplight except 10.0.0.5 scan.ports --why "…"',
  );
  expect(exceptCommand({ source: "a'; rm -rf $HOME", detector: 'x' })).toBe(
    `taplight except 'a'\\''; rm -rf $HOME' x --why "…"`,
  );
});

test('a technique has its address', () => {
  expect(mitreAddress('T1071.004')).toBe('https://attack.mitre.org/techniques/T1071/004/');
});
