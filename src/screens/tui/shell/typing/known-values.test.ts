// Proves that values at hand are proposed, those that begin as written, few of them, and none that would look otherwise.

import { expect, it } from 'vitest';
import type { Known } from '../../frame/view.ts';
import { knownValues } from './known-values.ts';

const row = (state: string, i: number) => [state, [`n${i}.example`]];
const known = {
  snapshot: {
    apps: { tls: {}, dns: {} },
    talkers: [{ ip: '192.0.2.1' }],
    names: { '192.0.2.1': 'printer.office' },
  } as unknown as Known['snapshot'],
  window: {
    columns: [
      { name: 'state', kind: 'text' },
      { name: 'names', kind: 'texts' },
    ],
    rows: [
      row('closed', 1),
      row('closed', 2),
      row('es\u001b[31m', 3),
      row('', 4),
      ...Array.from({ length: 40 }, (_, i) => row('x', i)),
    ],
    total: 0,
    kept: 0,
    forgotten: 0,
  },
};

it('has states, protocols, addresses and names', () => {
  expect(knownValues(known, ['state'], '')).toEqual(['closed', 'x']);
  expect(knownValues(known, ['app'], 'T')).toEqual(['tls']);
  expect(knownValues(known, ['src_ip'], '192')).toEqual(['192.0.2.1']);
  expect(knownValues(known, ['dst_name'], 'pr')).toEqual(['printer.office']);
  expect(knownValues(known, ['names'], '')).toHaveLength(20);
  expect(knownValues({ snapshot: null, window: null }, ['app'], '')).toEqual([]);
});
