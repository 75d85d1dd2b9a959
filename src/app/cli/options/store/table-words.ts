// Words of the command line that mean a table of the store.

import { hosts, type Table } from '../../../../output/store/index.ts';
import { keptTables } from '../../../pipeline/index.ts';

/** The table that a word means: `dns`, `smb-files`, `hosts`; null where it means none. */
export function tableOfWord(word: string): Table | null {
  const name = word.replaceAll('-', '_');
  return [hosts, ...keptTables()].find((table) => table.name === name) ?? null;
}
