// The question "where to listen?": interfaces with their rates, and what keys do to them. Pure.

/** An interface as it is offered. */
export interface PickerRow {
  readonly name: string;
  /** Kind and address, in words. */
  readonly kind: string;
  readonly address: string;
  readonly isUp: boolean;
  readonly isDefault: boolean;
  /** All of them at once: listed last, its activity is the others'. */
  readonly isAll: boolean;
  /** Bytes per second; null while unknown. */
  readonly inRate: number | null;
  readonly outRate: number | null;
}

export interface PickerState {
  readonly rows: readonly PickerRow[];
  readonly selected: string;
  /** The latest rates of each, oldest first. */
  readonly past: ReadonlyMap<string, { readonly in: readonly number[]; readonly out: readonly number[] }>;
  /** After the first key rows stay where they are. */
  readonly isTouched: boolean;
}

/** Looks that a sparkline remembers. */
export const pastLooks = 24;

const rateOf = ({ inRate, outRate }: PickerRow): number => (inRate ?? 0) + (outRate ?? 0);

/** Busiest first; of those that are as busy the default route, then those that are up. */
function byActivity(rows: readonly PickerRow[]): PickerRow[] {
  return [...rows].sort(
    (a, b) =>
      Number(a.isAll) - Number(b.isAll) ||
      rateOf(b) - rateOf(a) ||
      Number(b.isDefault) - Number(a.isDefault) ||
      Number(b.isUp) - Number(a.isUp),
  );
}

export function startPicker(rows: readonly PickerRow[]): PickerState {
  const sorted = byActivity(rows);
  const selected = (sorted.find(({ isDefault }) => isDefault) ?? sorted[0])?.name ?? '';
  return looked({ rows: sorted, selected, past: new Map(), isTouched: false }, rows);
}

/** New rates. */
export function looked(state: PickerState, rows: readonly PickerRow[]): PickerState {
  const place = new Map(state.rows.map(({ name }, i) => [name, i]));
  const end = state.rows.length;
  const ordered = state.isTouched
    ? [...rows].sort((a, b) => (place.get(a.name) ?? end) - (place.get(b.name) ?? end))
    : byActivity(rows);
  const past = new Map(
    rows.map(({ name, inRate, outRate }) => {
      const before = state.past.get(name) ?? { in: [], out: [] };
      if (inRate === null || outRate === null) return [name, before];
      return [name, { in: [...before.in, inRate].slice(-pastLooks), out: [...before.out, outRate].slice(-pastLooks) }];
    }),
  );
  const isThere = ordered.some(({ name }) => name === state.selected);
  return { ...state, rows: ordered, past, selected: isThere ? state.selected : (ordered[0]?.name ?? '') };
}

export function movedBy(state: PickerState, by: number): PickerState {
  const at = state.rows.findIndex(({ name }) => name === state.selected);
  const to = Math.max(0, Math.min(state.rows.length - 1, at + by));
  return { ...state, isTouched: true, selected: state.rows[to]?.name ?? '' };
}
