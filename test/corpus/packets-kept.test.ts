// Proves that every packet of real captures is kept under the flows that their records count it for.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PacketKeeper } from '../../src/app/pipeline/keeping/packets/packet-keeper.ts';
import { RingIndex } from '../../src/capture/writers/ring/ring-index.ts';
import { RingStage } from '../../src/capture/writers/ring/ring-stage.ts';
import type { SourceInterface } from '../../src/core/index.ts';
import { analyse } from './analyse.ts';
import { hasCorpus, readManifest } from './captures.ts';

/** Fragments, tunnels, times that go back, several interfaces, IPv6, non-IP; and a share of all others. */
const always = /frag|tunnel|gre|gtp|vxlan|6in4|teredo|erspan|qinq|difficult|advanced|arp|reuse/;
const everyNth = 25;

/** Packets by number of the flow, as the index has them, and how many packets there are in all. */
function indexed(folder: string): { readonly byFlow: Map<number, number>; readonly packets: number } {
  const byFlow = new Map<number, number>();
  const places = new Set<number>();
  const index = RingIndex.open({ folder: join(folder, '0'), number: 1 });
  if (index === null) return { byFlow, packets: 0 };
  while (index.next()) {
    places.add(index.place);
    if (index.flow !== 0) byFlow.set(index.flow, (byFlow.get(index.flow) ?? 0) + 1);
    expect(index.packet()).not.toBeNull();
  }
  index.close();
  return { byFlow, packets: places.size };
}

describe.skipIf(!hasCorpus)('packets kept of real captures', () => {
  const captures = hasCorpus
    ? readManifest().filter(
        ({ path, packets, tshark }, i) =>
          packets !== null &&
          packets > 0 &&
          packets < 3000 &&
          tshark !== undefined &&
          (i % everyNth === 0 || always.test(path)),
      )
    : [];

  it.each(captures.map(({ path, packets }) => [path, packets ?? 0] as const))('%s', async (path, packets) => {
    const folder = mkdtempSync(join(tmpdir(), 'taplight-kept-'));
    try {
      const interfaces: SourceInterface[] = [];
      const stage = new RingStage(folder, { bytes: 2 ** 30, interfaces });
      const keeper = new PacketKeeper(stage.writer, 0, () => stage.memory.failure);
      const told = new Map<number, number>();
      const { snapshot } = await analyse(path, packets, {
        keeper,
        flow: ({ id, oPackets, rPackets }) => told.set(id, (told.get(id) ?? 0) + oPackets + rPackets),
        frames: (_batch, _count, source) => {
          interfaces.push(...source.interfaces.slice(interfaces.length));
        },
      });
      stage.close();
      const found = indexed(folder);
      expect(keeper.counters()).toMatchObject({ packets: snapshot.packets, cutPackets: 0, failure: null });
      expect(found.packets).toBe(snapshot.packets);
      expect(new Map([...found.byFlow].sort())).toEqual(new Map([...told].sort()));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
