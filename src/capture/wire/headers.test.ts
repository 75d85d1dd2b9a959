// Proves that every header of the registry keeps its contract: named, cited, reachable by its own tags, and covered by a
// golden frame or damaged input without ever throwing.

import { describe, expect, it } from 'vitest';
import { Packet, verdict } from '../../core/packet.ts';
import { headers } from './index.ts';
import { startFrame, startLevel } from './level.ts';
import {
  byEtherType,
  byGreProtocol,
  byIpProtocol,
  byLinkType,
  byLlcSap,
  byPppProtocol,
  byUdpPort,
  enter,
  readers,
} from './tables.ts';

const tables = {
  linkType: byLinkType,
  etherType: byEtherType,
  llcSap: byLlcSap,
  pppProtocol: byPppProtocol,
  ipProtocol: byIpProtocol,
  greProtocol: byGreProtocol,
  udpPort: byUdpPort,
} as const;

describe('the registry', () => {
  it.each(headers.map((header) => [header.name, header] as const))('%s', (name, header) => {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(header.title).toMatch(/^[A-Z0-9]/);
    expect(header.standard).not.toBe('');
    const tags = Object.entries(header.after) as [keyof typeof tables, readonly number[]][];
    expect(tags.flatMap(([, list]) => list)).not.toHaveLength(0);
    for (const [kind, list] of tags) {
      for (const tag of list) expect(readers[tables[kind][tag]]).toBe(header.read);
    }
    readAnything(header.read);
  });

  it('has no name twice', () => {
    expect(new Set(headers.map((header) => header.name)).size).toBe(headers.length);
  });

  it('refuses two headers behind one tag', () => {
    const read = () => verdict.noFlow;
    const one = { name: 'one', title: 'One', standard: 'none', after: { ipProtocol: [253] }, read };
    expect(() => enter([...headers, one, { ...one, name: 'two' }])).toThrow('two cannot follow tag 253');
    enter(headers);
  });
});

/** Every length from nothing to 80 bytes, filled with several bytes: a verdict comes back, whatever they mean. */
function readAnything(read: (typeof headers)[number]['read']): void {
  const p = new Packet();
  p.bytes = new Uint8Array(256);
  for (const fill of [0, 1, 0x45, 0x60, 0x80, 0xff]) {
    p.bytes.fill(fill);
    for (let size = 0; size <= 80; size++) {
      startFrame(p);
      startLevel(p);
      p.end = 64 + size;
      p.at = 64;
      p.wireLen = size;
      p.ipVersion = 4;
      p.l3At = 44;
      p.ipLen = 20 + size;
      p.l3End = p.end;
      p.payloadAt = 64;
      p.payloadEnd = p.end;
      p.payloadLen = size;
      p.l4At = 64;
      expect([verdict.leaf, verdict.tunnel, verdict.noFlow]).toContain(read(p, 64, p.end));
    }
  }
}
