// Proves that alerts of one host become incidents, that risk is a sum whose terms are shown and which halves each hour,
// and that a stronger alert explains a weaker one of the same ends.

import { describe, expect, it } from 'vitest';
import { plainAlert } from '../../core/golden/plain-alert.ts';
import type { Alert } from '../../core/index.ts';
import { explained, incidentsOf } from './incidents.ts';
import { risksOf } from './risk.ts';

let number = 0;
const alert = (detector: string, more: Partial<Alert> = {}): Alert => ({
  ...plainAlert,
  id: `id${++number}`,
  detector,
  title: detector,
  severity: 'medium',
  sources: ['10.0.0.5'],
  targets: ['10.0.0.9'],
  ...more,
});
const hour = 3600e6;

describe('incidents', () => {
  it('groups what one host does, in the order an attack goes', () => {
    const login = alert('brute.ssh', { mitre: 'T1110.001', firstUs: 10e6, lastUs: 20e6, severity: 'high' });
    const scan = alert('scan.vertical', { mitre: 'T1046', firstUs: 15e6, lastUs: 16e6 });
    const beacon = alert('c2.beacon', { mitre: 'T1071', firstUs: 30e6, lastUs: hour });
    const later = alert('scan.icmp', { mitre: 'T1018', firstUs: 3 * hour, lastUs: 3 * hour });
    const found = incidentsOf([later, beacon, scan, login, alert('x', { severity: 'info' })]);
    expect(found.map(({ alerts }) => alerts)).toEqual([[login.id, scan.id, beacon.id], [later.id]]);
    expect(found[0]).toMatchObject({ host: '10.0.0.5', severity: 'high', firstUs: 10e6, lastUs: hour });
    expect(found[0].tactics).toEqual(['credential-access', 'discovery', 'command-and-control']);
    expect(found[0].explain).toBe('10.0.0.5: brute.ssh, scan.vertical, c2.beacon.');
  });

  it('explains a scan by the flood it is part of', () => {
    const flood = alert('flood.syn', { sources: [], targets: ['10.0.0.9'] });
    const scan = alert('scan.vertical');
    const elsewhere = alert('scan.vertical', { sources: ['10.7.7.7'], targets: ['10.7.7.8'] });
    const [a, b, c] = explained([flood, scan, elsewhere]);
    expect([a.explainedBy, b.explainedBy, c.explainedBy]).toEqual([null, flood.id, null]);
  });
});

describe('risk', () => {
  it('adds up points, and halves them each hour', () => {
    const one = alert('c2.beacon', { severity: 'high', confidence: 0.5, lastUs: 0 });
    const [now] = risksOf([one], 0, 10);
    const [later] = risksOf([one], hour, 10);
    expect(now).toMatchObject({ host: '10.0.0.5', score: 50, level: 'watch', bonus: 1 });
    expect(now.terms).toEqual([{ alert: one.id, detector: 'c2.beacon', points: 50 }]);
    expect(later.score).toBe(25);
  });

  it('counts more when a success or a list joins behaviour, and when three tactics meet', () => {
    const three = [
      alert('scan.vertical', { mitre: 'T1046' }),
      alert('brute.success', { mitre: 'T1078', severity: 'critical' }),
      alert('c2.beacon', { mitre: 'T1071' }),
    ];
    const [first, second] = risksOf(three, 0, 10);
    expect(first).toMatchObject({ host: '10.0.0.5', bonus: 3, score: 900, level: 'likely compromised' });
    // Whom it was done to gets a tenth.
    expect(second).toMatchObject({ host: '10.0.0.9', score: 30, level: 'ok' });
  });

  it('leaves out what is only information', () => {
    expect(risksOf([alert('tls.weak', { severity: 'info' })], 0, 10)).toEqual([]);
  });
});
