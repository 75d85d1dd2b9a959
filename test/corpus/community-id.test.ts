// Proves that EVE flow records carry the Community IDs that its specification and Arkime publish for the same captures.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { eve } from '../../src/output/sinks/eve.ts';
import { analyse } from './analyse.ts';
import { corpusFolder, hasCorpus, readManifest } from './captures.ts';

interface EveFlow {
  readonly src_ip: string;
  readonly dest_ip: string;
  readonly community_id: string;
}

/** A row of the baseline, which has one for every direction and port pair seen. */
interface Published {
  readonly proto: number;
  readonly saddr: string;
  readonly daddr: string;
  readonly communityid: string;
}

interface ArkimeSession {
  readonly body: {
    readonly network?: { readonly community_id?: string };
    readonly source: { readonly ip: string; readonly port?: number };
    readonly destination: { readonly ip: string; readonly port?: number };
    readonly ipProtocol: number;
  };
}

/** ESP and AH: Arkime hashes two ports of 0, which the specification has only for protocols with ports. */
const hashedWithPorts = new Set([50, 51]);

/** Packet 137 and packet 83: Arkime orders the ends of one-way ICMPv6 by address, the published baseline does not. */
const orderedByAddress = new Set([
  'arkime/v6.pcap 1:j7zcOSPeGfEJ9Tq6mxngJDnyVpU=',
  'arkime/gtp-iphone.pcap 1:R7F0MUT6ZV1iG5f3xJ0Pro45tts=',
]);

const folder = hasCorpus ? mkdtempSync(join(tmpdir(), 'taplight-eve-')) : '';
afterAll(() => {
  if (folder !== '') rmSync(folder, { recursive: true });
});

/** The flow records that the analysis of a capture writes. */
async function flowsOf(path: string): Promise<EveFlow[]> {
  const file = join(folder, 'eve.json');
  const sink = eve.open({ path: file });
  await analyse(path, 8000, { flow: (flow) => sink.write(flow) });
  sink.close();
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as EveFlow);
}

const pair = (a: string, b: string): string => [a, b].sort().join(' ');

/** One text per flow that must agree: both addresses, as they are written, and the ID. */
const known = (flows: readonly EveFlow[]): Set<string> =>
  new Set(flows.map((flow) => `${pair(flow.src_ip, flow.dest_ip)} ${flow.community_id}`));

describe.skipIf(!hasCorpus)('Community IDs (set TAPLIGHT_CORPUS; skipped when absent)', () => {
  it('are those of the published baseline, all of them and no others', async () => {
    const text = readFileSync(join(corpusFolder, 'communityid/expected/baseline_deflt.json'), 'utf8');
    const published = JSON.parse(text) as Published[];
    const found = new Set<string>();
    for (const { path } of readManifest().filter((one) => one.path.startsWith('communityid/'))) {
      for (const key of known(await flowsOf(path))) found.add(key);
    }
    const wanted = new Set(published.map((one) => `${pair(one.saddr, one.daddr)} ${one.communityid}`));
    expect([...found].sort()).toEqual([...wanted].sort());
    expect(new Set(published.map((one) => one.proto)).size).toBeGreaterThan(5);
  });

  it('are those of Arkime', { timeout: 30_000 }, async () => {
    const expected = join(corpusFolder, 'arkime/expected');
    const listed = readManifest();
    const missing: string[] = [];
    let compared = 0;
    for (const name of readdirSync(expected).filter((each) => each.endsWith('.test.json'))) {
      const capture = listed.find((one) => one.path.startsWith(`arkime/${name.replace('.test.json', '.')}`));
      if (capture === undefined) continue;
      const { sessions3 } = JSON.parse(readFileSync(join(expected, name), 'utf8')) as { sessions3: ArkimeSession[] };
      const ids = new Set((await flowsOf(capture.path)).map((flow) => flow.community_id));
      for (const { body } of sessions3) {
        const id = body.network?.community_id;
        if (id === undefined || hashedWithPorts.has(body.ipProtocol)) continue;
        if (orderedByAddress.has(`${capture.path} ${id}`)) continue;
        compared++;
        const { source, destination, ipProtocol } = body;
        const ends = `${source.ip}:${source.port} ${destination.ip}:${destination.port}`;
        if (!ids.has(id)) missing.push(`${capture.path}: ${ends} protocol ${ipProtocol} ${id}`);
      }
    }
    expect(missing).toEqual([]);
    expect(compared).toBeGreaterThan(300);
  });
});
