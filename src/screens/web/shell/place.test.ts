// Proves that where somebody is can be written into an address and read back, whatever the address says, and that back
// undoes one thing at a time.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { narrowed, term } from './narrow.ts';
import { firstPlace, isStep, oneStepBack, type Place, placeOf, placeText } from './place.ts';

const place: Place = {
  scene: '2',
  view: 'flows',
  filter: 'ip == 10.0.0.1 and host.name contains "a&b=c#?/é"',
  range: { fromUs: 1_700_000_000_000_000, toUs: 1_700_000_060_000_000 },
  last: null,
  params: { sort: '-bytes', flow: '3.17' },
};

describe('the address', () => {
  test('is read back as it was written', () => {
    expect(placeOf(placeText(place))).toEqual(place);
    expect(placeText(firstPlace)).toBe('#/overview');
    fc.assert(
      fc.property(
        fc.string(),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string({ minLength: 1 })),
        (filter, params) => {
          const { scene: _, filter: __, range: ___, ...rest } = params as Record<string, string>;
          expect(placeOf(placeText({ ...place, filter, params: rest }))).toEqual({ ...place, filter, params: rest });
        },
      ),
    );
  });

  test('may follow the newest', () => {
    const followed = { ...place, range: null, last: 300 };
    expect(placeText(followed)).toContain('range=last-300');
    expect(placeOf(placeText(followed))).toEqual(followed);
    expect(oneStepBack({ ...followed, params: {} })).toMatchObject({ range: null, last: null });
    expect(placeOf('#/flows?range=last-0').last).toBeNull();
  });

  test('may say anything', () => {
    fc.assert(fc.property(fc.string(), (text) => void placeOf(`#${text}`)));
    expect(placeOf('')).toEqual(firstPlace);
    expect(placeOf('#/%E0%A4%A').view).toBe('overview');
    expect(placeOf('#/flows?range=9-3').range).toBeNull();
    expect(placeOf('#/flows?range=a-b').range).toBeNull();
  });

  test('changes of a setting are no step', () => {
    expect(isStep(place, { ...place, params: { ...place.params, sort: 'bytes' } })).toBe(false);
    expect(isStep(place, { ...place, params: { sort: '-bytes' } })).toBe(true);
    expect(isStep(place, { ...place, filter: 'tls' })).toBe(true);
  });

  test('back closes what was opened last, then lets go of range and filter', () => {
    const closed = oneStepBack(place)!;
    expect(closed.params).toEqual({ sort: '-bytes' });
    const live = oneStepBack(closed)!;
    expect(live.range).toBeNull();
    expect(oneStepBack(live)!.filter).toBe('');
    expect(oneStepBack(oneStepBack(live)!)).toBeNull();
  });
});

describe('narrowing', () => {
  test('adds a term once', () => {
    expect(narrowed('', 'app == tls', false)).toBe('app == tls');
    expect(narrowed('app == tls', 'ip == 10.0.0.1', false)).toBe('app == tls and ip == 10.0.0.1');
    expect(narrowed('app == tls', 'app == tls', false)).toBe('app == tls');
  });

  test('not this takes the place of only this', () => {
    expect(narrowed('app == tls', 'app == tls', true)).toBe('not app == tls');
    expect(narrowed('ip == 10.0.0.1 and app == tls', 'app == tls', true)).toBe('ip == 10.0.0.1 and not app == tls');
    expect(narrowed('not app == tls', 'app == tls', false)).toBe('app == tls');
  });

  test('what has an or gets brackets, an or in quotes does not count', () => {
    expect(narrowed('tls or dns', 'port == 443', false)).toBe('(tls or dns) and port == 443');
    expect(narrowed('name == "this or that"', 'port == 443', false)).toBe('name == "this or that" and port == 443');
  });

  test('values are put in quotes where they are no plain word', () => {
    expect(term('ip', '2001:db8::1')).toBe('ip == 2001:db8::1');
    expect(term('host.name', 'a "b" c')).toBe('host.name == "a \\"b\\" c"');
  });
});
