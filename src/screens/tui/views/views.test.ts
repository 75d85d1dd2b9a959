// Proves that every view and every page of the terminal looks as it was last approved, at three sizes; and that nothing they
// are given, however hostile, wide or missing, makes them leave their room or the characters they may use.

import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { cellWidth } from '../../present/index.ts';
import type { Known, Look, Place, Room } from '../frame/view.ts';
import { answered, known, looks, start } from './golden/known.ts';
import { help, views } from './index.ts';

beforeAll(() => {
  // Times are shown in local time: pictures are the same wherever tests run.
  process.env.TZ = 'UTC';
});

/** Sizes of the room that the shell leaves of 80×24, 120×36 and 200×60. */
const rooms: readonly Room[] = [
  { columns: 80, rows: 21 },
  { columns: 120, rows: 33 },
  { columns: 200, rows: 57 },
];

interface Scenario {
  readonly name: string;
  readonly view: string;
  readonly place?: Partial<Place>;
}

const flow = 'flow:3:17';
const scenarios: readonly Scenario[] = [
  ...views.map(({ name }) => ({ name, view: name })),
  { name: 'overview-more', view: 'overview', place: { pane: 1 } },
  {
    name: 'flows-sorted',
    view: 'flows',
    place: { sort: { column: 'host', descending: false }, selected: 37, first: 20, pane: 2 },
  },
  { name: 'flow', view: 'flows', place: { opened: [flow], selected: 1 } },
  { name: 'packets', view: 'flows', place: { opened: [flow, 'packets'], selected: 3 } },
  { name: 'packet', view: 'flows', place: { opened: [flow, 'packets', 'packet:3'], selected: 2 } },
  { name: 'host', view: 'hosts', place: { opened: ['host:10.0.0.66'] } },
  { name: 'protocol', view: 'protocols', place: { opened: ['protocol:dns'] } },
  { name: 'spoken', view: 'protocols', place: { opened: ['spoken:smb'] } },
  { name: 'alert', view: 'alerts', place: { opened: ['alert:5ca1ab1e0001'] } },
  { name: 'alert-hostile', view: 'alerts', place: { opened: ['alert:5ca1ab1e0003'] } },
];

function frame(name: string, place: Partial<Place>, room: Room, look: Look, base: Known = known): readonly string[] {
  const view = views.find((each) => each.name === name);
  if (view === undefined) throw new Error(`no view ${name}`);
  const at = { ...start, ...place };
  return view.draw(answered(base, view.wants(at, room, base.about)), at, room, look);
}

