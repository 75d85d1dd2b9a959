// Interfaces with the rates since they were looked at last: rows for the question and for the list.

import { printable } from '../../../core/index.ts';
import { formatBitRate } from '../../../screens/present/index.ts';
import { type InterfaceInfo, type Rates, ratesBetween } from '../../machine/index.ts';
import type { PromptRow } from './prompt-rows.ts';

export interface RatedInterface extends InterfaceInfo {
  /** null at the first look, and where the system does not count. */
  readonly rates: Rates | null;
}

/** Gives the interfaces at each call, with rates since the call before. */
export function watchInterfaces(list: () => readonly InterfaceInfo[], nowMs: () => number): () => RatedInterface[] {
  let last = new Map<string, { counters: NonNullable<InterfaceInfo['counters']>; timeMs: number }>();
  return () => {
    const timeMs = nowMs();
    const seen: typeof last = new Map();
    const rated = list().map((one) => {
      const before = last.get(one.name);
      if (one.counters === null) return { ...one, rates: null };
      seen.set(one.name, { counters: one.counters, timeMs });
      if (before === undefined) return { ...one, rates: null };
      const rates = ratesBetween({ ...before.counters, timeMs: before.timeMs }, { ...one.counters, timeMs });
      return { ...one, rates };
    });
    last = seen;
    return rated;
  };
}

/** Rows of the question; `any` stands for all, so its activity is not counted again. */
export function promptRows(interfaces: readonly RatedInterface[]): PromptRow[] {
  return interfaces.map((one) => {
    const { rates } = one;
    const [address] = one.addresses;
    const state = one.isUp ? '' : 'down';
    return {
      number: one.index,
      name: one.name,
      detail: printable(
        [one.kind === 'all' ? one.description : one.kind, address?.address ?? '', state].filter(Boolean).join(' '),
      ),
      rates:
        rates === null ? '' : `↓ ${formatBitRate(rates.rxBytesPerSec * 8)} ↑ ${formatBitRate(rates.txBytesPerSec * 8)}`,
      bytesPerSec: rates === null || one.kind === 'all' ? 0 : rates.rxBytesPerSec + rates.txBytesPerSec,
      isDefault: one.isDefaultRoute,
    };
  });
}
