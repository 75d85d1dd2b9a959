// A statement in the making: what users gave becomes parameters, numbered as they come; names are quoted.

import type { Param, Statement } from '../../store.ts';
import type { ColumnKind } from '../../tables/column.ts';

export class Draft {
  readonly params: Param[] = [];

  /** Place of a value in the text: `$1`. */
  put(kind: ColumnKind, value: Param['value']): string {
    this.params.push({ kind, value });
    return `$${this.params.length}`;
  }

  /** Places of values, a comma between. */
  list(kind: ColumnKind, values: readonly (string | number)[]): string {
    return values.map((value) => this.put(kind, value)).join(', ');
  }

  statement(sql: string): Statement {
    return { sql, params: this.params };
  }
}

/** A name of ours as both engines take it, also where it is a word of SQL. Never call it with what users wrote. */
export function quoted(name: string): string {
  return `"${name}"`;
}

/** `WHERE a AND b`; empty where there is no condition. */
export function where(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
}
