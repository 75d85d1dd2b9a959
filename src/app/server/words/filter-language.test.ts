// Proves that filters of the server are those of the language: checked at the word, completed where they stand.

import { describe, expect, it } from 'vitest';
import { flows } from '../../../output/store/index.ts';
import { withDns } from '../golden/event-tables.ts';
import { filterLanguage } from './filter-language.ts';

const language = filterLanguage(withDns);

describe('filters that are typed', () => {
  it('are examined: colours, and the word that is wrong', () => {
    expect(language.examine('ip.src == 10.0.0.5', flows)).toMatchObject({
      failure: null,
      marks: [{ kind: 'field' }, { kind: 'operator' }, { kind: 'value' }],
    });
    const { failure } = language.examine('port:443 nope == 1', flows);
    expect(failure).toMatchObject({ code: 'BAD_FILTER', range: { at: 9, length: 4 } });
  });

  it('are completed with fields of the table and of the events of its flows', () => {
    const words = (text: string) => language.complete(text, text.length, flows).proposals.map((each) => each.text);
    expect(words('ip.s')).toContain('ip.src');
    expect(words('dns.q')).toContain('dns.qry.name');
    expect(words('ip.src ')).toContain('==');
  });
});
