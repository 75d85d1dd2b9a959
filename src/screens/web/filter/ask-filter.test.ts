// Proves that a filter is coloured without losing or doubling a letter, and that a proposal takes the place of its word.
import { describe, expect, test } from 'vitest';
import { colouredParts, completedText } from './ask-filter.ts';

describe('a filter as it is written', () => {
  test('is cut to parts that are the text again; what is wrong lies over the others', () => {
    const text = 'ip == 10.0.0.x or dns';
    const marks = [
      { kind: 'field', at: 0, length: 2 },
      { kind: 'operator', at: 3, length: 2 },
      { kind: 'value', at: 6, length: 8 },
      { kind: 'wrong', at: 13, length: 1 },
    ] as const;
    const parts = colouredParts(text, marks);
    expect(parts.map((part) => part.text).join('')).toBe(text);
    expect(parts.find((part) => part.text === 'x')?.kinds).toEqual(['value', 'wrong']);
    expect(parts.find((part) => part.text === 'ip')?.kinds).toEqual(['field']);
    expect(parts.at(-1)).toEqual({ text: ' or dns', kinds: [] });
  });

  test('a mark past the end does no harm', () => {
    expect(colouredParts('ip ==', [{ kind: 'wrong', at: 4, length: 5 }]).map(({ text }) => text)).toEqual([
      'ip =',
      '=',
    ]);
  });

  test('takes a proposal, with one space behind it', () => {
    const proposal = { text: 'ip.src', kind: 'field', title: '' };
    expect(completedText('ip', { at: 0, length: 2, proposals: [] }, proposal)).toEqual({ text: 'ip.src ', cursor: 7 });
    const middle = completedText('i == 10.0.0.1', { at: 0, length: 1, proposals: [] }, proposal);
    expect(middle).toEqual({ text: 'ip.src == 10.0.0.1', cursor: 7 });
  });
});
