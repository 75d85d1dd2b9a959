// Tables of events: one per kind, its columns made from the fields that the kind declares.

import type { FactKind, Field, FieldKind } from '../../../core/index.ts';
import type { Column, ColumnKind, Table } from './column.ts';
import { placeColumns } from './flows.ts';

const kinds: Readonly<Record<FieldKind, ColumnKind>> = {
  text: 'text',
  number: 'real',
  flag: 'flag',
  texts: 'texts',
  numbers: 'reals',
  object: 'json',
  objects: 'json',
};

/** `clientAlpns` → `client_alpns`, `mqtt-connect` → `mqtt_connect`. */
function snake(name: string): string {
  return name
    .replaceAll('-', '_')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

/** The table of a kind. Values of a field are in the column `snake(field)`; with a trailing `_` where the name is taken. */
export function eventTable(kind: FactKind): Table {
  return {
    name: tableName(kind),
    title: kind.title,
    time: 'ts',
    keep: 'raw',
    columns: [
      ...placeColumns,
      { name: 'ts', kind: 'time', title: 'When it was told', filters: ['time'] },
      ...Object.entries(kind.fields)
        .filter(([name]) => kind.perMessage?.includes(name) !== true)
        .map(([name, field]) => eventColumn(kind, name, field)),
    ],
  };
}

/** Columns that rows of every event begin with: where it belongs, and when it was. */
export const eventPlaces: readonly string[] = [...placeColumns.map(({ name }) => name), 'ts'];
const taken = new Set(eventPlaces);

/** Column of a field. */
export function fieldColumn(field: string): string {
  const name = snake(field);
  return taken.has(name) ? `${name}_` : name;
}

/** Kinds whose table is called otherwise: a table holds many. */
const plurals: Readonly<Record<string, string>> = { file: 'files' };

/** Table of a kind: its name. */
function tableName(kind: FactKind): string {
  return plurals[kind.name] ?? snake(kind.name);
}

function eventColumn(kind: FactKind, name: string, field: Field<unknown>): Column {
  const columnKind = kinds[field.kind];
  return {
    name: fieldColumn(name),
    kind: columnKind,
    title: field.title,
    ...(field.unit === undefined ? {} : { unit: field.unit }),
    ...(columnKind === 'real' || columnKind === 'flag' ? { nullable: true } : {}),
    // `dns.query` as well as Wireshark's `dns.qry.name`.
    filters: [
      `${kind.name}.${name}`,
      ...(field.also === undefined ? [] : [`${kind.name}.${field.also}`]),
      ...(field.filter === undefined ? [] : [field.filter]),
    ],
  };
}
