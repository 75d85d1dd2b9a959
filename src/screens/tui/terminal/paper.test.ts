// Proves that a frame writes what changed and nothing else, in its rows, and that it never scrolls.

import { afterEach, expect, it } from 'vitest';
import { type InkRoot, openInk } from './ink-root.ts';
import { Keyboard } from './keyboard.ts';
import { Paper } from './paper.ts';

let root: InkRoot | null = null;
afterEach(() => root?.unmount());

/** Draws frames through Ink and gives what was written for each. */
function written(...frames: readonly (readonly string[])[]): string[] {
  const out: string[] = [];
  const paper = new Paper((text) => out.push(text));
  root = openInk(paper, new Keyboard({ paste: () => {}, background: () => {} }).input, () => {});
  return frames.map((lines) => {
    const before = out.length;
    if (paper.take(lines)) root?.draw(lines.length);
    return out.slice(before).join('');
  });
}

const rows = (text: string): string[] => text.match(/\x1b\[\d+;1H/g) ?? [];

it('writes the first frame whole, then the lines that are new', () => {
  const [first, second, third] = written(['a', 'b', 'c'], ['a', 'x', 'c'], ['a', 'x', 'c']);
  expect(rows(first)).toEqual(['\x1b[1;1H', '\x1b[2;1H', '\x1b[3;1H']);
  expect(first).toContain('\x1b[2J');
  expect(second).toBe('\x1b[?2026h\x1b[2;1H\x1b[2Kx\x1b[?2026l');
  expect(third).toBe('');
});

it('takes away lines that are there no more', () => {
  const [, second] = written(['a', 'b'], ['a']);
  expect(second).toContain('\x1b[2;1H\x1b[2K\x1b[?2026l');
});

it('keeps colours, wide letters and lines as long as the terminal', () => {
  const line = `\x1b[38;5;75m${'w'.repeat(100)}\x1b[0m日本`;
  const [first] = written([line]);
  expect(first).toContain('w'.repeat(100));
  expect(first).toContain('日本');
  expect(first).toContain('38;5;75');
  expect(first).not.toContain('\n');
});
