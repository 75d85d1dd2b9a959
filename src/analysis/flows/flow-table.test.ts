// Proves that the index finds what was put in and forgets what was freed, whatever the order (compared with a Map).

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { orderKey } from './flow-key.ts';
import { FlowTable, type FlowTableOwner } from './flow-table.ts';
import { packet } from './test-packets.ts';

it('agrees with a Map over random finds and frees, also when nearly full and with colliding keys', () => {
  const p = packet({ src: '1.1.1.1', dst: '2.2.2.2' });
  const step = fc.tuple(fc.boolean(), fc.nat(40));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), fc.integer(), (steps, seed) => {
      const table = new FlowTable(32);
      const rows = new Map<number, number>();
      let opened = 0;
      const owner: FlowTableOwner = {
        flowOpened: () => {
          opened++;
        },
        flowResumed: () => undefined,
        flowReused: () => undefined,
        makeRoom: () => {
          const [key, row] = rows.entries().next().value as [number, number];
          rows.delete(key);
          table.free(row);
        },
      };
      for (const [isFree, key] of steps) {
        const known = rows.get(key);
        if (isFree) {
          if (known !== undefined) table.free(known);
          rows.delete(key);
          continue;
        }
        opened = 0;
        p.srcPort = key % 5;
        p.dst0 = key;
        orderKey(p, seed);
        // Few hashes for many keys, so that they collide.
        p.keyHash &= 0xffe0000f;
        const row = table.find(p, owner);
        expect(opened).toBe(known === undefined ? 1 : 0);
        if (known !== undefined) expect(row).toBe(known);
        rows.set(key, row);
        expect(table.used).toBe(rows.size);
      }
    }),
    { numRuns: 300 },
  );
});
