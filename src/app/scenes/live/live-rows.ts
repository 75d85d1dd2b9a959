// All rows of a live scene: flows and hosts, which change in place, and the newest rows of every other table.

import { type Alert, Failure, type Flow } from '../../../core/index.ts';
import { type Batch, type RowPlace, type Table, type Value, valueReader } from '../../../output/store/index.ts';
import type { FlowDetails, Row, RowWindow, WindowRequest } from '../../../screens/api/index.ts';
import { asnText } from '../geo/geo.ts';
import { wantedColumns } from '../packets/wanted-flows.ts';
import { type LiveBounds, type LiveSceneParts, windowRows } from '../scene-parts.ts';
import { rowOf } from './flow-details.ts';
import { liveFlows } from './flows/flow-columns.ts';
import { LiveFlows } from './flows/live-flows.ts';
import { liveHosts } from './hosts/host-columns.ts';
import { LiveHosts } from './hosts/live-hosts.ts';
import { NameBook } from './hosts/name-book.ts';
import { LiveTable, type Matcher } from './live-table.ts';
import { RowFilters } from './row-matcher.ts';

/** Rows kept unless told otherwise: about 50 MB of flows, 25 MB of hosts, 3 MB of every other table. */
export const liveBounds: LiveBounds = { flows: 100_000, hosts: 65_536, others: 10_000 };

/** What of a table answers windows, and where a row's place in time is. */
interface Answering {
  readonly table: Table;
  readonly span: readonly [first: string, last: string];
  prepare(filter: string, matcher: Matcher): Promise<void>;
  window: LiveTable['window'];
}

export class LiveRows {
  readonly flows: LiveFlows;
  readonly hosts: LiveHosts;
  readonly names = new NameBook();
  readonly #others = new Map<string, LiveTable>();
  readonly #answering = new Map<string, Answering>();
  readonly #filters: RowFilters;
  #alertCount = -1;

  constructor({ tables, bounds = {}, geo = null, interfaceName = () => '' }: LiveSceneParts) {
    const most = { ...liveBounds, ...bounds };
    this.hosts = new LiveHosts(most.hosts, this.names, geo);
    this.flows = new LiveFlows(most.flows, tables, {
      interfaceName,
      counted: (slots, slot, added, isNew) => this.hosts.counted(slots, slot, added, isNew),
      nameOf: (slots, slot, end) => this.hosts.nameOf(slots, slot, end),
      locate: (slots, slot) => {
        if (geo === null) return;
        // What is outside: the responder, unless that is in the house.
        const end = slots.small.direction.values[slot] === 2 ? slots.src : slots.dst;
        const place = geo.look(end.text(slot));
        slots.text.country.set(slot, place?.country ?? '');
        slots.text.asn.set(slot, asnText(place));
      },
    });
    this.#answer({ table: liveFlows, span: ['start_ts', 'end_ts'] }, this.flows.windows);
    this.#answer({ table: liveHosts, span: ['first_ts', 'last_ts'] }, this.hosts.windows);
    for (const table of tables) {
      if (table.keep === 'rollup' || table.name === 'flows' || table.name === 'hosts') continue;
      const live = new LiveTable(table, most.others);
      this.#others.set(table.name, live);
      this.#answer({ table, span: [table.time, table.time] }, live);
    }
    const known = tables.map((table) => (table.name === 'flows' ? liveFlows : table));
    this.#filters = new RowFilters(known, (name, run, id) =>
      name === 'flows' ? this.flows.rowsOfFlow(run, id) : (this.#others.get(name)?.rowsOfFlow(run, id) ?? []),
    );
  }

  place(place: RowPlace): void {
    this.flows.place(place);
  }

