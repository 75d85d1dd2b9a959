// Proves that each frame counts once for traffic over time: under the family of what its flow speaks, or of its ports as
// long as that is not known, and as going into or out of the house, whoever began.

import { describe, expect, it } from 'vitest';
import { seriesOf } from '../../../analysis/stats/index.ts';
import { be16, be32, ethernet, hex, internetChecksum, udp } from '../../../capture/wire/golden/build.ts';
import {
  batchCapacity,
  createQueueMemory,
  type Family,
  FrameBatch,
  families,
  QueueWriter,
  type TrafficSeries,
} from '../../../core/index.ts';
import { Engine } from '../engine.ts';
import { runOptions } from '../golden/run-options.ts';
import { FactSender } from '../hand-over/facts.ts';

const options = runOptions({
  screens: { pulseEveryMs: 100, openFlowsEveryMs: 1000, openFlowsMost: 100 },
});

const face = { name: 'x', linkType: 1, snapLen: 0, ticksPerSec: 1e6 };

/** The traffic of frames a second apart. */
function trafficOf(frames: readonly (readonly number[])[]): TrafficSeries {
  const engine = new Engine(options, new FactSender(new QueueWriter(createQueueMemory(1 << 20), 'drop', () => {})), 1);
  const batch = new FrameBatch();
  const numbers = new Float64Array(batchCapacity);
  batch.bytes = Uint8Array.from(frames.flat());
  let at = 0;
  frames.forEach((frame, i) => {
    batch.at[i] = at;
    batch.capLen[i] = frame.length;
    batch.wireLen[i] = frame.length;
    batch.timeUs[i] = 1e15 + i * 1e6;
    numbers[i] = i + 1;
    at += frame.length;
  });
  engine.run(batch, frames.length, numbers, [face]);
  return seriesOf(engine.traffic!.meter.whole()!);
}

const inside = hex('0a 00 00 01');
const alsoInside = hex('c0 a8 01 fe');
const internet = hex('08 08 08 08');

function ip(src: readonly number[], dst: readonly number[], proto: number, payload: readonly number[]): number[] {
  const head = [0x45, 0, ...be16(20 + payload.length), 0, 1, 0, 0, 64, proto, 0, 0, ...src, ...dst];
  const sum = internetChecksum(head);
  head[10] = sum >>> 8;
  head[11] = sum & 255;
  return ethernet(0x0800, [...head, ...payload]);
}

const segment = (src: number, dst: number, seq: number, payload: readonly number[] = []): number[] => [
  ...[...be16(src), ...be16(dst), ...be32(seq), 0, 0, 0, 1, 0x50, 0x18, 0x20, 0, 0, 0, 0, 0],
  ...payload,
];
const text = (words: string): number[] => [...Buffer.from(words)];

/** Family of each second's bytes. */
function familyOfEach(series: TrafficSeries): (Family | undefined)[] {
  return series.bytes.map((bytes, sec) => families.find((_, i) => series.families[i][sec] === bytes));
}

describe('FlowTraffic', () => {
  it('tells ways in and out by the house, whichever way a flow began and whichever address is lower', () => {
    const far = [...hex('c1 00 00 01')];
    for (const outside of [internet, far]) {
      const frames = [
        ip(inside, outside, 17, udp(40000, 9999, [1])),
        ip(outside, inside, 17, udp(9999, 40000, [1, 2])),
        ip(outside, alsoInside, 17, udp(50000, 7777, [1])),
        ip(alsoInside, outside, 17, udp(7777, 50000, [1, 2])),
        ip(inside, alsoInside, 17, udp(40000, 9998, [1])),
        ip(outside, internet, 17, udp(40000, 9997, [1])),
      ];
      const { bytes, inBytes, outBytes } = trafficOf(frames);
      expect(outBytes).toEqual([bytes[0], 0, 0, bytes[3], 0, 0]);
      expect(inBytes).toEqual([0, bytes[1], bytes[2], 0, 0, 0]);
    }
  });

  it('takes the networks for documentation for the Internet', () => {
    const { outBytes, bytes } = trafficOf([ip(inside, hex('c6 33 64 07'), 17, udp(40000, 9999, [1]))]);
    expect(outBytes).toEqual(bytes);
  });

  it('goes by ports first and by what is spoken from then on', () => {
    const request = text('GET / HTTP/1.1\r\nHost: example.com\r\n\r\n');
    const series = trafficOf([
      ip(inside, internet, 6, segment(40000, 443, 1)),
      ip(inside, internet, 6, segment(40000, 443, 1, request)),
      ip(internet, inside, 6, segment(443, 40000, 1)),
      ip(inside, internet, 6, segment(40001, 22, 1)),
      ip(inside, internet, 6, segment(40002, 9999, 1)),
      ip(internet, inside, 6, segment(443, 5000, 1)),
    ]);
    expect(familyOfEach(series)).toEqual([
      'web-secret',
      'web-clear',
      'web-clear',
      'remote',
      'other',
      'web-secret',
    ] satisfies Family[]);
    expect([series.segments, series.newFlows]).toEqual([
      [0, 1, 0, 0, 0, 0],
      [1, 0, 0, 1, 1, 1],
    ]);
  });

  it('counts what makes no flow: other links as local, fragments that wait with the others', () => {
    const fragment = ip(inside, internet, 17, udp(40000, 53, new Array<number>(16).fill(1)));
    fragment.splice(14 + 6, 2, 0x20, 0x02); // not the first one
    const series = trafficOf([
      ethernet(0x0806, new Array<number>(28).fill(0)),
      ip(inside, internet, 1, [8, 0, 0, 0, 0, 1, 0, 1]),
      fragment,
    ]);
    expect(familyOfEach(series)).toEqual(['local', 'local', 'other'] satisfies Family[]);
    expect(series.outBytes).toEqual([0, ...series.bytes.slice(1)]);
  });

  it('counts a segment that is sent again as one, and a frame in a tunnel once', () => {
    const first = ip(inside, internet, 6, segment(40000, 9999, 1, [1, 2, 3]));
    const second = ip(inside, internet, 6, segment(40000, 9999, 4, [4, 5]));
    // A later identification: no second capture of the same packet.
    const again = [...first];
    again[14 + 5] = 9;
    const once = [...first];
    once[14 + 5] = 10;
    const tunnel = ip(inside, internet, 4, once.slice(14));
    const series = trafficOf([first, second, again, tunnel]);
    expect([series.segments, series.repeated]).toEqual([
      [1, 1, 1, 1],
      [0, 0, 1, 1],
    ]);
    expect([series.packets, series.newFlows]).toEqual([
      [1, 1, 1, 1],
      [1, 0, 0, 1],
    ]);
    expect(series.bytes[3]).toBe(tunnel.length);
  });
});
