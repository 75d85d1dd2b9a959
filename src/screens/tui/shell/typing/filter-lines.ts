// How a filter looks while it is written: coloured parts, the mistake and what was expected, and what may come next.

import type { ColourMark } from '../../../../core/index.ts';
import type { Ink } from '../../../present/index.ts';
import { cellsOf, lineOf, type Span, type Spans, span, widthOf } from '../../frame/lines.ts';
import type { Line, Look } from '../../frame/view.ts';
import type { FilterEdit } from './filter-edit.ts';

/** Colours of the parts of a filter; a mistake is underlined as well. */
const inks: Readonly<Record<ColourMark['kind'], Ink>> = {
  field: 'web-secret',
  operator: 'in',
  value: 'web-clear',
  bare: 'text',
  logic: 'strong',
  bracket: 'muted',
  wrong: 'critical',
};

/** The text of a filter in the colours of its parts. */
export function filterSpans(text: string, marks: readonly ColourMark[]): Spans {
  const cuts = new Set([0, text.length]);
  for (const { at, length } of marks) {
    cuts.add(Math.min(text.length, at));
    cuts.add(Math.min(text.length, at + length));
  }
  const places = [...cuts].sort((a, b) => a - b);
  return places.slice(0, -1).map((from, i) => {
    const over = marks.filter(({ at, length }) => at <= from && from < at + length);
    const kind = over.find((mark) => mark.kind === 'wrong')?.kind ?? over[0]?.kind;
    return span(text.slice(from, places[i + 1]), kind === undefined ? 'text' : inks[kind]);
  });
}

const mostProposals = 8;
const begin = ' / ';

/** Spans with the letter under the cursor turned round; at the end of the text a block. */
function withCursor(spans: Spans, cursor: number): Spans {
  const out: Span[] = [];
  let at = 0;
  for (const each of spans) {
    const inside = cursor - at;
    if (inside >= 0 && inside < each.text.length) {
      const letter = String.fromCodePoint(each.text.codePointAt(inside) ?? 32);
      const rest = each.text.slice(inside + letter.length);
      out.push({ ...each, text: each.text.slice(0, inside) }, { ...each, text: letter, ink: 'underlined' });
      out.push({ ...each, text: rest });
    } else out.push(each);
    at += each.text.length;
  }
  return cursor >= at ? [...out, span('█', 'focus')] : out;
}

/** Lines from the bottom of the screen up to the proposals, at most `most` of them. */
export function filterLines(edit: FilterEdit, columns: number, most: number, look: Look): Line[] {
  const cursor = widthOf([span(edit.text.slice(0, edit.cursor))]);
  // A line longer than the screen moves to the left, so that the cursor is seen.
  const room = columns - cellsOf(begin) - 2;
  const hidden = cursor > room ? cursor - room : 0;
  const text = filterSpans(edit.text, edit.marks);
  const shown = hidden === 0 ? text : withoutBeginning(text, hidden);
  const line = lineOf([span(begin, 'focus'), ...withCursor(shown, edit.cursor - hidden)], columns, look);
  const words = wordsLines(edit, hidden, columns, look);
  const lines = [...proposalLines(edit, columns, most - 1 - words.length, look), ...words, line];
  return lines.slice(-most);
}

function withoutBeginning(spans: Spans, letters: number): Spans {
  let left = letters;
  return spans.map((each) => {
    const gone = Math.min(left, each.text.length);
    left -= gone;
    return { ...each, text: each.text.slice(gone) };
  });
}

/** Below the word that is wrong what was expected; else which keys there are. The sign says it without colours. */
function wordsLines({ failure, marks, text }: FilterEdit, hidden: number, columns: number, look: Look): Line[] {
  if (failure === null) {
    const keys = text.trim() === '' ? 'Enter shows everything' : 'Enter applies';
    return [lineOf([span(`   ${keys} · Tab completes · ↑↓ choose · Esc leaves it as it was`, 'muted')], columns, look)];
  }
  const wrong = marks.find(({ kind }) => kind === 'wrong');
  const said = sentences(failure.message, failure.hint);
  const at = Math.max(0, Math.min(cellsOf(begin) + (wrong?.at ?? 0) - hidden, columns - 1));
  const pointer = span(`${' '.repeat(at)}▲`, 'high');
  if (at + cellsOf(said) + 2 <= columns) return [lineOf([pointer, span(` ${said}`, 'high')], columns, look)];
  return [lineOf([span(` ${said}`, 'high')], columns, look), lineOf([pointer], columns, look)];
}

/** As sentences: the hint begins with a capital, and a question keeps its mark. */
function sentences(message: string, hint: string): string {
  return `${message}${/[.?!]$/.test(message) ? '' : '.'} ${hint.slice(0, 1).toUpperCase()}${hint.slice(1)}`;
}

function proposalLines({ completion, chosen }: FilterEdit, columns: number, most: number, look: Look): Line[] {
  const count = Math.min(mostProposals, most, completion.proposals.length);
  if (count <= 0) return [];
  const first = Math.max(0, Math.min(chosen - count + 1, completion.proposals.length - count));
  const shown = completion.proposals.slice(first, first + count);
  const width = Math.min(40, Math.max(...shown.map(({ text }) => cellsOf(text))));
  const lines = shown.map(({ text, title }, i) => {
    const isChosen = first + i === chosen;
    const words = `${text.padEnd(width)}  `;
    const row: Spans = [span(isChosen ? ' ▌ ' : '   ', 'focus'), span(words), span(title, 'muted')];
    return lineOf(isChosen ? row.map((each) => ({ ...each, isSelected: true })) : row, columns, look);
  });
  const more = completion.proposals.length - count;
  const head = span(more > 0 ? `─ may follow, ${more} more ` : '─ may follow ', 'line');
  const rule = span('─'.repeat(Math.max(0, columns - widthOf([head]))), 'line');
  return [lineOf([head, rule], columns, look), ...lines.slice(0, Math.max(0, most - 1))];
}
