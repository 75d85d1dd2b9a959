// Alerts of a capture whose rows the store had before: it was read in again, and nobody keeps them twice. What a person
// said of them lies with the rows of the first time.

import { useEffect, useState } from 'preact/hooks';
import type { Alert } from '../../../../core/index.ts';
import type { Cell, Row } from '../../../api/index.ts';
import { post } from '../../data/asking.ts';
import { alertOfRow, type ShownAlert } from './stored-alerts.ts';

const mostAsked = 2000;

interface KeptAnswer {
  readonly columns: readonly { readonly name: string }[];
  readonly rows: readonly (readonly Cell[])[];
}

/** What the store has of alerts that no live row tells of; asked once for each number of them. */
export function useKeptAlerts(missing: readonly Alert[], canAsk: boolean): readonly ShownAlert[] {
  const [kept, setKept] = useState<readonly ShownAlert[]>([]);
  const fromUs = Math.min(...missing.map(({ firstUs }) => firstUs));
  const toUs = Math.max(...missing.map(({ lastUs }) => lastUs)) + 1;
  const isAsked = canAsk && missing.length > 0;
  useEffect(() => {
    if (!isAsked) return;
    const stopping = new AbortController();
    const request = { table: 'alerts', fromUs, toUs, limit: mostAsked };
    post<KeptAnswer>('/rows', request, stopping.signal).then(
      ({ columns, rows }) => {
        const named = rows.map((row): Row => Object.fromEntries(columns.map(({ name }, i) => [name, row[i]])));
        setKept(named.map(alertOfRow));
      },
      // Without an answer they are shown as the capture tells them.
      () => {},
    );
    return () => stopping.abort();
  }, [isAsked, missing.length]);
  return kept;
}
