// Tests of columns as SQL. Names come from declared tables, values are parameters; no condition is ever NULL.

import {
  type BoundFilter as Bound,
  type FilterPlace,
  type FilterValue,
  holdsText,
  isAscii,
  type FilterTest as Test,
} from '../../../core/index.ts';
import type { Dialect, Param } from '../store.ts';
import type { ColumnKind, Table } from '../tables/index.ts';

type TestNode = Bound & { is: 'test' };

/** In lambdas: no column has such a name. */
const item = 'item__';

export class ConditionWriter {
  readonly #tables: readonly Table[];
  readonly #dialect: Dialect;
  readonly #params: Param[];

  constructor(tables: readonly Table[], dialect: Dialect, params: Param[]) {
    this.#tables = tables;
    this.#dialect = dialect;
    this.#params = params;
  }

  write(bound: Bound): string {
    switch (bound.is) {
      case 'and':
        return join(
          bound.of.map((each) => this.write(each)),
          ' AND ',
          'true',
        );
      case 'or':
        return join(
          bound.of.map((each) => this.write(each)),
          ' OR ',
          'false',
        );
      case 'not':
        return `(NOT ${this.write(bound.of)})`;
      case 'xor':
        return `((${this.write(bound.of[0])}) <> (${this.write(bound.of[1])}))`;
      case 'related':
        return this.#related(bound.table, bound.of);
      case 'test':
        return this.#test(bound);
    }
  }

  #related(name: string, of: Bound): string {
    const table = this.#tables.find((each) => each.name === name);
    if (table === undefined) throw new Error(`no table ${name}`);
    const where = this.write(of);
    // On a cluster every node looks into what all nodes found.
    const within = this.#dialect === 'clickhouse' ? 'GLOBAL IN' : 'IN';
    return `(("run", "flow_id") ${within} (SELECT "run", "flow_id" FROM "${table.name}" WHERE ${where}))`;
  }

  #test(bound: TestNode): string {
    const { place, test } = bound;
    const conditions: string[] = [];
    if (place.guard !== undefined) conditions.push(this.#guard(place.guard));
    if (place.columns.length > 0) {
      const column = join(
        place.columns.map((name) => columnSql(name)),
        ' + ',
        '',
      );
      if (test.is === 'known') conditions.push(this.#known(place, column));
      else if (test.is === 'telling') conditions.push(this.#telling(place, column));
      else if (place.kind === 'texts' || place.kind === 'reals') conditions.push(this.#items(bound, test, column));
      else conditions.push(this.#scalar(bound, test, column));
    }
    return join(conditions, ' AND ', 'true');
  }

  #guard({ column, kind, equals }: NonNullable<FilterPlace['guard']>): string {
    return `${columnSql(column)} = ${this.#param(kind, equals)}`;
  }

  #known({ kind, isNullable }: FilterPlace, column: string): string {
    if (isNullable === true) return `${column} IS NOT NULL`;
    if (kind === 'texts' || kind === 'reals') return this.#isFilled(column);
    return holdsText(kind) ? `${column} <> ''` : 'true';
  }

  #telling(place: FilterPlace, column: string): string {
    const known = this.#known(place, column);
    const { kind } = place;
    if (holdsText(kind) || kind === 'reals' || kind === 'time') return known;
    const zero = kind === 'address' ? this.#param('address', new Uint8Array(16)) : kind === 'flag' ? 'false' : '0';
    return known === 'true' ? `${column} <> ${zero}` : `(${known} AND ${column} <> ${zero})`;
  }

  #scalar(bound: TestNode, test: Test, column: string): string {
    const condition = this.#passes(bound, test, column);
    const known = this.#known(bound.place, column);
    const isSure = known === 'true' || (holdsText(bound.place.kind) && !bound.isFailed && isNeverEmpty(test));
    const asked = bound.isFailed ? `NOT (${condition})` : condition;
    return isSure ? asked : `(${known} AND ${asked})`;
  }

  #items(bound: TestNode, test: Test, column: string): string {
    if (!bound.isFailed && !bound.ignoresCase && test.is === 'compare' && test.comparison === '==') {
      const has = this.#dialect === 'duckdb' ? 'list_contains' : 'has';
      return `${has}(${column}, ${this.#param(itemKind(bound.place.kind), test.value)})`;
    }
    const condition = this.#passes(bound, test, item);
    const asked = bound.isFailed ? `NOT (${condition})` : condition;
    return this.#dialect === 'duckdb'
      ? `(len(list_filter(${column}, lambda ${item}: ${asked})) > 0)`
      : `arrayExists(${item} -> ${asked}, ${column})`;
  }

  #isFilled(column: string): string {
    return this.#dialect === 'duckdb' ? `len(${column}) > 0` : `notEmpty(${column})`;
  }

  #passes({ place, ignoresCase }: TestNode, test: Test, column: string): string {
    const kind = itemKind(place.kind);
    const isFolded = ignoresCase && place.isLowerCase !== true;
    switch (test.is) {
      case 'compare': {
        const isEqual = test.comparison === '==';
        const asked = isFolded ? this.#lower(column, isEqual ? String(test.value) : undefined) : column;
        return `${asked} ${isEqual ? '=' : test.comparison} ${this.#param(kind, test.value)}`;
      }
      case 'between': {
        const asked = isFolded ? this.#lower(column) : column;
        return `(${asked} BETWEEN ${this.#param(kind, test.low)} AND ${this.#param(kind, test.high)})`;
      }
      case 'contains':
        return this.#contains(column, test.text, place.isLowerCase === true);
      case 'matches': {
        const pattern = this.#param('text', test.regex.re2);
        return this.#dialect === 'duckdb' ? `regexp_matches(${column}, ${pattern})` : `match(${column}, ${pattern})`;
      }
      default:
        return 'true';
    }
  }

  /** ClickHouse looks for parts by its index of letters only where LIKE is asked of the indexed expression. */
  #contains(column: string, text: string, isLowerCase: boolean): string {
    if (this.#dialect === 'duckdb') {
      return `contains(${isLowerCase ? column : `lower(${column})`}, ${this.#param('text', text)})`;
    }
    if (isLowerCase || isAscii(text)) {
      const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
      return `${isLowerCase ? column : `lower(${column})`} LIKE ${this.#param('text', pattern)}`;
    }
    return `(positionCaseInsensitiveUTF8(${column}, ${this.#param('text', text)}) > 0)`;
  }

  /** ClickHouse's `lower` knows ASCII only, which is enough where the other side has nothing else. */
  #lower(column: string, other?: string): string {
    const isPlain = this.#dialect === 'duckdb' || (other !== undefined && isAscii(other));
    return isPlain ? `lower(${column})` : `lowerUTF8(${column})`;
  }

  #param(kind: ColumnKind, value: FilterValue): string {
    this.#params.push({ kind: holdsText(kind) ? 'text' : kind, value });
    return `$${this.#params.length}`;
  }
}

const columnSql = (name: string): string => `"${name}"`;

const itemKind = (kind: ColumnKind): ColumnKind => (kind === 'reals' ? 'real' : kind === 'texts' ? 'text' : kind);

/** Whether a test fails for empty text by itself. */
const isNeverEmpty = (test: Test): boolean =>
  test.is === 'contains' || (test.is === 'compare' && test.comparison === '==');

function join(parts: readonly string[], sign: string, none: string): string {
  if (parts.length === 0) return none;
  return parts.length === 1 ? parts[0] : `(${parts.join(sign)})`;
}
