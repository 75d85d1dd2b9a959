// Proves the order in which interfaces are offered, and that nothing moves under the hand.

import { expect, it } from 'vitest';
import { looked, movedBy, type PickerRow, startPicker } from './picker-state.ts';

const row = (name: string, rate: number | null, more: Partial<PickerRow> = {}): PickerRow => ({
  name,
  kind: 'wired',
  address: '',
  isUp: true,
  isDefault: false,
  isAll: false,
  inRate: rate,
  outRate: rate,
  ...more,
});
const names = (rows: readonly PickerRow[]): string[] => rows.map(({ name }) => name);

it('lists the busiest first and everything at once last, with the default route under the cursor', () => {
  const rows = [row('any', 99, { isAll: true }), row('a', 1), row('b', 5), row('eth0', 0, { isDefault: true })];
  const state = startPicker(rows);
  expect(names(state.rows)).toEqual(['b', 'a', 'eth0', 'any']);
  expect(state.selected).toBe('eth0');
});

it('sorts anew until the first key, and then not any more', () => {
  const state = startPicker([row('a', 1), row('b', 2)]);
  const later = [row('a', 9), row('b', 2)];
  expect(names(looked(state, later).rows)).toEqual(['a', 'b']);
  const touched = movedBy(state, 1);
  expect(touched.selected).toBe('a');
  expect(names(looked(touched, later).rows)).toEqual(['b', 'a']);
});

it('remembers rates for a while, and moves on from what has gone', () => {
  let state = startPicker([row('a', null)]);
  for (let i = 0; i < 100; i++) state = looked(state, [row('a', i)]);
  expect(state.past.get('a')?.in).toEqual(Array.from({ length: 24 }, (_, i) => 76 + i));
  expect(looked(state, [row('b', 1)]).selected).toBe('b');
});
