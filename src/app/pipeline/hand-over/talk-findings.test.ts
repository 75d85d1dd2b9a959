// Proves that bounds and failed parsers are told, and only those.

import { expect, it } from 'vitest';
import { talkFindings } from './talk-findings.ts';

const none = { side: 0, total: 0, repeats: 0, talks: 0, hurried: 0 };

it('says nothing when all was read', () => {
  expect(talkFindings({ bounds: { ...none, side: 2 }, faults: new Map() })).toEqual([]);
});

it('says how many conversations were not read, and which parsers failed', () => {
  const faults = new Map([
    ['smb', 'Error: x'],
    ['dns', 'Error: y'],
  ]);
  const found = talkFindings({ bounds: { ...none, total: 1, talks: 4, hurried: 7 }, faults });
  expect(found.map(({ code }) => code)).toEqual(['talks-full', 'talks-hurried', 'parser-fault']);
  expect(found[0].text).toMatch(/^5 conversations were not read/);
  expect(found[1].text).toMatch(/^7 first payloads/);
  expect(found[2].text).toContain('dns, smb');
});
