/** Questions to a store: one implementation over either engine. */
export { hosts } from './hosts/hosts.ts';
export { exportRows, openHistory } from './open-history.ts';
