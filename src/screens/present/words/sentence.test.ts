// Proves that the sentence of the moment says what goes on: live, quiet, over, with and without alerts; and that text from
// the network in it is safe to lay out.
import { describe, expect, test } from 'vitest';
import type { Alert, TrafficSeries } from '../../../core/index.ts';
import { families } from '../../../core/index.ts';
import { type Moment, momentSentence } from './sentence.ts';

const series = (bytesPerSec: number): TrafficSeries => {
  const column = (value: number): number[] => Array.from({ length: 20 }, () => value);
  return {
    startSec: 1000,
    stepSec: 1,
    packets: column(1),
    bytes: column(bytesPerSec),
    inBytes: column(0),
    outBytes: column(0),
    families: families.map((_, i) => column(i === 0 ? bytesPerSec * 0.6 : i === 1 ? bytesPerSec * 0.4 : 0)),
    newFlows: column(0),
    segments: column(0),
    repeated: column(0),
    rtt: [],
    responses: [],
  };
};

const snapshot: NonNullable<Moment['snapshot']> = {
  state: 'running',
  packets: 1000,
  bytes: 12_000_000,
  firstUs: 1_000_000_000,
  lastUs: 1_120_000_000,
  flows: { total: 1284 },
  talkers: [
    { ip: '10.0.0.2', bytes: 10, bytesReceived: 20 },
    { ip: '10.0.0.1', bytes: 1_300_000, bytesReceived: 25_600_000 },
  ],
  alerts: [],
  alertCounts: { info: 0, low: 0, medium: 0, high: 0, severe: 0, critical: 0 },
  names: { '10.0.0.1': 'laptop-anna' },
};
const live: Moment = { isLive: true, snapshot, pulse: { hosts: 38 }, recent: series(5_250_000) };
const alert = (severity: Alert['severity'], firstUs: number): Alert =>
  ({ severity, firstUs, title: 'Port scan', key: '10.0.0.66' }) as Alert;

describe('the sentence of the moment', () => {
  test('of a capture that goes on', () => {
    expect(momentSentence(live)).toBe(
      '38 hosts, 42.0 Mb/s, mostly web (TLS), 60.0 %. Busiest: laptop-anna, ↓ 25.6 MB ↑ 1.30 MB.',
    );
  });

  test('before anything, and of nothing', () => {
    expect(momentSentence({ ...live, snapshot: null })).toBe('Waiting for the first packet.');
    const done = { ...snapshot, packets: 0, state: 'done' };
    expect(momentSentence({ ...live, snapshot: done })).toBe('There was no packet in it.');
  });

  test('says when it is quiet', () => {
    expect(momentSentence({ ...live, recent: series(0) })).toMatch(/^38 hosts, quiet now\./);
  });

  test('names the worst alert of the last minute, not older ones or those for information', () => {
    const alerts = [alert('info', 1_119_000_000), alert('high', 1_000_000_000)];
    expect(momentSentence({ ...live, snapshot: { ...snapshot, alerts } })).not.toContain('new alert');
    const fresh = [alert('medium', 1_110_000_000), alert('critical', 1_115_000_000), ...alerts];
    expect(momentSentence({ ...live, snapshot: { ...snapshot, alerts: fresh } })).toMatch(
      / 2 new alerts: critical, Port scan: 10\.0\.0\.66\.$/,
    );
  });

  test('of a capture that is over: all of it, and the worst of all alerts', () => {
    const done = { ...snapshot, state: 'done', alerts: [alert('high', 1_000_000_000)] };
    const counts = { ...snapshot.alertCounts, high: 1, info: 2 };
    expect(momentSentence({ ...live, isLive: false, snapshot: { ...done, alertCounts: counts } })).toBe(
      '1,284 flows of 38 hosts in 00:02:00, 12.0 MB, mostly web (TLS), 60.0 %. Busiest: laptop-anna, ↓ 25.6 MB ↑ 1.30 MB. 3 alerts, the worst high, Port scan: 10.0.0.66.',
    );
  });

  test('shows hostile names as escapes', () => {
    const names = { '10.0.0.1': '\u001b[2Jx\u202e' };
    expect(momentSentence({ ...live, snapshot: { ...snapshot, names } })).toContain('\\x1b[2Jx\\u{202e}');
  });
});
