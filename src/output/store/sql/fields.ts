// Fields of the filter language, made from the tables that are declared: what may be asked of rows of one of them.

import type { FilterField, FilterFields, FilterPlace } from '../../../core/index.ts';
import type { Column, Table } from '../tables/index.ts';
import { columnField, composites, placeOf, searchPlaces } from './places.ts';

/**
 * What filters may ask of a table. A name means, in this order: something made of several columns (`ip.addr`), what a
 * column declares, a column by its name (`rtt_us`, `flows.rtt_us`); then the same of the flow, of other events of the
 * same flow (`dns.qry.name` of flows); then a protocol (`tls`).
 *
 * @param table need not be among `tables`
 */
export function filterFields(table: Table, tables: readonly Table[]): FilterFields {
  let known = made.get(tables);
  if (known === undefined) {
    known = new Map();
    made.set(tables, known);
  }
  let fields = known.get(table);
  if (fields === undefined) {
    fields = new TableFields(table, tables);
    known.set(table, fields);
  }
  return fields;
}

const made = new WeakMap<readonly Table[], Map<Table, FilterFields>>();

/** Names of columns that so many tables have are asked with the table in front. */
const mostTables = 4;

const belongsToFlow = (table: Table): boolean =>
  ['run', 'flow_id'].every((name) => table.columns.some((each) => each.name === name));

class TableFields implements FilterFields {
  readonly table: string;
  readonly search: FilterFields['search'];
  readonly #own: Map<string, FilterField>;
  readonly #related: Map<string, FilterField>;
  readonly #protocols: Map<string, FilterField>;
  readonly #tables: readonly Table[];
  #names: readonly string[] | undefined;

  constructor(table: Table, tables: readonly Table[]) {
    this.table = table.name;
    this.#tables = tables;
    this.#own = new Map(ownFields(table));
    const others = belongsToFlow(table) ? tables.filter((each) => each.name !== table.name && belongsToFlow(each)) : [];
    this.#related = relatedFields(others);
    this.#addNames();
    this.#protocols = belongsToFlow(table) ? protocolFields(tables.filter(belongsToFlow)) : new Map();
    this.search = {
      text: searchPlaces(table),
      addresses: this.#own.get('ip.addr'),
      ports: this.#own.get('port'),
    };
  }

  /** Events are also asked for the name that the client of their flow asked for. */
  #addNames(): void {
    const own = this.#own.get('host');
    const name = this.#related.get('flows.host');
    if (own?.form !== 'address or name' || name === undefined) return;
    this.#own.set('host', { ...own, places: [...own.places, ...name.places] });
  }

  find(name: string): FilterField | undefined {
    return this.#own.get(name) ?? this.#related.get(name) ?? this.#protocols.get(name);
  }

  isElsewhere(name: string): boolean {
    return this.#tables.some((table) => ownFields(table).has(name));
  }

  get names(): readonly string[] {
    this.#names ??= [...new Set([...this.#own.keys(), ...this.#protocols.keys(), ...this.#related.keys()])];
    return this.#names;
  }
}

/** Later ones of the same name are further places of it, unless the name was `fixed` before. */
function addField(fields: Map<string, FilterField>, field: FilterField, isFixed = false): void {
  const key = field.name.toLowerCase();
  const before = fields.get(key);
  if (before === undefined) fields.set(key, field);
  else if (!isFixed) fields.set(key, { ...before, places: [...before.places, ...field.places] });
}

function ownFields(table: Table): Map<string, FilterField> {
  const fields = new Map<string, FilterField>();
  for (const field of composites(table)) addField(fields, field, true);
  const made = new Set(fields.keys());
  for (const column of table.columns) {
    for (const name of column.filters ?? []) {
      if (!made.has(name.toLowerCase())) addField(fields, columnField(name, table, column));
    }
  }
  for (const column of table.columns) {
    addField(fields, columnField(column.name, table, column), true);
    addField(fields, columnField(`${table.name}.${column.name}`, table, column), true);
  }
  return fields;
}

const isShared = (column: Column): boolean => ['run', 'sensor', 'flow_id', 'proto', 'ts'].includes(column.name);

/** Fields of the flow first, then those of events: declared names, columns with their table, columns that few have. */
function relatedFields(others: readonly Table[]): Map<string, FilterField> {
  const fields = new Map<string, FilterField>();
  const flows = others.find(({ name }) => name === 'flows');
  if (flows !== undefined) for (const [name, field] of ownFields(flows)) fields.set(name, field);
  const fixed = new Set(fields.keys());
  const events = others.filter((table) => table !== flows);
  const counts = new Map<string, number>();
  for (const table of events) {
    for (const { name } of table.columns) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  for (const table of events) {
    for (const column of table.columns.filter((each) => !isShared(each) && !/^(src|dst)_/.test(each.name))) {
      const declared = [...(column.filters ?? []), ...(counts.get(column.name)! <= mostTables ? [column.name] : [])];
      const names = new Set([...declared, `${table.name}.${column.name}`].map((name) => name.toLowerCase()));
      for (const name of names) if (!fixed.has(name)) addField(fields, columnField(name, table, column));
    }
  }
  return fields;
}

/** A protocol by its name alone: the flow speaks it, or an event of it was told. */
function protocolFields(tables: readonly Table[]): Map<string, FilterField> {
  const fields = new Map<string, FilterField>();
  const flows = tables.find(({ name }) => name === 'flows');
  const app = flows?.columns.find(({ name }) => name === 'app');
  for (const table of tables.filter((each) => each !== flows)) {
    const name = kindName(table);
    const places: FilterPlace[] = [{ table: table.name, columns: [], kind: 'flag' }];
    if (flows !== undefined && app !== undefined) {
      const guard = { column: 'app', kind: 'word', equals: name } as const;
      places.unshift({ ...placeOf(flows, app), columns: [], guard });
    }
    for (const each of new Set([name, table.name])) {
      fields.set(each, { name: each, title: table.title, places, form: 'protocol' });
    }
  }
  return fields;
}

/** `mqtt-connect` of the table `mqtt_connect`, as the columns' names say it. */
function kindName(table: Table): string {
  for (const { filters } of table.columns) {
    const name = filters?.find((each) => each.split('.')[0].replaceAll('-', '_').toLowerCase() === table.name);
    if (name !== undefined) return name.split('.')[0].toLowerCase();
  }
  return table.name;
}
