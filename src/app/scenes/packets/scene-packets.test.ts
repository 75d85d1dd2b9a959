// Proves that packets of a flow are found in its capture file, read to their layers and fields, and written as a file.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sources } from '../../../capture/sources/index.ts';
import { be16, ethernet, ipv4, plainTcp, udp } from '../../../capture/wire/golden/build.ts';
import { endOfInput, FrameBatch } from '../../../core/index.ts';
import type { PacketDetails, Row, Scene } from '../../../screens/api/index.ts';
import { keptTables } from '../../pipeline/index.ts';
import { storyFile, storyPlace, tellStory } from '../golden/story.ts';
import { openLiveScene } from '../live/live-scene.ts';
import { packetDetails } from './packet-details.ts';
import { ScenePacketReader } from './scene-packets.ts';

const folder = mkdtempSync(join(tmpdir(), 'taplight-packets-'));
afterAll(() => rmSync(folder, { recursive: true }));

const about = { id: 'main', kind: 'file', names: ['story'], isLive: false } as const;
let scene: Scene;
let tls: Row;
beforeAll(async () => {
  const live = openLiveScene({
    about,
    tables: keptTables(),
    protocols: [],
    packets: { files: [storyFile], kept: null },
  });
  scene = live.scene;
  for (const batch of (await tellStory()).batches) live.feed.batch(batch);
  const sort = { column: 'start_ts', descending: false };
  const { columns, rows } = await scene.rows({ table: 'flows', filter: 'app:tls', sort, from: 0, count: 1 });
  tls = Object.fromEntries(columns.map(({ name }, i) => [name, rows[0][i]]));
});

const named = (packet: PacketDetails, layer: string): Record<string, string> =>
  Object.fromEntries(packet.layers.find(({ name }) => name === layer)?.fields ?? []);