describe('pictures', () => {
  for (const { name, view, place = {} } of scenarios) {
    it(name, async () => {
      const pictures = rooms.map((room) => frame(view, place, room, looks.mono).join('\n'));
      await expect(`${pictures.join('\n\n')}\n`).toMatchFileSnapshot(`__snapshots__/${name}.txt`);
    });
  }

  it('help', async () => {
    const pictures = rooms.map((room) => help(views[1], room, looks.mono).join('\n'));
    await expect(`${pictures.join('\n\n')}\n`).toMatchFileSnapshot('__snapshots__/help.txt');
  });

  it('says the same in 256 colours, in 16, and without', () => {
    for (const { view, place = {} } of scenarios) {
      // Without colour, titles and bytes under the cursor are set off by other letters.
      const plainText = (look: Look): string[] =>
        frame(view, place, rooms[1], look).map((line) =>
          line
            .replace(/\u001b\[[0-9;]*m/g, '')
            .replace(/[[\]]/g, ' ')
            .toLowerCase()
            .trimEnd(),
        );
      expect(plainText(looks.dark)).toEqual(plainText(looks.mono));
      expect(plainText(looks.sixteen)).toEqual(plainText(looks.mono));
    }
  });

  it('colours', async () => {
    const pictures = [looks.dark, looks.light, looks.sixteen].map((look) =>
      frame('overview', {}, rooms[1], look).join('\n'),
    );
    await expect(`${pictures.join('\n\n').replaceAll('\u001b', '␛')}\n`).toMatchFileSnapshot(
      '__snapshots__/colours.txt',
    );
  });

  it('ascii', async () => {
    const pictures = ['overview', 'performance', 'health', 'alerts'].map((view) =>
      frame(view, {}, rooms[0], looks.plain).join('\n'),
    );
    await expect(`${pictures.join('\n\n')}\n`).toMatchFileSnapshot('__snapshots__/ascii.txt');
  });
});

describe('empty states', () => {
  const nothing: Known = {
    ...known,
    snapshot: null,
    pulse: null,
    recent: null,
    whole: null,
    flow: null,
    packets: null,
  };
  const words = (name: string, base: Known, place: Partial<Place> = {}): string =>
    frame(name, place, rooms[1], looks.mono, base).join('\n');

  it('say what is waited for, before the first packet', () => {
    for (const { name } of views) {
      const view = views.find((each) => each.name === name);
      expect(view?.draw(nothing, start, rooms[1], looks.mono).join('\n'), name).toContain(
        'Waiting for the first packet on eth0',
      );
    }
  });

  it('say that nobody has done anything, and who watches', () => {
    const empty = { columns: [], rows: [], total: 0, kept: 0, forgotten: 0 };
    const draw = (view: string, place: Partial<Place> = {}): string => {
      const found = views.find(({ name }) => name === view);
      const at = { ...start, ...place };
      return (
        found
          ?.draw({ ...known, window: empty, asked: found.wants(at, rooms[1]) }, at, rooms[1], looks.mono)
          .join('\n') ?? ''
      );
    };
    expect(draw('alerts')).toContain('No alerts: 3 detectors are watching.');
    expect(draw('flows', { filter: 'app == gopher' })).toContain('No flow fits the filter  app == gopher');
    expect(draw('flows', { filter: 'app == gopher' })).toContain('Esc clears it');
  });

  it('say what went wrong', () => {
    const broken = { ...known, trouble: 'the store \u001b[2Jis closed', flow: null };
    expect(words('flows', broken, { opened: ['flow:1:1'] })).toContain(
      'This flow could not be had: the store \\x1b[2Jis closed',
    );
  });
});

/** SGR as we write it, and nothing else of ECMA-48. */
const ours = /\u001b\[[0-9;]*m/g;
const controls = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

const maybe = <T>(value: T): fc.Arbitrary<T | null> => fc.constantFrom(value, value, null);
const hostileText = fc.string({ unit: 'grapheme', maxLength: 60 }).map((text) => `\u001b[31m${text}\u202e\u0000`);

const knownParts = fc.record({
  snapshot: maybe(known.snapshot),
  pulse: maybe(known.pulse),
  recent: maybe(known.recent),
  whole: maybe(known.whole),
  flow: maybe(known.flow),
  packets: maybe(known.packets),
  trouble: fc.option(hostileText),
});
const anyPlace = fc.record({
  scenario: fc.constantFrom(...scenarios),
  selected: fc.nat(300),
  first: fc.nat(300),
  pane: fc.integer({ min: -5, max: 20 }),
  filter: fc.constantFrom('', 'app == dns', '\u001b[2J'),
});
const anyRoom = fc.record({ columns: fc.integer({ min: 20, max: 250 }), rows: fc.integer({ min: 1, max: 80 }) });

describe('whatever is known', () => {
  it('stays in its room, and writes nothing but text and our colours', () => {
    fc.assert(
      fc.property(
        knownParts,
        anyPlace,
        anyRoom,
        fc.constantFrom(...Object.values(looks)),
        fc.boolean(),
        hostileText,
        (parts, at, room, look, isStale, name) => {
          const view = views.find((each) => each.name === at.scenario.view);
          if (view === undefined) throw new Error('no such view');
          const place: Place = {
            ...start,
            ...at.scenario.place,
            selected: at.selected,
            first: at.first,
            pane: at.pane,
            filter: at.filter,
          };
          const about = { ...known.about, isLive: !isStale, names: [name] };
          const base: Known = { ...known, ...parts, about };
          const now = isStale ? base : answered(base, view.wants(place, room, known.about));
          const lines = view.draw(now, place, room, look);
          expect(lines.length).toBeLessThanOrEqual(room.rows);
          for (const line of lines) {
            expect(cellWidth(line)).toBeLessThanOrEqual(room.columns);
            expect(line.replace(ours, '')).not.toMatch(controls);
            if (look.depth === 0) expect(line).not.toContain('\u001b');
            if (!look.unicode) expect(line.replace(ours, '')).toMatch(/^[\u0020-\u007e]*$/);
          }
        },
      ),
      { numRuns: 250 },
    );
  });

  it('takes every key without failing, and never puts the cursor below nothing', () => {
    const keys = [
      'up',
      'down',
      'left',
      'right',
      'pageup',
      'pagedown',
      'home',
      'end',
      'enter',
      'escape',
      'tab',
      'a',
      'b',
      'c',
      'f',
      'F',
      'g',
      'h',
      's',
      'S',
      'x',
      'z',
    ];
    fc.assert(
      fc.property(knownParts, anyPlace, anyRoom, fc.constantFrom(...keys), (parts, at, room, name) => {
        const view = views.find((each) => each.name === at.scenario.view);
        if (view === undefined) throw new Error('no such view');
        const place: Place = {
          ...start,
          ...at.scenario.place,
          selected: at.selected,
          first: at.first,
          pane: at.pane,
          filter: '',
        };
        const act = view.act(
          { name, shift: false },
          answered({ ...known, ...parts }, view.wants(place, room, known.about)),
          place,
          room,
        );
        if (act?.do !== 'place') return;
        expect(act.place.selected).toBeGreaterThanOrEqual(0);
        expect(act.place.first).toBeGreaterThanOrEqual(0);
        expect(act.place.opened.length).toBeLessThanOrEqual(place.opened.length + 1);
      }),
      { numRuns: 250 },
    );
  });
});
