// Proves what keys do to the screen: views, places, filter, pause, overlays, and the way back.

import { describe, expect, it } from 'vitest';
import { fakeScene } from '../../../../test/tui/fake-scene.ts';
import type { Act, Key, Known, View } from '../frame/view.ts';
import type { Pressed } from '../terminal/pressed.ts';
import { press } from './reduce.ts';
import { type Effect, placeIn, type ShellState, startShell } from './state.ts';
import type { FilterWords } from './typing/filter-edit.ts';

const room = { columns: 80, rows: 20 };
const scene = fakeScene();
const known = {
  about: scene.about,
  protocols: [],
  snapshot: null,
  pulse: null,
  recent: null,
  whole: null,
  window: null,
  asked: null,
  flow: null,
  packets: null,
  trouble: null,
};

/** A view that does what the test says. */
const view = (key: string, name: string, act: (key: Key) => Act | null = () => null): View => ({
  key,
  name,
  title: name,
  wants: () => ({ table: name }),
  draw: () => [],
  act,
  keys: [],
});

const words: FilterWords = {
  examine: (text) => ({
    marks: [],
    failure: text.includes('!') ? (new Error('wrong') as never) : null,
  }),
  complete: (text, cursor) => ({
    at: text.lastIndexOf(' ') + 1,
    length: cursor - text.lastIndexOf(' ') - 1,
    proposals: [{ text: 'dns', kind: 'field', title: '' }],
  }),
};

const opens: Act = {
  do: 'place',
  place: {
    selected: 0,
    first: 0,
    sort: null,
    opened: ['flow:1:2'],
    filter: '',
    pane: 0,
    trail: [{ selected: 7, first: 3, pane: 0 }],
  },
};
const views = [
  view('1', 'overview'),
  view('2', 'flows', ({ name }) => {
    if (name === 'enter') return opens;
    if (name === 'f') return { do: 'narrow', term: 'ip == 192.0.2.1', isNot: false };
    if (name === 'F') return { do: 'narrow', term: 'dns', isNot: true };
    if (name === 'h') return { do: 'view', view: 'overview' };
    if (name === 'c') return { do: 'copy', text: 'ip.addr == 1', what: 'Wireshark' };
    return null;
  }),
];

function pressAll(keys: readonly string[], begin: ShellState = startShell('overview', ''), seen: Known = known) {
  let state = begin;
  let effects: readonly Effect[] = [];
  for (const each of keys) {
    const text = each.startsWith('paste ') ? each.slice(6) : each.length === 1 ? each : each === 'space' ? ' ' : '';
    const name = each.startsWith('paste ') ? 'paste' : each;
    const key: Pressed = { name, shift: /^[A-Z]$/.test(each), text };
    const around = { views, known: seen, words, room, nowMs: 1000, overlayEnd: 20, pathsLike: () => ['a/b'] };
    ({ state, effects } = press(state, key, around));
  }
  return { state, effects };
}

