// Proves that conversations survive what happens to packets: in other orders, in small pieces and twice they tell the same;
// with losses and cut short nothing crashes, and flows that were not touched tell what they told before.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Namespace, openNamespace, reasonToSkip } from './live-namespace.ts';
import { scratchFolder } from './scratch-folder.ts';
import { main } from './started-program.ts';
import {
  type Capture,
  capturedIn,
  doubled,
  inPieces,
  type PacketRecord,
  rotated,
  swapped,
  writePackets,
} from './talks-rewritten.ts';
import { buildScene, byFlow, type EveLine, eveLines, listenToScene, readCapture, type Told } from './talks-stage.ts';

const skip = reasonToSkip();
if (skip !== null) console.log(`skipped: ${skip}`);

const folder = scratchFolder('talks-damaged');

/** What does not depend on packets: no times, sizes of packets, counters of flows, and no randomness of the run. */
const isOfPackets = (key: string): boolean => key.endsWith('Us') || ['timestamp', 'pcap_cnt'].includes(key);

/** What was said, by flow; flow records and alerts are about packets. */
function said(lines: readonly EveLine[]): Map<number, unknown[]> {
  const events = lines.filter(({ event_type }) => !['flow', 'alert', 'stats'].includes(event_type));
  return byFlow(events.map((line) => JSON.parse(JSON.stringify(line, (key, v) => (isOfPackets(key) ? undefined : v)))));
}

const portsOf = (line: EveLine): number[] => [Number(line.src_port), Number(line.dest_port)];

describe.skipIf(skip !== null || !existsSync(main))('conversations in damaged captures', () => {
  let net: Namespace;
  let capture: Capture;
  let whole: Told;
  let lines: EveLine[] = [];
  const plain = join(folder, 'plain.pcap');
  beforeAll(async () => {
    net = openNamespace('damaged');
    const copy = join(folder, 'copy.pcapng');
    await listenToScene(net, folder, buildScene(folder), copy);
    await readCapture(folder, 'copied', copy, '-w', plain);
    capture = capturedIn(plain);
    whole = await readCapture(folder, 'whole', plain);
    lines = eveLines(whole.eve);
  }, 30_000);
  afterAll(() => net?.remove());

  /** Reads other packets; a run must always end well. */
  async function told(name: string, packets: readonly PacketRecord[], ...more: readonly string[]) {
    const run = await readCapture(folder, name, writePackets(join(folder, `${name}.pcap`), capture, packets), ...more);
    expect([run.code, run.err.includes('    at ')]).toEqual([0, false]);
    const summary = JSON.parse(run.out);
    expect(summary).toMatchObject({ packets: packets.length, truncated_input: false });
    expect(summary.findings.map(({ code }: { code: string }) => code)).not.toContain('parser-fault');
    return { summary, lines: eveLines(run.eve) };
  }

  it.each([
    ['in small pieces', (packets: readonly PacketRecord[]) => inPieces(packets, 37)],
    ['with neighbours swapped', (packets: readonly PacketRecord[]) => swapped(inPieces(packets, 100))],
    ['with runs turned round', (packets: readonly PacketRecord[]) => rotated(inPieces(packets, 60))],
    ['twice', (packets: readonly PacketRecord[]) => doubled(packets)],
    ['twice, in pieces and swapped', (packets: readonly PacketRecord[]) => swapped(doubled(inPieces(packets, 50)))],
  ])('tell the same %s', async (name, rewrite) => {
    const packets = rewrite(capture.packets);
    expect(packets.length).toBeGreaterThan(capture.packets.length);
    const { summary, lines: others } = await told(name, packets);
    expect(said(others)).toEqual(said(lines));
    expect(summary.flows.total).toBe(14);
  });

  it.each([
    ['every third packet lost', (i: number) => i % 3 !== 2],
    ['every second packet lost', (i: number) => i % 2 === 0],
    ['every seventh packet lost', (i: number) => i % 7 !== 3],
  ])('of other flows are as they were with %s', async (name, isKept) => {
    const hurt = [80, 25, 21, 443, 53];
    const isHurt = (ports: readonly number[]): boolean => ports.some((port) => hurt.includes(port));
    let count = 0;
    const rest = capture.packets.filter(({ srcPort, destPort }) => !isHurt([srcPort, destPort]) || isKept(count++));
    expect(rest.length).toBeLessThan(capture.packets.length);
    const { lines: others, summary } = await told(name, rest);
    // A data connection is known by what the control connection said of it.
    const isOther = (line: EveLine): boolean => line.event_type !== 'alert' && !isHurt([...portsOf(line), 0]);
    const without = (all: readonly EveLine[]) =>
      byFlow(all.filter((line) => isOther(line) && !portsOf(line).includes(40_021)));
    expect(without(others)).toEqual(without(lines));
    expect(without(lines).size).toBe(6);
    const urls = (all: readonly EveLine[]) =>
      new Set(all.map((line) => (line.http as { url?: string } | undefined)?.url));
    const known = urls(lines).add(undefined);
    for (const url of urls(others)) expect(known).toContain(url);
    expect(summary.flows.total).toBeLessThanOrEqual(15);
  });

  it('end well with every second packet of all removed', async () => {
    for (const odd of [0, 1]) {
      const { lines: others, summary } = await told(
        `half ${odd}`,
        capture.packets.filter((_, i) => i % 2 === odd),
      );
      expect(others.length).toBeLessThanOrEqual(lines.length + 30);
      expect(summary.flows.total).toBeLessThanOrEqual(20);
    }
  });

  it('end well cut by a snap length, with the same flows', async () => {
    const of = (all: readonly EveLine[]) =>
      all
        .filter((line) => line.event_type === 'flow')
        .map(({ src_port, dest_port, proto, flow }) => ({ src_port, dest_port, proto, flow }));
    for (const length of ['96', '60', '54', '30']) {
      const { lines: others, summary } = await told(`cut ${length}`, capture.packets, '-s', length);
      expect(summary.bytes).toBe(JSON.parse(whole.out).bytes);
      if (length === '30') continue;
      expect(of(others)).toEqual(of(lines));
      if (length !== '96') continue;
      // What fits is told: names of applications, and short commands.
      const apps = Object.keys(summary.protocols.app);
      expect(apps).toEqual(expect.arrayContaining(['http', 'http2', 'tls', 'dns', 'smtp', 'ftp', 'ssh', 'redis']));
      expect(others.filter((line) => line.event_type === 'dns')).toHaveLength(4);
    }
  });

  it('with only one direction tell what that one said', async () => {
    for (const side of ['srcPort', 'destPort'] as const) {
      const servers = [80, 25, 21, 443, 53, 8765, 8080, 2200, 1883, 6379, 5432, 40_021];
      const half = capture.packets.filter((packet) => servers.includes(packet[side]));
      const { lines: others } = await told(`only ${side}`, half);
      const types = new Set(others.map((line) => line.event_type));
      for (const type of ['http', 'dns', 'tls']) expect(types).toContain(type);
    }
  });
});
