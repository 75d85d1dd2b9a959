// Proves that times mean what people mean by them: local unless they say otherwise, days whole, and nothing guessed.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spanOf, spanOfOption } from './time-words.ts';

const zone = process.env.TZ;
beforeAll(() => {
  process.env.TZ = 'Europe/Zurich';
});
afterAll(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

/** Sunday, 17:50 in Zurich. */
const now = new Date('2026-11-22T16:50:00.250Z');
const us = (iso: string): number => Date.parse(iso) * 1000;
const iso = (us: number): string => new Date(us / 1000).toISOString();

describe('moments', () => {
  it.each([
    ['2026-11-21 10:00', '2026-11-21T09:00:00.000Z'],
    ['2026-11-21T10:00:05', '2026-11-21T09:00:05.000Z'],
    ['2026-07-21T10:00', '2026-07-21T08:00:00.000Z'],
    ['2026-11-21T10:00:00Z', '2026-11-21T10:00:00.000Z'],
    ['2026-11-21 10:00:00+0530', '2026-11-21T04:30:00.000Z'],
    ['1795168800', '2026-11-20T10:00:00.000Z'],
    ['-2h', '2026-11-22T14:50:00.250Z'],
    ['-1.5d', '2026-11-21T04:50:00.250Z'],
    ['-1w', '2026-11-15T16:50:00.250Z'],
    ['2 hours ago', '2026-11-22T14:50:00.250Z'],
    ['now', '2026-11-22T16:50:00.250Z'],
    ['yesterday 10am', '2026-11-21T09:00:00.000Z'],
    [' noon ', '2026-11-22T11:00:00.000Z'],
  ])('%s', async (words, expected) => {
    const span = await spanOf(words, now);
    expect(span).not.toBeNull();
    expect([iso(span?.fromUs ?? 0), iso(span?.toUs ?? 0)]).toEqual([expected, expected]);
  });

  it('keep microseconds', async () => {
    expect((await spanOf('2026-11-21T10:00:00.123456Z', now))?.fromUs).toBe(us('2026-11-21T10:00:00Z') + 123_456);
    expect((await spanOf('1795168800.000001', now))?.fromUs).toBe(us('2026-11-20T10:00:00Z') + 1);
  });
});

describe('spans', () => {
  it.each([
    ['2026-11-21', '2026-11-20T23:00:00.000Z', '2026-11-21T23:00:00.000Z'],
    ['yesterday', '2026-11-20T23:00:00.000Z', '2026-11-21T23:00:00.000Z'],
    ['today', '2026-11-21T23:00:00.000Z', '2026-11-22T23:00:00.000Z'],
    ['3 days ago', '2026-11-18T23:00:00.000Z', '2026-11-19T23:00:00.000Z'],
    ['last monday', '2026-11-15T23:00:00.000Z', '2026-11-16T23:00:00.000Z'],
    ['2026-10', '2026-09-30T22:00:00.000Z', '2026-10-31T23:00:00.000Z'],
    ['last month', '2026-09-30T22:00:00.000Z', '2026-10-31T23:00:00.000Z'],
    ['2025', '2024-12-31T23:00:00.000Z', '2025-12-31T23:00:00.000Z'],
    // 25 hours: clocks went back.
    ['2026-10-25', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
    ['9am to 11am', '2026-11-22T08:00:00.000Z', '2026-11-22T10:00:00.000Z'],
  ])('%s', async (words, from, to) => {
    const span = await spanOf(words, now);
    expect([iso(span?.fromUs ?? 0), iso(span?.toUs ?? 0)]).toEqual([from, to]);
  });
});

describe('words that are no time', () => {
  it.each(['gaga', '', '2026-13-01', '2026-02-30', '-2x', '2 hours ago and more', 'port 53', '2026-11-21 25:00'])(
    '%j',
    async (words) => {
      expect(await spanOf(words, now)).toBeNull();
      await expect(spanOfOption('--from', words, now)).rejects.toMatchObject({
        code: 'BAD_OPTION',
        message: `--from: '${words}' is no time`,
      });
    },
  );
});