describe('keys of the screen', () => {
  it('open views, each where it was left', () => {
    const { state, effects } = pressAll(['2', 'enter', '1', '2']);
    expect(state.view).toBe('flows');
    expect(placeIn(state).opened).toEqual(['flow:1:2']);
    expect(effects).toEqual([{ do: 'ask' }]);
  });

  it('go one step back with Esc: to the row that was left, the view before, without the filter', () => {
    const opened = pressAll(['2', 'enter', 'escape']).state;
    expect(placeIn(opened)).toMatchObject({ opened: [], selected: 7, first: 3, trail: [] });
    const there = pressAll(['2', 'h']).state;
    expect([there.view, there.back]).toEqual(['overview', ['flows']]);
    expect(pressAll(['escape'], there).state.view).toBe('flows');
    expect(pressAll(['escape'], startShell('flows', 'dns')).state.filter).toBe('');
  });

  it('add only this and not this to the filter, once', () => {
    expect(pressAll(['2', 'f', 'f', 'F']).state.filter).toBe('ip == 192.0.2.1 and not (dns)');
    const either = startShell('flows', 'dns or tls');
    expect(pressAll(['f'], either).state.filter).toBe('(dns or tls) and ip == 192.0.2.1');
  });

  it('write a filter: Enter applies, Esc leaves it, what is wrong stays in the line', () => {
    const typed = pressAll(['/', 't', 'l', 's', 'enter']);
    expect([typed.state.filter, typed.state.editing]).toEqual(['tls', null]);
    expect(pressAll(['/', 'x', 'escape'], typed.state).state.filter).toBe('tls');
    const wrong = pressAll(['/', '!', 'enter'], typed.state).state;
    expect([wrong.filter, wrong.editing?.text]).toEqual(['tls', 'tls!']);
    expect(pressAll(['/', 'ctrl+u', 'enter'], typed.state).state.filter).toBe('');
  });

  it('complete a word with Tab, and the one that was chosen with Enter', () => {
    expect(pressAll(['/', 'd', 'tab']).state.editing?.text).toBe('dns ');
    expect(pressAll(['/', 'd', 'down', 'enter']).state.editing?.text).toBe('dns ');
    expect(pressAll(['/', 'paste tls and d', 'tab']).state.editing?.text).toBe('tls and dns ');
  });

  it('take letters in a line as letters, not as commands', () => {
    const { state, effects } = pressAll(['/', 'q', '1', 'space', '?']);
    expect([state.editing?.text, state.view, effects]).toEqual(['q1 ?', 'overview', []]);
  });

  it('begin every list anew under another filter', () => {
    const deep = pressAll(['2', 'enter', '1', '/', 'x', 'enter']).state;
    expect(deep.places.flows).toMatchObject({ selected: 0, first: 0 });
  });

  it('hold the screen with Space, and let it go', () => {
    expect(pressAll(['space']).state.pausedMs).toBe(1000);
    expect(pressAll(['space', 'space']).state.pausedMs).toBeNull();
  });

  it('scroll help, no further than it goes', () => {
    expect(pressAll(['?', 'pagedown', 'up']).state.overlay).toMatchObject({ first: 14 });
    expect(pressAll(['?', 'end', 'up']).state.overlay).toMatchObject({ first: 19 });
  });

  it('turn to another time of a store, and of nothing else', () => {
    scene.publish(5);
    const snapshot = { ...(scene.latest() as NonNullable<Known['snapshot']>), firstUs: 1000e6, lastUs: 1400e6 };
    const kept: Known = { ...known, about: { ...known.about, kind: 'store' }, snapshot };
    const rangeOf = (key: string) => pressAll([key], undefined, kept).effects[0];
    expect(rangeOf('[')).toEqual({ do: 'range', fromUs: 800e6, toUs: 1200e6 });
    expect(rangeOf(']')).toEqual({ do: 'range', fromUs: 1200e6, toUs: 1600e6 });
    expect(rangeOf('-')).toEqual({ do: 'range', fromUs: 600e6, toUs: 1400e6 });
    expect(rangeOf('+')).toEqual({ do: 'range', fromUs: 1200e6, toUs: 1400e6 });
    // The answer to the first is not there yet.
    expect(pressAll(['[', '['], undefined, kept).effects[0]).toEqual({ do: 'range', fromUs: 600e6, toUs: 1000e6 });
    expect(pressAll(['['], undefined, { ...known, snapshot }).effects).toEqual([]);
  });

  it('show what was copied, and quit', () => {
    const { state, effects } = pressAll(['2', 'c']);
    expect(state.overlay).toMatchObject({ is: 'copied', text: 'ip.addr == 1' });
    expect(effects).toMatchObject([{ do: 'copy', text: 'ip.addr == 1' }]);
    for (const key of ['q', 'ctrl+c']) expect(pressAll([key]).effects).toEqual([{ do: 'quit' }]);
    expect(pressAll(['?', 'q']).effects).toEqual([{ do: 'quit' }]);
    // In a line Ctrl+C leaves the line.
    expect(pressAll(['/', 'ctrl+c'])).toMatchObject({ state: { editing: null }, effects: [] });
  });

  it('open a file by its path, completed from the folder', () => {
    const { state, effects } = pressAll(['o', 'a', 'tab']);
    expect(state.overlay).toMatchObject({ is: 'file', edit: { text: 'a/b' } });
    expect(effects).toEqual([]);
    expect(pressAll(['enter'], state).effects).toEqual([{ do: 'open file', path: 'a/b' }]);
    expect(pressAll(['o', 'x', 'escape']).state.overlay).toBeNull();
  });
});
