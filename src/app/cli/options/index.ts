/**
 * What can be asked for on the command line, and where else it can be set.
 *
 * Guarantees: every option is declared once, in `table.ts`; flags win over the environment, that over the configuration
 * file, that over what is built in; a value that is none is refused with one sentence that names where it stands. To add
 * an option: add it to the table, use it.
 */
export * from './arguments.ts';
export * from './config-file.ts';
export * from './detect/detect-settings.ts';
export * from './detect/exceptions-file.ts';
export * from './document.ts';
export * from './filter-words.ts';
export * from './help.ts';
export * from './settings.ts';
export { packetFolder, packetPlan, storePlace, storePlan } from './store/store-settings.ts';
export { tableOfWord } from './store/table-words.ts';
export * from './table.ts';
