// The filter language as the server needs it: checking, completing while it is typed, and matching live rows.

import {
  bindFilter,
  type FilterField,
  type FilterFields,
  matchFilter,
  parseFilter,
  type RowValue,
} from '../../../core/index.ts';
import { filterFields, type Table } from '../../../output/store/index.ts';
import type { ReadColumn } from '../live/live-table.ts';
import type { LiveTables } from '../live/live-tables.ts';
import type { Completion, FilterLanguage } from '../parts.ts';

/** @param live where filters look for events of a flow; null: nowhere */
export function filterLanguage(tables: readonly Table[], live: LiveTables | null): FilterLanguage {
  const access = {
    // What a row holds is what filters read; lists are of one kind.
    value: (row: ReadColumn, column: string) => row(column) as RowValue,
    related: (row: ReadColumn, table: string) =>
      live?.find(table)?.rowsOfFlow(Number(row('run')), Number(row('flow_id'))) ?? [],
  };
  return {
    check: (text, table) => {
      bindFilter(parseFilter(text), filterFields(table, tables));
    },
    complete: (text, at, table) => completions(text, at, filterFields(table, tables)),
    matcher: (text, table) => {
      const bound = bindFilter(parseFilter(text), filterFields(table, tables));
      return (row) => matchFilter(bound, row, access);
    },
  };
}

const mostCompletions = 30;
const comparisons: readonly (readonly [text: string, title: string])[] = [
  ['==', 'is'],
  ['!=', 'is not'],
  ['>', 'is more than'],
  ['<', 'is less than'],
  ['contains', 'has in it'],
  ['matches', 'fits the regular expression'],
  ['in', 'is one of: { … }'],
];
const joints: readonly (readonly [text: string, title: string])[] = [
  ['and', 'both'],
  ['or', 'one of them'],
];

/** What may stand where the cursor is: names of fields, then comparisons, then values that are words, then `and`. */
function completions(text: string, at: number, fields: FilterFields): readonly Completion[] {
  const before = text.slice(0, at);
  const begun = /[\w.-]*$/.exec(before)?.[0] ?? '';
  const from = before.length - begun.length;
  const to = at + (/^[\w.-]*/.exec(text.slice(at))?.[0].length ?? 0);
  const offer = (words: readonly (readonly [string, string])[]): Completion[] =>
    words
      .filter(([word]) => word.toLowerCase().startsWith(begun.toLowerCase()))
      .slice(0, mostCompletions)
      .map(([word, title]) => ({ text: word, from, to, title }));
  const head = before.slice(0, from);
  const asked = /([\w.]+)\s*(==|!=|===|!==|=|:|eq\s|ne\s|in\s*\{[^}]*)\s*$/i.exec(head)?.[1];
  if (asked !== undefined) return offer(valueWords(fields.find(asked.toLowerCase())));
  const last = /(\S+)\s+$/.exec(head)?.[1];
  if (last === undefined || /[([!]$|^(and|or|not|xor|&&|\|\|)$/i.test(last)) return offer(fieldWords(fields, begun));
  if (fields.find(last.toLowerCase()) !== undefined) return offer([...comparisons, ...joints]);
  return [...offer(joints), ...offer(fieldWords(fields, begun))];
}

function fieldWords(fields: FilterFields, begun: string): [string, string][] {
  const part = begun.toLowerCase();
  const names = fields.names.filter((name) => name.toLowerCase().startsWith(part));
  return names.slice(0, mostCompletions).map((name) => [name, fields.find(name.toLowerCase())?.title ?? '']);
}

function valueWords(field: FilterField | undefined): [string, string][] {
  const words = [...Object.keys(field?.words ?? {}), ...Object.keys(field?.groups ?? {})];
  return words.map((word) => [word, field?.title ?? '']);
}
