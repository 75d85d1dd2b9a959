// Best names of addresses out of a store.

import { parseAddress } from '../../../core/index.ts';
import { batchOfRows, type History, names, type Scope } from '../../../output/store/index.ts';
import { NameBook } from '../live/hosts/name-book.ts';

const mostAddresses = 500;
const mostRows = 5000;

/** By address; whoever has none is left out. An address keeps its name, whenever it was told. */
export async function bestNames(
  history: History,
  runs: Scope['runs'],
  ips: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const asked = [...new Set(ips)].filter((ip) => parseAddress(ip) !== null).slice(0, mostAddresses);
  if (asked.length === 0) return new Map();
  const filter = `ip in {${asked.join(', ')}}`;
  const origin = runs === undefined ? {} : { runs };
  const { rows } = await history.rows({
    ...origin,
    table: 'names',
    columns: names.columns.map(({ name }) => name),
    filter,
    limit: mostRows,
  });
  const book = new NameBook();
  book.hear(batchOfRows(names, rows), () => {});
  return new Map(asked.map((ip) => [ip, book.best(ip)] as const).filter(([, name]) => name !== ''));
}
