// Proves that lines have the width they are given whatever is in them, that nothing hostile gets into them, and that colour
// is there only where the terminal has it.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellWidth } from '../../present/index.ts';
import { fit, lineOf, type Span, selected, span } from './lines.ts';
import type { Look } from './view.ts';

const dark: Look = { width: 80, colour: true, unicode: true, depth: 256, background: 'dark' };
const mono: Look = { ...dark, colour: false, depth: 0 };
const plain: Look = { ...mono, unicode: false };
const textOf = (spans: readonly Span[]): string => spans.map(({ text }) => text).join('');

describe('fit', () => {
  it('cuts with a mark and fills up, by cells and not by letters', () => {
    expect(textOf(fit([span('laptop-anna')], 8, mono))).toBe('laptop-…');
    expect(textOf(fit([span('東京支社')], 5, mono))).toBe('東京…');
    expect(textOf(fit([span('42')], 5, mono, 'right'))).toBe('   42');
    expect(textOf(fit([span('one '), span('two')], 5, mono))).toBe('one …');
    expect(textOf(fit([span('exact'), span('')], 5, mono))).toBe('exact');
  });

  it('gives exactly as many cells as asked for', () => {
    const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }), { maxLength: 5 });
    fc.assert(
      fc.property(texts, fc.nat(60), fc.constantFrom(mono, plain), (parts, cells, look) => {
        expect(
          cellWidth(
            textOf(
              fit(
                parts.map((part) => span(part)),
                cells,
                look,
              ),
            ),
          ),
        ).toBe(cells);
      }),
    );
  });
});

describe('lineOf', () => {
  it('shows what would steer the terminal', () => {
    expect(lineOf([span('a\u001b[2Jb\u202ec')], 40, mono)).toBe('a\\x1b[2Jb\\u{202e}c');
  });

  it('keeps marks from growing out of their line', () => {
    expect(lineOf([span(`z${'\u0301'.repeat(500)}`)], 40, mono)).toBe('z\u0301\u0301');
  });

  it('colours runs of the same ink once, and nothing without colour', () => {
    expect(lineOf([span('a', 'quic'), span('b', 'quic')], 40, dark)).toBe('\u001b[38;5;134mab\u001b[0m');
    expect(lineOf([span('a', 'quic')], 40, { ...dark, background: 'light' })).toBe('\u001b[38;5;90ma\u001b[0m');
    expect(lineOf([span('a', 'quic')], 40, { ...dark, depth: 16 })).toBe('\u001b[35ma\u001b[0m');
    expect(lineOf([span('a', 'quic')], 40, mono)).toBe('a');
  });

  it('sets the row under the cursor off to its end, in reverse where there are 16 colours', () => {
    expect(lineOf(selected([span('a', 'quic'), span('  ')]), 40, dark)).toMatch(
      /^\u001b\[48;5;236;38;5;134ma\u001b\[0m\u001b\[48;5;236m {2}/,
    );
    expect(lineOf(selected([span('a', 'quic'), span('  ')]), 3, { ...dark, depth: 16 })).toBe('\u001b[7ma  \u001b[0m');
  });

  it('has one ASCII cell for each cell of a mark or of a letter that is none', () => {
    expect(lineOf([span('│ ↓ 23 ms · 東京 → µ')], 40, plain)).toBe('| v 23 ms . ???? > u');
  });
});
