// Proves that filters of the server are those of the language: checked at the word, completed where they stand.

import { describe, expect, it } from 'vitest';
import { flows } from '../../../output/store/index.ts';
import type { Scene, WindowRequest } from '../../../screens/api/index.ts';
import { withDns } from '../golden/event-tables.ts';
import { filterLanguage } from './filter-language.ts';

const language = filterLanguage(withDns);

describe('filters that are typed', () => {
  it('are examined: colours, and the word that is wrong', () => {
    expect(language.examine('ip.src == 10.0.0.5', flows, null)).toMatchObject({
      failure: null,
      marks: [{ kind: 'field' }, { kind: 'operator' }, { kind: 'value' }],
    });
    const { failure } = language.examine('port:443 nope == 1', flows, null);
    expect(failure).toMatchObject({ code: 'BAD_FILTER', range: { at: 9, length: 4 } });
  });

  const words = async (text: string, scene: Scene | null = null) =>
    (await language.complete(text, text.length, flows, scene)).proposals.map((each) => each.text);

  it('are completed with fields of the table and of the events of its flows', async () => {
    expect(await words('ip.s')).toContain('ip.src');
    expect(await words('dns.q')).toContain('dns.qry.name');
    expect(await words('ip.src ')).toContain('==');
  });

  it('may ask for what only rows of a scene have', async () => {
    expect(language.examine('country == DE and open == true', flows, null).failure).toMatchObject({
      code: 'BAD_FILTER',
    });
    expect(language.examine('country == DE and open == true', flows, sceneWith({})).failure).toBeNull();
    expect(await words('rate_', sceneWith({}))).toContain('rate_fwd');
    expect(language.examine('open == true', flows, sceneWith({}, 'store')).failure).toMatchObject({
      code: 'BAD_FILTER',
    });
  });

  it('are completed with values that rows of the scene have, the commonest first', async () => {
    const scene = sceneWith({ state: ['closed', 'established', 'closed', ''] });
    expect(await words('state == ', scene)).toEqual(['open', 'closed', 'established']);
    expect(await words('state == e', scene)).toEqual(['established']);
    expect(await words('app == ', scene)).toEqual(['quic', 'tls']);
    expect(await words('state == ')).toEqual(['open', 'closed']);
  });
});

/** A scene whose flows have these values. */
function sceneWith(values: Readonly<Record<string, readonly string[]>>, kind = 'interface'): Scene {
  const apps = { tls: { flows: 2 }, quic: { flows: 7 } };
  const rows = async ({ table, columns = [] }: WindowRequest) => {
    if (table !== 'flows') throw new Error('no such table');
    return { rows: (values[columns[0]] ?? []).map((value) => [value]) };
  };
  return { about: { kind }, latest: () => ({ apps }), rows } as unknown as Scene;
}
