// What events told of flows whose row did not come yet: the name that the client asked for, and its fingerprint.

import { type Batch, type ReadValue, type Table, valueReader } from '../../../../output/store/index.ts';

export interface ToldName {
  readonly host: string;
  readonly ja4: string;
}

/** Flows that are remembered; the oldest give way. */
const most = 65_536;

/** By table: the columns that may hold the name. */
const nameColumns: Readonly<Record<string, readonly string[]>> = {
  dns: ['query'],
  http: ['host', 'hostname'],
  http2: ['hostname'],
  http3: ['hostname'],
  tls: ['sni'],
  quic: ['sni'],
  dtls: ['sni'],
};

export class ToldNames {
  readonly #known = new Map<number, ToldName>();
  readonly #tables: ReadonlyMap<string, Table>;

  constructor(tables: readonly Table[]) {
    this.#tables = new Map(tables.map((table) => [table.name, table]));
  }

  /** @param isWanted hears of every flow that an event belongs to; called once its name is known */
  hear(batch: Batch, isWanted: (id: number) => boolean): void {
    const table = this.#tables.get(batch.table);
    const reader = (name: string): ReadValue | undefined => {
      const at = table?.columns.findIndex((column) => column.name === name) ?? -1;
      return table === undefined || at < 0 ? undefined : valueReader(table.columns[at].kind, batch.columns[at]);
    };
    const ids = reader('flow_id');
    if (ids === undefined) return;
    const names = (nameColumns[batch.table] ?? []).map(reader).filter((each) => each !== undefined);
    const ja4 = reader('ja4');
    for (let row = 0; row < batch.rows; row++) {
      const id = Number(ids(row));
      this.#note(id, firstText(names, row).toLowerCase(), ja4 === undefined ? '' : String(ja4(row)));
      if (!isWanted(id)) this.#known.delete(id);
    }
  }

  take(id: number): ToldName | null {
    const known = this.#known.get(id);
    if (known === undefined) return null;
    this.#known.delete(id);
    return known;
  }

  #note(id: number, host: string, ja4: string): void {
    if (host === '' && ja4 === '') return;
    const before = this.#known.get(id);
    if (before === undefined && this.#known.size >= most) this.#known.delete(this.#known.keys().next().value ?? 0);
    // Of a flow with several requests the first name counts.
    this.#known.set(id, { host: before?.host || host, ja4: before?.ja4 || ja4 });
  }
}

function firstText(readers: readonly ReadValue[], row: number): string {
  for (const read of readers) {
    const value = read(row);
    if (typeof value === 'string' && value !== '') return value;
  }
  return '';
}
