// Proves that keys do in every view what help says: open and come back to the same row, sort, narrow by a term that the
// filter language reads, copy, save, acknowledge.

import { describe, expect, it } from 'vitest';
import { parseFilter } from '../../../core/index.ts';
import type { Act, Known, Place } from '../frame/view.ts';
import { answered, known, start } from './golden/known.ts';
import { views } from './index.ts';
import { quoted, term } from './parts/terms.ts';

const room = { columns: 120, rows: 32 };

function press(name: string, key: string, place: Partial<Place> = {}, base: Known = known): Act | null {
  const view = views.find((each) => each.name === name);
  const at = { ...start, ...place };
  return view?.act({ name: key, shift: false }, answered(base, view.wants(at, room)), at, room) ?? null;
}

function placed(act: Act | null): Place {
  if (act?.do !== 'place') throw new Error(`not a place: ${JSON.stringify(act)}`);
  return act.place;
}

describe('opening', () => {
  it('goes from flows to bytes and back to the row it began at', () => {
    const sort = { column: 'rtt_us', descending: true };
    const flow = placed(press('flows', 'enter', { selected: 3, first: 1, sort }));
    expect(flow.opened).toEqual(['flow:3:20']);
    const packets = placed(press('flows', 'enter', { opened: ['flow:3:17'], trail: flow.trail ?? [] }));
    const packet = placed(press('flows', 'enter', { ...packets, selected: 4 }));
    expect(packet.opened).toEqual(['flow:3:17', 'packets', 'packet:4']);
    const back = placed(
      press('flows', 'escape', placed(press('flows', 'escape', placed(press('flows', 'escape', packet))))),
    );
    expect(back).toMatchObject({ opened: [], selected: 3, first: 1, sort });
    expect(press('flows', 'escape', back)).toBeNull();
  });

  it('opens hosts, protocols and alerts', () => {
    expect(placed(press('hosts', 'enter', { selected: 1 })).opened).toEqual(['host:140.82.121.4']);
    expect(placed(press('protocols', 'enter')).opened).toEqual(['protocol:tls']);
    expect(placed(press('protocols', 'enter', { selected: 2 })).opened).toEqual(['spoken:smb']);
    expect(placed(press('alerts', 'enter', { selected: 1 })).opened).toEqual(['alert:5ca1ab1e0002']);
    expect(placed(press('overview', 'a')).opened).toEqual(['alert:5ca1ab1e0002']);
    expect(press('performance', 'enter')).toMatchObject({
      do: 'view',
      view: 'flows',
      place: { filter: 'flow.id == 17' },
    });
  });
});

describe('sorting', () => {
  it('sorts by the column under the cursor, and turns it round', () => {
    const sorted = placed(press('flows', 's', { pane: 2 }));
    expect(sorted.sort).toEqual({ column: 'host', descending: false });
    expect(placed(press('flows', 's', sorted)).sort).toEqual({ column: 'host', descending: true });
    expect(placed(press('flows', 'S')).sort).toEqual({ column: 'rate_rev', descending: false });
  });
});

describe('narrowing', () => {
  it('takes the value under the cursor, not and only', () => {
    expect(press('flows', 'f')).toEqual({ do: 'narrow', term: 'ip.addr == 140.82.121.4', isNot: false });
    expect(press('flows', 'F', { pane: 1, selected: 4 })).toEqual({ do: 'narrow', term: 'app == dns', isNot: true });
    expect(press('protocols', 'f')).toMatchObject({ term: 'app == tls' });
    expect(press('alerts', 'f', { selected: 2 })).toMatchObject({ term: 'alert.detector == dns.tunnel' });
  });

  it('writes terms that the filter language reads, whatever the value', () => {
    for (const value of [
      'a b',
      'say "hi"',
      'back\\slash',
      '\u001b[2J',
      '東京',
      'a..b',
      '',
      '-x',
      '1.2.3.4',
      'fe80::1',
      'and',
    ]) {
      expect(() => parseFilter(term('host.name', value)), value).not.toThrow();
    }
    expect(quoted('say "hi"')).toBe('"say \\"hi\\""');
    expect(term('ip', '2001:db8::1')).toBe('ip == 2001:db8::1');
  });
});

describe('other keys', () => {
  it('copy, save and acknowledge what is under the cursor', () => {
    expect(press('flows', 'c')).toMatchObject({ do: 'copy', text: expect.stringContaining('tcp.port == 51234') });
    expect(press('flows', 'b')).toMatchObject({
      do: 'copy',
      text: expect.stringContaining('host 10.0.0.5 and host 140.82.121.4'),
    });
    expect(press('flows', 'x', { selected: 1 })).toEqual({ do: 'save packets', run: 3, flowId: 18 });
    expect(press('alerts', 'a')).toEqual({ do: 'acknowledge', run: 3, alertId: '5ca1ab1e0001' });
    expect(press('alerts', 'c')).toMatchObject({ do: 'copy', text: expect.stringContaining('tcp.flags.syn') });
  });

  it('do nothing where it cannot be done', () => {
    const can = { ...known.about.can, packets: false, acknowledge: false };
    const less: Known = { ...known, about: { ...known.about, can } };
    expect(press('flows', 'x', {}, less)).toBeNull();
    expect(press('alerts', 'a', {}, less)).toBeNull();
    expect(press('flows', 'z')).toBeNull();
  });
});
