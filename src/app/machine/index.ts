/**
 * What this machine allows.
 *
 * Guarantees: asking changes nothing and sends nothing; what is not allowed comes with the exact lines that change it,
 * paths absolute, words quoted for a shell; privileges that were given up cannot be had back.
 */
export type { InterfaceInfo } from '../../capture/sources/interfaces/interface-info.ts';
export { listInterfaces, resolveInterface } from '../../capture/sources/interfaces/interfaces.ts';
export { type Rates, ratesBetween } from '../../capture/sources/interfaces/rates.ts';
export { ableNode } from './able-node.ts';
export * from './alert-journal.ts';
export * from './doctor.ts';
export * from './fast-text.ts';
export * from './intel-files.ts';
export * from './key-log.ts';
export * from './node-crypto.ts';
export * from './privileges.ts';
export * from './store-folder.ts';