  /** Gives the run that the rows are of; null where they do not say. */
  batch(batch: Batch): number | null {
    if (batch.rows === 0) return null;
    const place = this.#placeOf(batch);
    if (place !== null) this.flows.place(place);
    if (batch.table === 'flows') this.flows.records(batch);
    else if (batch.table === 'names') this.names.hear(batch, (ip) => this.hosts.named(ip));
    this.#others.get(batch.table)?.add(batch);
    if (this.#others.get(batch.table)?.table.keep === 'raw') this.flows.events(batch);
    return place?.run ?? null;
  }

  openFlow(flow: Flow): void {
    this.flows.open(flow);
  }

  /** All rows have come. */
  settle(): void {
    this.flows.windows.settle();
    this.hosts.windows.settle();
  }

  clock(us: number): void {
    this.flows.clock(us);
    this.hosts.clock(us);
  }

  /** All alerts as they are now: hosts count those that name them. */
  alerts(alerts: readonly Alert[]): void {
    if (alerts.length === this.#alertCount) return;
    this.#alertCount = alerts.length;
    const counts = new Map<string, number>();
    for (const { sources, targets } of alerts)
      for (const ip of new Set([...sources, ...targets])) counts.set(ip, (counts.get(ip) ?? 0) + 1);
    this.hosts.alerted(counts);
  }

  /** Throws BAD_QUERY, BAD_FILTER. */
  async window({ table: name, filter = '', range, ...request }: WindowRequest): Promise<RowWindow> {
    const answering = this.#find(name);
    if (request.count > windowRows || request.count < 0 || request.from < 0) throw badWindow();
    const { key, matcher } = this.#filters.filter(filter, answering.table, range, answering.span);
    if (matcher !== null) await answering.prepare(key, matcher);
    return answering.window(key, matcher, request) as RowWindow; // values of live rows are cells
  }

  /** Rows of all flows that fit. Throws BAD_FILTER. */
  async flowRows(filter: string): Promise<Row[]> {
    const { key, matcher } = this.#filters.filter(filter, liveFlows, undefined, ['start_ts', 'end_ts']);
    if (matcher !== null) await this.flows.windows.prepare(key, matcher);
    const { rows } = this.flows.windows.window(key, matcher, {
      from: 0,
      count: liveBounds.flows,
      columns: wantedColumns,
    });
    return rows.map((row) => Object.fromEntries(wantedColumns.map((name, i) => [name, row[i]])) as Row); // as above
  }

  /** What events told of a flow. */
  transactions(run: number, flowId: number): FlowDetails['transactions'] {
    return [...this.#others.values()].flatMap((live) => {
      if (live.table.keep !== 'raw') return [];
      const columns = live.table.columns.map(({ name }) => name);
      return live.rowsOfFlow(run, flowId).map((read) => ({ table: live.table.name, row: rowOf(read, columns) }));
    });
  }

  /** The newest row of an alert. */
  alertRow(run: number, alertId: string): Readonly<Record<string, Value>> | null {
    const alerts = this.#others.get('alerts');
    if (alerts === undefined) return null;
    const matcher: Matcher = (read) => read('alert_id') === alertId && read('run') === run;
    const { columns, rows } = alerts.window(`alert ${run} ${alertId}`, matcher, { from: 0, count: 1 });
    return rows.length === 0 ? null : Object.fromEntries(columns.map(({ name }, i) => [name, rows[0][i]]));
  }

  /** Rows that gave way, by table. */
  forgotten(): Record<string, number> {
    const told: [string, number][] = [
      ['flows', this.flows.forgotten],
      ['hosts', this.hosts.forgotten],
      ...[...this.#others].map(([name, live]) => [name, live.forgotten] as [string, number]),
    ];
    return Object.fromEntries(told.filter(([, count]) => count > 0));
  }

  #answer(about: Pick<Answering, 'table' | 'span'>, by: Pick<LiveTable, 'prepare' | 'window'>): void {
    this.#answering.set(about.table.name, {
      ...about,
      prepare: (filter, matcher) => by.prepare(filter, matcher),
      window: (filter, matcher, request) => by.window(filter, matcher, request),
    });
  }

  #find(name: string): Answering {
    const found = this.#answering.get(name);
    if (found !== undefined) return found;
    const hint = `Live tables are ${[...this.#answering.keys()].join(', ')}.`;
    throw new Failure('BAD_QUERY', `there is no live table '${name}'`, hint);
  }

  #placeOf(batch: Batch): RowPlace | null {
    const table = this.#answering.get(batch.table)?.table;
    const at = (name: string): number => table?.columns.findIndex((column) => column.name === name) ?? -1;
    const [run, sensor] = [at('run'), at('sensor')];
    if (run < 0 || sensor < 0) return null;
    return {
      run: Number(valueReader('u64', batch.columns[run])(0)),
      sensor: String(valueReader('word', batch.columns[sensor])(0)),
    };
  }
}

function badWindow(): Failure {
  return new Failure(
    'BAD_QUERY',
    `a window has at most ${windowRows} rows`,
    'Ask for the next ones with another from.',
  );
}
