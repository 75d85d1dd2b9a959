// What a filter says, before anyone knows what its words mean.

/** A word or string of a filter and where it stands. */
export interface Literal {
  readonly text: string;
  readonly at: number;
  readonly length: number;
  readonly isQuoted: boolean;
}

/** Without the names of Wireshark's: `any_ne` is `!==`, `all_ne` is `!=`. */
export type Comparison = '==' | '!=' | '===' | '!==' | '>' | '<' | '>=' | '<=' | 'contains' | 'matches';

/** From low to high, both included. */
export interface LiteralRange {
  readonly low: Literal;
  readonly high: Literal;
}

export type Term =
  | { readonly is: 'and' | 'or' | 'xor'; readonly of: readonly Term[] }
  | { readonly is: 'not'; readonly of: Term }
  /** A word alone: a field that must be there, or something to look for. */
  | { readonly is: 'bare'; readonly value: Literal }
  | {
      readonly is: 'compare';
      readonly field: Literal;
      readonly comparison: Comparison;
      readonly value: Literal;
      /** Which of several values must pass. */
      readonly of: 'any' | 'all';
    }
  | {
      readonly is: 'in';
      readonly field: Literal;
      readonly values: readonly (Literal | LiteralRange)[];
      readonly of: 'any' | 'all';
    }
  | { readonly is: 'chip'; readonly field: Literal; readonly values: readonly (Literal | LiteralRange)[] };

/** What a part of a filter is, for colours. */
export type MarkKind = 'field' | 'operator' | 'value' | 'logic' | 'bare' | 'bracket';

export interface Mark {
  readonly kind: MarkKind;
  readonly at: number;
  readonly length: number;
}
