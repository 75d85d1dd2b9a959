// Proves what every detector has to keep: words for people, limits with units, a hit and a miss test, bounded memory under a
// million forged sources, and calm under hostile input.

import { describe, expect, it } from 'vitest';
import { tacticOf } from '../../src/analysis/alerts/index.ts';
import {
  Detection,
  type Detector,
  defaultDetectBytes,
  defaultDetection,
  detectors,
} from '../../src/analysis/detectors/index.ts';
import { tryDetector } from '../../src/app/pipeline/detection/own/test-own-detector.ts';
import { FlowSignal, moment } from '../../src/core/index.ts';
import { filesBelow, textOf } from '../rules/source-files.ts';

const sources = filesBelow('src/analysis/detectors').filter((path) => path.endsWith('.ts'));
const tests = sources.filter((path) => path.endsWith('.test.ts')).map((path) => textOf(path));
const units = new Set(['', 'sec', 'bytes', 'perSec', 'share']);

describe.each(detectors.map((detector): [string, Detector] => [detector.name, detector]))('%s', (name, detector) => {
  it('has words for people', () => {
    expect(name).toMatch(/^[a-z0-9]+(\.[a-z0-9-]+)+$/);
    for (const words of [detector.meaning, detector.benign, detector.next])
      expect(words).toMatch(/^[A-Z0-9].{20,}[.?]$/s);
    expect(detector.title.length).toBeGreaterThan(3);
    expect(detector.title).not.toMatch(/[.]$/);
    if (detector.mitre !== null) expect(tacticOf(detector.mitre), detector.mitre).not.toBeNull();
  });

  it('has limits with units', () => {
    for (const [option, { title, unit, fallback, least, most }] of Object.entries(detector.options)) {
      expect(title.length, option).toBeGreaterThan(8);
      expect(units.has(unit), `${option}: ${unit}`).toBe(true);
      expect(fallback >= least && fallback <= most, option).toBe(true);
      if (unit === 'sec') expect(option).toMatch(/Sec$/);
    }
  });

  it('has a test that names it, with a hit and a miss', () => {
    const own = tests.filter(
      (text) => text.includes(`'${name}'`) || text.includes(`${name}:`) || text.includes(`${name} `),
    );
    expect(own.length).toBeGreaterThan(0);
    expect(own.some((text) => /\bhit\b/i.test(text) && /\bmiss\b/i.test(text))).toBe(true);
  });

  it('survives hostile input', () => {
    expect(tryDetector(detector).fault).toBeNull();
  });
});

describe('all detectors together', () => {
  it('have names of their own', () => {
    expect(new Set(detectors.map(({ name }) => name)).size).toBe(detectors.length);
  });

  it('keep no more than they may, whatever comes', () => {
    const detection = new Detection(detectors, { ...defaultDetection, on: ['*'] }, () => {});
    const bytes = (): number => detection.occupancy().reduce((sum, each) => sum + each.bytes, 0);
    const before = bytes();
    expect(before).toBeLessThanOrEqual(defaultDetectBytes);
    const s = new FlowSignal();
    s.ipVersion = 4;
    s.proto = 6;
    s.rPort = 80;
    s.r0 = 0x7f000001;
    s.tcpFlags = 2;
    s.attempts = 1;
    const heap = process.memoryUsage().heapUsed;
    for (let i = 1; i <= 1_000_000; i++) {
      s.moment = i % 3 === 0 ? moment.silent : moment.opened;
      s.timeUs = 1.7e15 + i * 10;
      s.packet = i;
      s.o0 = Math.imul(i, 0x9e3779b1);
      s.oPort = 1024 + (i & 0x7fff);
      detection.advance({ timeUs: s.timeUs, number: i });
      detection.flow(s);
    }
    detection.end();
    expect(detection.faults()).toEqual([]);
    expect(bytes()).toBe(before);
    // Whatever is kept outside of tables has to be bounded as well.
    expect(process.memoryUsage().heapUsed - heap).toBeLessThan(48 << 20);
  });

  it('is smaller with less memory', () => {
    const of = (memoryBytes: number): number =>
      new Detection(detectors, { ...defaultDetection, memoryBytes }, () => {})
        .occupancy()
        .reduce((sum, each) => sum + each.bytes, 0);
    expect(of(16 << 20)).toBeLessThan(of(64 << 20) / 2);
  });
});
