// Proves that a loop and a storm of broadcasts make one alert, and that spanning tree, different ARP requests and a
// short rush make none.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { broadcastStorm } from './broadcast-storm.ts';

/** An ARP request for a host of 10.0.0.0/16. */
function arp(host: number): number[] {
  const sender = [2, 0, 0, 0, 0, 1];
  const body = [0, 1, 8, 0, 6, 4, 0, 1, ...sender, 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 10, 0, host >>> 8, host & 255];
  return [255, 255, 255, 255, 255, 255, ...sender, 8, 6, ...body];
}

describe('l2.storm', () => {
  it('hit: the same frame again and again', () => {
    const stage = new Stage(broadcastStorm);
    for (let n = 0; n < 800; n++) stage.frame(arp(7)).wait(0.005);
    expect(stage.end().alerts.map(({ key, sources }) => [key, sources])).toEqual([['segment', ['02:00:00:00:00:01']]]);
  });

  it('hit: the same frame at one instant', () => {
    const stage = new Stage(broadcastStorm);
    for (let n = 0; n < 1200; n++) stage.frame(arp(7));
    expect(stage.end().alerts).toHaveLength(1);
  });

  it('hit: many broadcasts for six seconds, ARP and UDP together', () => {
    const stage = new Stage(broadcastStorm);
    for (let sec = 0; sec < 7; sec++) {
      for (let n = 0; n < 300; n++) stage.frame(arp(sec * 300 + n)).wait(1 / 300);
      stage.rate('255.255.255.255', { packets: 400, udp: 400 });
    }
    expect(stage.end().alerts).toHaveLength(1);
  });

  it('miss: a scan of addresses for some seconds, and a request repeated every second', () => {
    const stage = new Stage(broadcastStorm);
    for (let n = 0; n < 1500; n++) stage.frame(arp(n)).wait(0.002);
    for (let n = 0; n < 600; n++) stage.frame(arp(1)).wait(1);
    expect(stage.end().alerts).toEqual([]);
  });

  it('miss: a video stream by multicast', () => {
    const stage = new Stage(broadcastStorm);
    for (let n = 0; n < 20; n++) stage.wait(1).rate('239.1.1.1', { packets: 4000, udp: 4000 });
    expect(stage.end().alerts).toEqual([]);
  });
});