async function joined(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

/** Lengths on the wire and times of all packets of a capture. */
async function packetsIn(bytes: Uint8Array): Promise<{ wireLen: number; timeUs: number }[]> {
  const path = join(folder, 'found.pcapng');
  writeFileSync(path, bytes);
  const source = await sources.files([path], { follow: false });
  const batch = new FrameBatch();
  const found: { wireLen: number; timeUs: number }[] = [];
  for (let count = await source.read(batch, 0); count !== endOfInput; count = await source.read(batch, 0))
    for (let i = 0; i < count; i++) found.push({ wireLen: batch.wireLen[i], timeUs: batch.timeUs[i] });
  source.close();
  return found;
}

describe('packets of the first TLS flow', () => {
  it('are all of them, in order, with the bytes that the flow counted', async () => {
    const packets = await scene.packets(storyPlace.run, Number(tls.flow_id), 0, 1000);
    expect(packets.length).toBe(tls.packets);
    expect(packets.reduce((sum, { wireLen }) => sum + wireLen, 0)).toBe(tls.bytes);
    const forward = packets.filter(({ isForward }) => isForward);
    expect(forward.reduce((sum, { wireLen }) => sum + wireLen, 0)).toBe(tls.bytes_fwd);
    const numbers = packets.map(({ number }) => number);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    const page = await scene.packets(storyPlace.run, Number(tls.flow_id), 2, 3);
    expect(page).toEqual(packets.slice(2, 5));
  });

  it('begin with a SYN, whose layers lie where they say', async () => {
    const [syn, synAck] = await scene.packets(storyPlace.run, Number(tls.flow_id), 0, 2);
    expect(syn.isForward && !synAck.isForward).toBe(true);
    expect(syn.summary).toBe(`${tls.src_ip}:${tls.src_port} → ${tls.dst_ip}:443 TCP SYN, 0 bytes`);
    expect(syn.layers.map(({ name, from }) => [name, from]).slice(0, 3)).toEqual([
      ['Ethernet', 0],
      ['IPv4', 14],
      ['TCP', 34],
    ]);
    expect(named(syn, 'Ethernet')).toMatchObject({
      Source: tls.src_mac,
      Destination: tls.dst_mac,
      Type: '0x0800 IPv4',
    });
    expect(named(syn, 'IPv4')).toMatchObject({ Source: tls.src_ip, Destination: tls.dst_ip, Protocol: '6 TCP' });
    expect(named(syn, 'TCP')).toMatchObject({ 'Source port': String(tls.src_port), Flags: 'SYN' });
    expect(named(synAck, 'TCP').Flags).toBe('SYN ACK');
    const tcp = syn.layers[2];
    expect(Number.parseInt(syn.hex.slice(2 * tcp.from, 2 * tcp.from + 4), 16)).toBe(tls.src_port);
    expect(syn.hex.length).toBe(2 * (syn.layers.at(-1)?.to ?? 0));
  });

  it('have payload where the client says hello', async () => {
    const packets = await scene.packets(storyPlace.run, Number(tls.flow_id));
    const hello = packets.find(({ layers }) => layers.some(({ name }) => name === 'payload'));
    const payload = hello?.layers.find(({ name }) => name === 'payload');
    expect(hello?.hex.slice(2 * (payload?.from ?? 0)).startsWith('16030')).toBe(true);
    expect(payload?.fields[0]).toEqual(['Bytes', String((payload?.to ?? 0) - (payload?.from ?? 0))]);
  });

  it('are a capture file of their own', async () => {
    const of = { run: storyPlace.run, flowId: Number(tls.flow_id) };
    const found = await packetsIn(await joined(scene.packetFile(of)));
    expect(found.length).toBe(tls.packets);
    expect(found.reduce((sum, { wireLen }) => sum + wireLen, 0)).toBe(tls.bytes);
    expect(found[0].timeUs).toBe(tls.start_ts);
  });
});

describe('packets', () => {
  it('of all flows that a filter finds are those that the flows counted', async () => {
    const { rows } = await scene.rows({ table: 'flows', filter: 'app:dns', columns: ['packets'], from: 0, count: 200 });
    const found = await packetsIn(await joined(scene.packetFile({ filter: 'app:dns' })));
    expect(found.length).toBe(rows.flat().reduce((sum, count) => Number(sum) + Number(count), 0));
    await expect(joined(scene.packetFile({ filter: 'app:none' }))).rejects.toMatchObject({ code: 'NO_SUCH_FILE' });
  });

  it('of every flow of the story are as many as it counted', async () => {
    const reader = new ScenePacketReader({ files: [storyFile], kept: null });
    const columns = ['src_ip', 'dst_ip', 'src_port', 'dst_port', 'proto', 'start_ts', 'end_ts', 'packets'];
    const sort = { column: 'packets', descending: true };
    const { rows } = await scene.rows({ table: 'flows', columns, sort, filter: 'icmp or udp', from: 0, count: 15 });
    for (const row of rows) {
      const flow = Object.fromEntries(columns.map((name, i) => [name, row[i]]));
      expect((await reader.read(flow, 0, 1000)).length, JSON.stringify(flow)).toBe(
        Math.min(1000, Number(flow.packets)),
      );
    }
  });

  it('come out of the ring of kept packets where there is no file', async () => {
    const asked: unknown[] = [];
    const reader = new ScenePacketReader({
      files: [],
      kept: {
        async *find(of) {
          asked.push(of);
          yield readFileSync(storyFile);
        },
      },
    });
    const packets = await reader.read(tls, 0, 1000);
    expect(packets.length).toBe(tls.packets);
    expect(packets[0].number).toBe(0);
    expect(asked).toEqual([{ kind: 'flow', flow: tls }]);
    expect(reader.canRead).toBe(true);
    const none = new ScenePacketReader(null);
    await expect(none.read(tls, 0, 1)).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  });
});

describe('layers', () => {
  const face = { name: 'x', linkType: 1, snapLen: 0, ticksPerSec: 1e6 };
  const detailsOf = (bytes: readonly number[]): PacketDetails => {
    const batch = new FrameBatch();
    batch.bytes = Uint8Array.from(bytes);
    batch.capLen[0] = bytes.length;
    batch.wireLen[0] = bytes.length;
    return packetDetails({ interfaces: [face] }, batch, 0, 1, true);
  };
  const layersOf = (bytes: readonly number[]): string[] => detailsOf(bytes).layers.map(({ name }) => name);

  it('of tags, tunnels and ARP', () => {
    const tagged = [...ethernet(0x8100, [0x20, 5, 0x08, 0x00, ...ipv4(17, udp(53, 4000, [1, 2, 3]))])];
    expect(layersOf(tagged)).toEqual(['Ethernet', 'VLAN', 'IPv4', 'UDP', 'payload']);
    expect(named(detailsOf(tagged), 'VLAN')).toMatchObject({ VLAN: '5', Priority: '1', Type: '0x0800 IPv4' });
    expect(layersOf(ethernet(0x0800, ipv4(4, plainTcp)))).toEqual(expect.arrayContaining(['Ethernet', 'IPv4', 'TCP']));
    const arp = [0, 1, 8, 0, 6, 4, ...be16(1), 1, 2, 3, 4, 5, 6, 10, 0, 0, 5, 0, 0, 0, 0, 0, 0, 10, 0, 0, 1];
    const asked = detailsOf([...ethernet(0x0806, arp), 0, 0, 0]);
    expect(asked.layers.map(({ name }) => name)).toEqual(['Ethernet', 'ARP', 'trailer']);
    expect(named(asked, 'ARP')).toMatchObject({
      Operation: '1 who has',
      'Sender IP': '10.0.0.5',
      'Target IP': '10.0.0.1',
    });
  });

  it('never overlap, never leave the frame, and cover it, however it is cut or changed', () => {
    const frame = [...ethernet(0x0800, ipv4(4, plainTcp))];
    for (let length = 0; length <= frame.length; length++) {
      for (const changed of [-1, 12, 14, 23, 33, 46]) {
        const bytes = frame.slice(0, length).map((byte, i) => (i === changed ? byte ^ 0xff : byte));
        let at = 0;
        for (const { from, to } of detailsOf(bytes).layers) {
          expect(from).toBeGreaterThanOrEqual(at);
          expect(to).toBeGreaterThanOrEqual(from);
          expect(to).toBeLessThanOrEqual(bytes.length);
          at = to;
        }
      }
    }
  });
});
