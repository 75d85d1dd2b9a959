// Proves that the volume over time adds up at any length of capture, and that bottlenecks are told from it.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VolumeMeter } from './volume.ts';

describe('VolumeMeter', () => {
  it('has every packet and byte in some bucket, whatever the times', () => {
    const packets = fc.array(fc.tuple(fc.integer({ min: 0, max: 2_000_000_000 }), fc.integer({ min: 0, max: 9000 })), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(packets, (rows) => {
        const meter = new VolumeMeter();
        for (const [ms, bytes] of rows) meter.add({ timeUs: ms * 1000, wireLen: bytes });
        meter.flush();
        const seconds = meter.seconds();
        expect(seconds.length).toBeLessThanOrEqual(240);
        expect(seconds.reduce((sum, row) => sum + row.packets, 0)).toBe(rows.length);
        expect(seconds.reduce((sum, row) => sum + row.bytes, 0)).toBe(rows.reduce((sum, [, bytes]) => sum + bytes, 0));
      }),
    );
  });

  it('gives one row a second, gaps included', () => {
    const meter = new VolumeMeter();
    for (const sec of [10.1, 10.9, 11.5, 14]) meter.add({ timeUs: sec * 1e6, wireLen: 100 });
    meter.flush();
    expect(meter.seconds()).toEqual([
      { sec: 10, packets: 2, bytes: 200 },
      { sec: 11, packets: 1, bytes: 100 },
      { sec: 12, packets: 0, bytes: 0 },
      { sec: 13, packets: 0, bytes: 0 },
      { sec: 14, packets: 1, bytes: 100 },
    ]);
  });

  it('tells each second with its fullest 10 ms and millisecond', () => {
    const meter = new VolumeMeter();
    meter.speedBps = 1e6;
    const told: object[] = [];
    meter.onSecond = () => told.push({ ...meter.second });
    for (const ms of [5000, 5001, 5001.5, 5300, 6100, 5900, 7000]) meter.add({ timeUs: ms * 1000, wireLen: 500 });
    expect(told).toEqual([
      { sec: 5, packets: 4, bytes: 2000, peak10Bytes: 1500, peak1Bytes: 1000, fullBins: 1 },
      { sec: 6, packets: 2, bytes: 1000, peak10Bytes: 500, peak1Bytes: 500, fullBins: 0 },
    ]);
  });

  it('says that a link was full, with its speed', () => {
    const meter = new VolumeMeter();
    meter.speedBps = 10e6;
    for (let ms = 0; ms < 3000; ms += 10) meter.add({ timeUs: ms * 1000, wireLen: 11_875 });
    meter.flush();
    expect(meter.findings().map((finding) => [finding.code, finding.text])).toEqual([
      ['link-saturated', 'The link was 95 % full at its peak (9.5 Mb/s of 10.0 Mb/s).'],
    ]);
  });

  it('tells a burst that a second hides, and says nothing of quiet traffic', () => {
    const meter = new VolumeMeter();
    meter.speedBps = 100e6;
    for (let ms = 0; ms < 20_000; ms += 100) meter.add({ timeUs: ms * 1000, wireLen: 1000 });
    meter.flush();
    expect(meter.findings()).toEqual([]);
    meter.add({ timeUs: 21e6, wireLen: 125_000 });
    meter.flush();
    expect(meter.findings().map((finding) => finding.code)).toEqual(['burst']);
  });

  it('tells a burst by contrast where the speed is not known', () => {
    const meter = new VolumeMeter();
    for (let sec = 0; sec < 30; sec++) meter.add({ timeUs: sec * 1e6, wireLen: 100_000 });
    meter.add({ timeUs: 30e6, wireLen: 2_000_000 });
    meter.flush();
    expect(meter.findings().map((finding) => finding.code)).toEqual(['burst']);
  });
});
