// Proves that a lossy, doubled, one-sided or jumbled capture is told once, that a sound one is not, and what confidence the
// shared quality gives.

import { describe, expect, it } from 'vitest';
import { CaptureFacts, tcpFlag } from '../../../../core/index.ts';
import { Stage } from '../../golden/stage.ts';
import { asymmetry } from './asymmetry.ts';
import { clock } from './clock.ts';
import { duplicates } from './duplicates.ts';
import { loss } from './loss.ts';
import { CaptureQuality } from './quality.ts';

describe('capture.duplicates', () => {
  it('hit: every packet twice', () => {
    const stage = new Stage(duplicates).capture({ packets: 100, duplicates: 50, firstDuplicate: 2 });
    expect(stage.capture({ packets: 140, duplicates: 70 }).end().alerts).toMatchObject([
      { severity: 'info', key: 'capture', observed: 50, firstPacket: 2 },
    ]);
  });

  it('miss: one in ten, and too few to tell', () => {
    expect(new Stage(duplicates).capture({ packets: 1000, duplicates: 100 }).end().alerts).toEqual([]);
    expect(new Stage(duplicates).capture({ packets: 40, duplicates: 20 }).end().alerts).toEqual([]);
  });
});

describe('capture.loss', () => {
  it('hit: one segment in five acknowledges what was not captured', () => {
    const stage = new Stage(loss).capture({}).capture({ segments: 200, ackedUnseen: 40 });
    expect(stage.alerts).toMatchObject([{ severity: 'info', observed: 40, threshold: 20 }]);
  });

  it('miss: one in a hundred; what was lost before the window', () => {
    const stage = new Stage(loss).capture({}).capture({ segments: 1000, ackedUnseen: 10 }).wait(1000);
    stage.capture({ segments: 2000, ackedUnseen: 20 }).wait(1000).capture({ segments: 2050, ackedUnseen: 60 });
    expect(stage.end().alerts).toEqual([]);
  });
});

describe('capture.one-sided', () => {
  const half = { oPackets: 5, oFlags: tcpFlag.ack, rPackets: 0 };

  it('hit: ten connections of which one side was captured', () => {
    const stage = new Stage(asymmetry);
    for (let i = 0; i < 12; i++) stage.flow('ended', { ...half, oPort: i });
    expect(stage.alerts).toMatchObject([{ severity: 'info', observed: 10, packet: 10 }]);
  });

  it('miss: both sides, and connections that nobody answered', () => {
    const stage = new Stage(asymmetry);
    for (let i = 0; i < 50; i++) {
      stage.flow('ended', { ...half, rPackets: 4, rFlags: tcpFlag.ack });
      stage.flow('ended', { oPackets: 3, oFlags: tcpFlag.syn, rPackets: 0 });
      if (i % 3 === 0) stage.flow('ended', half);
    }
    expect(stage.alerts).toEqual([]);
  });
});

describe('capture.clock', () => {
  it('hit: a packet ten seconds early', () => {
    const stage = new Stage(clock).capture({ late: 1, latest: 10e6 }).end();
    expect(stage.alerts).toMatchObject([{ severity: 'info', observed: 1 }]);
    expect(stage.alerts[0].explain).toContain('1 packet came up to 10 s');
  });

  it('miss: a packet a second early, a pause of a day', () => {
    expect(new Stage(clock).capture({ packets: 9, jumps: 1 }).end().alerts).toEqual([]);
  });
});

describe('CaptureQuality', () => {
  it('trusts a sound capture wholly, and others less', () => {
    const facts = Object.assign(new CaptureFacts(), { packets: 1000, segments: 1000 });
    const quality = new CaptureQuality(facts);
    expect([quality.confidence, quality.isDoubled, quality.lossShare]).toEqual([1, false, 0]);
    facts.ackedUnseen = 100;
    expect([quality.lossShare, quality.confidence]).toEqual([0.1, 0.7]);
    facts.duplicates = 500;
    expect([quality.isDoubled, quality.confidence]).toEqual([true, 0.5]);
    quality.oneSided = 9;
    quality.twoSided = 1;
    expect([quality.oneSidedShare, quality.confidence]).toEqual([0.9, 0.3]);
  });

  it('says nothing of a handful of packets', () => {
    const quality = new CaptureQuality(Object.assign(new CaptureFacts(), { packets: 4, duplicates: 2, segments: 4 }));
    quality.oneSided = 2;
    expect(quality.confidence).toBe(1);
  });
});
