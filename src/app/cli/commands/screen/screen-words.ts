// What the screen needs in its own words: interfaces to choose from, and the filter language.

import { completeFilter, examineFilter, printable } from '../../../../core/index.ts';
import { filterFields, type Table } from '../../../../output/store/index.ts';
import type { FilterWords, PickerRow } from '../../../../screens/tui/index.ts';
import type { RatedInterface } from '../../console/index.ts';

export function pickerRows(interfaces: readonly RatedInterface[]): PickerRow[] {
  return interfaces.map((one) => ({
    name: one.name,
    kind: printable(one.kind === 'all' ? one.description || 'all of them' : one.kind),
    address: printable(one.addresses[0]?.address ?? ''),
    isUp: one.isUp,
    isDefault: one.isDefaultRoute,
    isAll: one.kind === 'all',
    inRate: one.rates?.rxBytesPerSec ?? null,
    outRate: one.rates?.txBytesPerSec ?? null,
  }));
}

/** The filter language with the fields of these tables; of a table that nobody knows, those of flows. */
export function filterWords(tables: readonly Table[]): FilterWords {
  const fieldsOf = (name: string) => {
    const table =
      tables.find((each) => each.name === name) ?? tables.find((each) => each.name === 'flows') ?? tables[0];
    return filterFields(table, tables);
  };
  return {
    examine: (text, table) => examineFilter(text, fieldsOf(table)),
    complete: (text, cursor, table, values = () => []) =>
      completeFilter(text, cursor, fieldsOf(table), ({ places }, beginning) =>
        values(
          places.flatMap(({ columns }) => columns),
          beginning,
        ),
      ),
  };
}
