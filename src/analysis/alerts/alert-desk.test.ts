// Proves that evidence becomes one alert per detector and key, told at tenfold growth; that storms stay within quotas and
// say so; that exceptions hold and are counted; that the same evidence gives the same ids.

import { describe, expect, it } from 'vitest';
import type { Alert, DetectorWords, Evidence } from '../../core/index.ts';
import { AlertDesk, type DeskOptions } from './alert-desk.ts';

const scan: DetectorWords = {
  name: 'scan.vertical',
  title: 'Vertical port scan',
  version: 1,
  severity: 'medium',
  mitre: 'T1046',
  meaning: 'm',
  benign: 'b',
  next: 'n',
};

const evidence = (more: Partial<Evidence> = {}): Evidence => ({
  key: '10.0.0.5',
  sources: ['10.0.0.5'],
  targets: ['10.0.0.9'],
  observed: 15,
  threshold: 15,
  explain: 'x',
  filter: 'ip',
  ...more,
});

const at = (sec: number, packet = sec): { timeUs: number; packet: number } => ({ timeUs: sec * 1e6, packet });

function desk(options: Partial<DeskOptions> = {}): { desk: AlertDesk; told: Alert[] } {
  const told: Alert[] = [];
  return { desk: new AlertDesk({ tell: (alert) => told.push(alert), ...options }), told };
}

describe('the alert desk', () => {
  it('tells an alert once, and again at tenfold growth', () => {
    const { desk: d, told } = desk();
    for (const observed of [15, 30, 60, 120, 150, 300, 1500]) d.take(scan, evidence({ observed }), at(observed));
    expect(told.map(({ observed }) => observed)).toEqual([15, 150, 1500]);
    expect(new Set(told.map(({ id }) => id)).size).toBe(1);
    const [alert] = d.current(1600e6);
    expect(alert).toMatchObject({ packet: 15, lastPacket: 1500, observed: 1500, count: 7, state: 'open', score: 50 });
    expect(alert.packets).toEqual([15, 30, 60, 120, 150, 300, 1500]);
  });

  it('gives the same ids for the same evidence, others for another first packet', () => {
    const idOf = (packet: number): string => {
      const { desk: d } = desk();
      d.take(scan, evidence(), at(1, packet));
      return d.current(0)[0].id;
    };
    expect([idOf(7), idOf(7)]).toEqual([idOf(7), idOf(7)]);
    expect(idOf(7)).toMatch(/^[0-9a-f]{12}$/);
    expect(idOf(7)).not.toBe(idOf(8));
  });

  it('closes after ten minutes, stays quiet for an hour more, then opens anew', () => {
    const { desk: d, told } = desk();
    d.take(scan, evidence(), at(0, 1));
    expect(d.current(601e6)[0].state).toBe('closed');
    d.take(scan, evidence(), at(3000, 2));
    expect(told).toHaveLength(1);
    d.take(scan, evidence(), at(3000 + 4201, 3));
    expect(told.map(({ firstPacket }) => firstPacket)).toEqual([1, 3]);
    expect(d.current(8000e6).map(({ state }) => state)).toEqual(['closed', 'closed']);
  });

  it('holds a storm back and says how much', () => {
    const { desk: d, told } = desk();
    for (let i = 0; i < 500; i++) d.take(scan, evidence({ key: `k${i}`, sources: [`s${i}`] }), at(1, i + 1));
    // Fifty in a second; the rest in one alert that is told at 1, 16, 256 …
    expect(told.filter(({ detector }) => detector === 'scan.vertical')).toHaveLength(50);
    expect(d.counters).toMatchObject({ evidence: 500, suppressed: 450 });
    const meta = d.current(1e6).find(({ detector }) => detector === 'alerts.suppressed');
    expect(meta?.explain).toContain('scan.vertical');
  });

  it('keeps one source from filling the desk', () => {
    const { desk: d } = desk();
    for (let i = 0; i < 1000; i++) d.take(scan, evidence({ key: `k${i}` }), at(i, i + 1));
    const other = { ...scan, name: 'l2.arp-spoof' };
    d.take(other, evidence({ key: 'other', sources: ['10.9.9.9'] }), at(2000, 2000));
    const names = d.current(2000e6).map(({ detector }) => detector);
    expect(names.filter((name) => name === 'scan.vertical')).toHaveLength(200);
    expect(names).toContain('l2.arp-spoof');
  });

  it('does not tell what is excepted, and counts it', () => {
    const why = { untilUs: 100e6, why: 'our scanner' };
    const exceptions = [{ who: '10.0.0.0/24', what: 'scan.*', ...why }];
    const { desk: d, told } = desk({ exceptions });
    d.take(scan, evidence(), at(10));
    d.take(scan, evidence({ sources: ['10.0.1.1'], key: '10.0.1.1' }), at(11));
    d.take({ ...scan, name: 'brute.ssh' }, evidence(), at(12));
    d.take(scan, evidence(), at(101));
    expect(told.map(({ detector, key }) => `${detector} ${key}`)).toEqual([
      'scan.vertical 10.0.1.1',
      'brute.ssh 10.0.0.5',
      'scan.vertical 10.0.0.5',
    ]);
    expect(d.exceptions.uses()).toMatchObject([{ hits: 1, lastUs: 10e6, why: 'our scanner' }]);
  });

  it('brings an alert up to date at the end without a new packet', () => {
    const { desk: d, told } = desk();
    d.take(scan, evidence(), at(1, 5));
    d.take(scan, evidence({ observed: 20 }), { ...at(90, 900), isOver: true });
    expect(told).toHaveLength(1);
    expect(d.current(90e6)[0]).toMatchObject({ observed: 20, lastPacket: 5, lastUs: 1e6, packets: [5] });
  });

  it('trusts a lossy capture less', () => {
    const { desk: d } = desk({ trust: (name) => (name.startsWith('scan.') ? 0.5 : 1) });
    d.take(scan, evidence({ confidence: 0.8 }), at(1));
    expect(d.current(0)[0]).toMatchObject({ confidence: 0.4, score: 20 });
  });
});
