/**
 * The filter language: one for screens, command line and store. Wireshark's operators and names, chips
 * (`port:443 -app:dns`), and words alone.
 *
 * A filter is read in two steps. `parseFilter` knows the grammar and nothing else; `bindFilter` gives words their meaning
 * with the fields of one table (`FilterFields`, made from the tables that are kept, by output/store/sql). What comes
 * out is a tree of tests of columns, which `matchFilter` asks of rows in memory and output/store/sql writes as SQL; both
 * find the same rows, and a property test holds them to it.
 *
 * Guarantees: nothing is ever unknown: a test of a missing value is false, its negation true. All time is bounded: no
 * filter has more than 20,000 letters, regular expressions match in linear time. Whatever is wrong is a Failure
 * BAD_FILTER whose `range` is the word that is wrong.
 */
export { bindFilter } from './bind.ts';
export { type Bound as BoundFilter, type FilterValue, holdsText, type Test as FilterTest } from './bound.ts';
export { type Completion, completeFilter, type KnownValues, type Proposal } from './complete.ts';
export { type ColourMark, type ExaminedFilter, examineFilter } from './examine.ts';
export type { FilterField, FilterFields, FilterForm, FilterKind, FilterPlace } from './field.ts';
export { parseFilter } from './grammar/parse.ts';
export type { Term as FilterTerm } from './grammar/syntax.ts';
export { matchFilter, type RowAccess, type RowValue } from './match.ts';
export { addressBytes } from './words/addresses.ts';
export { isAscii, lowerCase } from './words/letters.ts';
