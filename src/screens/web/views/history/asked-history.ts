// Questions to the store behind the server: the shapes of `output/store/history.ts`, as JSON.

import type { Cell } from '../../../api/index.ts';
import { post } from '../../data/asking.ts';

export interface Scope {
  readonly fromUs: number;
  readonly toUs: number;
  readonly filter?: string;
}

export interface Answer {
  readonly columns: readonly { readonly name: string; readonly kind: string }[];
  readonly rows: readonly (readonly Cell[])[];
  /** There were more rows than asked for. */
  readonly isCut: boolean;
  readonly tookMs: number;
  readonly notes?: readonly string[];
}

export interface DiffReport {
  readonly sections: readonly {
    readonly what: string;
    readonly title: string;
    readonly items: readonly {
      readonly change: 'new' | 'gone' | 'changed';
      readonly thing: string;
      readonly text: string;
    }[];
    readonly more: number;
  }[];
}

export const measures = ['bytes', 'flows', 'packets', 'hosts', 'rtt_p95', 'response_p95'] as const;
export type Measure = (typeof measures)[number];

export const groups = [
  ['app', 'protocol'],
  ['ip', 'host'],
  ['conversation', 'conversation'],
  ['port', 'port of the server'],
  ['host', 'name asked for'],
  ['service', 'service'],
  ['direction', 'direction'],
  ['sensor', 'sensor'],
  ['verdict', 'what flows waited for'],
] as const;
export type Group = (typeof groups)[number][0];

export const askSeries = (
  scope: Scope,
  measure: Measure,
  stepSec: number,
  by: string | null,
  signal: AbortSignal,
): Promise<Answer> =>
  post('/series', { ...scope, measures: [measure], stepSec, ...(by === null ? {} : { by, limit: 6 }) }, signal);

/** How many flows are kept of it. */
export const askFlowCount = (scope: Scope, signal: AbortSignal): Promise<number> =>
  post<{ readonly count: number }>('/count', { ...scope, table: 'flows' }, signal).then(({ count }) => count);

export const askTop = (scope: Scope, by: string, measure: Measure, signal: AbortSignal): Promise<Answer> => {
  const asked = [measure, ...(['bytes', 'flows', 'hosts'] as const).filter((each) => each !== measure)];
  return post('/top', { ...scope, by: [by], measures: asked, limit: 20 }, signal);
};

export const askDiff = (before: Scope, after: Scope, signal: AbortSignal): Promise<DiffReport> =>
  post('/diff', { before, after, limit: 12 }, signal);

export const askSql = (sql: string, signal: AbortSignal): Promise<Answer> =>
  post('/sql', { sql, maxRows: 10_000 }, signal);
