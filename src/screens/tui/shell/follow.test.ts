// Proves that the cursor stays on its row while the order changes, and at the top where nobody chose a row.

import { expect, it } from 'vitest';
import { fakeScene } from '../../../../test/tui/fake-scene.ts';
import type { Known, Place, View, Wants } from '../frame/view.ts';
import { follow } from './follow.ts';
import { placeIn, type ShellState, startPlace, startShell } from './state.ts';

const list: View = {
  key: '1',
  name: 'list',
  title: 'List',
  wants: () => ({}),
  draw: () => [],
  act: () => null,
  keys: [],
  keyAt: ({ window, asked }, _, index) => {
    const cell = window?.rows[index - (asked?.from ?? 0)]?.[0];
    return typeof cell === 'string' ? cell : null;
  },
};

const known = (names: string, asked: Wants = { table: 'flows' }): Known => ({
  about: fakeScene().about,
  protocols: [],
  snapshot: null,
  pulse: null,
  recent: null,
  whole: null,
  window: { columns: [], rows: [...names].map((name) => [name]), total: names.length, kept: 0, forgotten: 0 },
  asked,
  flow: null,
  packets: null,
  trouble: null,
});

const on = (selected: number, more: Partial<Place> = {}): ShellState => ({
  ...startShell('list', ''),
  places: { list: { ...startPlace, selected, ...more } },
});

it('goes with its row', () => {
  const next = follow(on(2), list, { before: known('abcd'), after: known('acbd') });
  expect(placeIn(next).selected).toBe(1);
  const down = follow(on(1, { first: 1 }), list, { before: known('abcd'), after: known('acdb') });
  expect(placeIn(down)).toMatchObject({ selected: 3, first: 3 });
});

it('stays at the top, where the row has gone, and under another question', () => {
  const stays = (state: ShellState, before: Known, after: Known): void =>
    expect(follow(state, list, { before, after })).toBe(state);
  stays(on(0), known('abcd'), known('bacd'));
  stays(on(2), known('abcd'), known('abd'));
  stays(on(2), known('abcd'), known('acbd', { table: 'flows', filter: 'dns' }));
  stays(on(2), known('abcd'), known('acbd', { table: 'flows', sort: { column: 'rtt_us', descending: true } }));
});
