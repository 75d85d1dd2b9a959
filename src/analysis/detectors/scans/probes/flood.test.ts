// Proves that a flood with forged sources raises no scan by itself and hides no slow scan that goes on inside it.

import { describe, expect, it } from 'vitest';
import { FlowSignal, moment } from '../../../../core/index.ts';
import { Stage } from '../../golden/stage.ts';
import { probes } from './index.ts';

const forgedSources = 200_000;
const floodSec = 20;

/** Seconds from its first try after which a scan of one port in half a second is told. */
function secondsToFind(rounds: number, portOf: (n: number) => number): { sec: number; sources: string[] } {
  const stage = new Stage(probes);
  const beginUs = stage.timeUs;
  const s = Object.assign(new FlowSignal(), {
    ...{ moment: moment.opened, ipVersion: 4, proto: 6, tcpFlags: 2, oPackets: 1, oPort: 40_000 },
  });
  const steps = rounds > 0 ? rounds * forgedSources : floodSec * 10;
  const scanEvery = steps / (floodSec * 2);
  for (let n = 0; n < steps; n++) {
    const timeUs = beginUs + Math.floor((n * floodSec * 1e6) / steps);
    stage.detection.advance({ timeUs, number: n + 1 });
    const isScan = n % scanEvery === 0;
    if (!isScan && rounds === 0) continue;
    s.timeUs = s.firstUs = timeUs;
    s.packet = s.firstPacket = n + 1;
    s.attempts = isScan ? 20 : 60;
    s.o0 = isScan ? 0x0a090909 : (0x20000000 + Math.imul(n % forgedSources, 0x9e3779b1)) | 0;
    s.r0 = isScan ? 0x0a000032 : 0x0a000002;
    s.rPort = isScan ? 2000 + n / scanEvery : portOf(n);
    stage.detection.flow(s);
  }
  const [alert] = stage.alerts.filter(({ key }) => key.includes('10.9.9.9'));
  const sec = alert === undefined ? Number.POSITIVE_INFINITY : ((alert.packet - 1) / steps) * floodSec;
  return { sec, sources: stage.alerts.flatMap(({ sources }) => sources) };
}

describe('a scan inside a flood', () => {
  const alone = secondsToFind(0, () => 80);

  it('is found after 15 ports when nothing else happens', () => {
    expect(alone.sec).toBeLessThanOrEqual(7.5);
  });

  it.each([
    ['of one port', 6, () => 80],
    ['of all ports', 1, (n: number) => 1 + (Math.imul(n, 0x85ebca6b) >>> 16)],
  ])('hit: is found as soon while 200,000 forged sources flood a host %s, %i times over', (_, rounds, portOf) => {
    const { sec, sources } = secondsToFind(rounds, portOf);
    expect(sec).toBeLessThanOrEqual(2 * alone.sec);
    expect(sources).toEqual(['10.9.9.9']);
  });
});
