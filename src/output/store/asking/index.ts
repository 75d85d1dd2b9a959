/** Questions to a store: one implementation over either engine. */
export { hosts } from './hosts/hosts.ts';
export { askingOf, openHistory } from './open-history.ts';
export { type RowsStatement, rowsStatement } from './rows.ts';
