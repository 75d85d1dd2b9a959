// Which packets a question means: of a flow, of an alert, of all flows that a filter finds. The store says which flows
// these are, the ring has their packets.

import type { KeptOfRun } from '../../../../capture/writers/index.ts';
import { Failure, parseAddress } from '../../../../core/index.ts';
import type { AskOptions, History, Result, Scope, StoredRow, Value } from '../../../../output/store/index.ts';
import { type PacketRange, type PacketStream, packetsOfRuns } from './packets-of-flows.ts';

/** What is asked of a store. */
export type AskedHistory = Pick<History, 'rows' | 'runs'>;

/** Rows of a page, and flows of a question at the most: their numbers are held in memory. */
const pageRows = 50_000;
const mostFlows = 2_000_000;

/** Packets that were kept of one flow; `flow` is its row. */
export function packetsOfFlow(folder: string, flow: StoredRow, options: AskOptions = {}): PacketStream {
  const [run, id] = [numberIn(flow, 'run'), numberIn(flow, 'flow_id')];
  const runs = new Map([[run, { flows: new Set([id]) }]]);
  return packetsOfRuns(folder, runs, { ...rangeOf(flow, 'start_ts', 'end_ts'), ...signalOf(options) }, `flow ${id}`);
}

/** Packets that were kept of these flows; each is a row. */
function packetsOfRows(folder: string, flows: readonly StoredRow[], options: AskOptions): PacketStream {
  const runs = new Map<number, { flows: Set<number> }>();
  let [fromUs, toUs] = [Number.POSITIVE_INFINITY, 0];
  for (const flow of flows) {
    const of = runs.get(numberIn(flow, 'run')) ?? { flows: new Set<number>() };
    of.flows.add(numberIn(flow, 'flow_id'));
    runs.set(numberIn(flow, 'run'), of);
    fromUs = Math.min(fromUs, numberIn(flow, 'start_ts'));
    toUs = Math.max(toUs, numberIn(flow, 'end_ts') + 1);
  }
  return packetsOfRuns(folder, runs, { fromUs, toUs, ...signalOf(options) }, `${flows.length} flows`);
}

/**
 * Packets that were kept of an alert, given its row: those it numbers, those of the flows it names, and those of flows
 * between its ends while it went on, as `--evidence` has them. Throws what the history throws.
 */
export async function packetsOfAlert(
  folder: string,
  alert: StoredRow,
  history: AskedHistory,
  options: AskOptions = {},
): Promise<PacketStream> {
  const run = numberIn(alert, 'run');
  const [fromUs, lastUs] = [numberIn(alert, 'first_ts'), numberIn(alert, 'last_ts')];
  const named = textsIn(alert, 'flows').map((id) => `community_id == "${id}"`);
  const filters = [named.join(' or '), betweenEnds(alert)].filter((filter) => filter !== '');
  const flows = new Set<number>();
  let untilUs = lastUs;
  for (const filter of filters) {
    const scope = { fromUs, runs: [run], filter };
    for await (const row of flowsOf(history, scope, lastUs + 1, options)) {
      flows.add(numberIn(row, 'flow_id'));
      untilUs = Math.max(untilUs, numberIn(row, 'end_ts'));
    }
  }
  const numbers = new Set(numbersIn(alert, 'packets'));
  // What a flow did before the first sign belongs to it, too.
  const range = { toUs: untilUs + 1, ...signalOf(options) };
  const comment = `${textIn(alert, 'detector')} ${textIn(alert, 'alert_id')}: ${textIn(alert, 'explain')}`;
  return packetsOfRuns(folder, new Map([[run, { flows, numbers }]]), range, comment);
}

/**
 * Packets that were kept of all flows that a filter finds, from `fromUs` to `toUs`; without a filter all packets.
 * Flows that are not over are found as far as the store has them. Throws what the history throws.
 */
export async function packetsOfFilter(
  folder: string,
  scope: Scope,
  limit: number | undefined,
  history: AskedHistory,
  options: AskOptions = {},
): Promise<PacketStream> {
  const { fromUs, toUs, filter = '' } = scope;
  const runs = filter.trim() === '' ? await wholeRuns(history, scope, options) : new Map<number, KeptOfRun>();
  if (filter.trim() !== '') {
    const flowsByRun = new Map<number, Set<number>>();
    let count = 0;
    // Flows belong to the moment they end, and may have begun long before.
    const { toUs: _, ...open } = scope;
    for await (const row of flowsOf(history, open, toUs ?? Number.POSITIVE_INFINITY, options)) {
      const run = numberIn(row, 'run');
      const flows = flowsByRun.get(run) ?? new Set();
      flowsByRun.set(run, flows.add(numberIn(row, 'flow_id')));
      if (++count > mostFlows) throw tooManyFlows();
    }
    for (const [run, flows] of flowsByRun) runs.set(run, { flows });
  }
  const range = { fromUs, toUs, limit, ...signalOf(options) };
  return packetsOfRuns(folder, runs, range, filter);
}

/** Which packets a server is asked for; rows are those of the store. */
export type PacketsOf =
  | { readonly kind: 'flow'; readonly flow: StoredRow }
  | { readonly kind: 'flows'; readonly flows: readonly StoredRow[] }
  | { readonly kind: 'alert'; readonly alert: StoredRow };

/** Packets for a server: a pcapng file in pieces, for each question. Going through it throws NO_SUCH_FILE. */
export function packetSource(folder: string, history: AskedHistory) {
  return {
    async *find(wanted: PacketsOf, signal: AbortSignal): AsyncGenerator<Uint8Array> {
      if (wanted.kind === 'flow') yield* packetsOfFlow(folder, wanted.flow, { signal });
      else if (wanted.kind === 'flows') yield* packetsOfRows(folder, wanted.flows, { signal });
      else yield* await packetsOfAlert(folder, wanted.alert, history, { signal });
    },
  };
}

/** The row of one thing; null when there is none. */
export async function rowOf(
  history: AskedHistory,
  table: string,
  filter: string,
  runs: Scope['runs'],
  options: AskOptions = {},
): Promise<StoredRow | null> {
  const result = await history.rows({ table, filter, runs: runs ?? 'all', limit: 1 }, options);
  for (const row of rowsIn(result)) return row;
  return null;
}

/** Flows of a scope that begin before `beforeUs`, in that order. */
async function* flowsOf(
  history: AskedHistory,
  scope: Scope,
  beforeUs: number,
  options: AskOptions,
): AsyncGenerator<StoredRow> {
  const columns = ['run', 'flow_id', 'start_ts', 'end_ts'];
  const sort = [{ column: 'start_ts', descending: false }];
  for (let offset = 0; ; offset += pageRows) {
    const result = await history.rows({ ...scope, table: 'flows', columns, sort, limit: pageRows, offset }, options);
    for (const row of rowsIn(result)) {
      if (numberIn(row, 'start_ts') >= beforeUs) return;
      yield row;
    }
    if (result.rows.length < pageRows) return;
  }
}

async function wholeRuns(history: AskedHistory, scope: Scope, options: AskOptions): Promise<Map<number, KeptOfRun>> {
  const known = await history.runs(options);
  const wanted = scope.runs ?? (known.some(({ kind }) => kind === 'live') ? 'live' : 'files');
  const isWanted = ({ run, kind, sensor }: (typeof known)[number]): boolean => {
    if (scope.sensors !== undefined && !scope.sensors.includes(sensor)) return false;
    if (typeof wanted !== 'string') return wanted.includes(run);
    return wanted === 'all' || (wanted === 'live') === (kind === 'live');
  };
  return new Map(known.filter(isWanted).map(({ run }) => [run, { flows: null }]));
}

/** A filter for flows between the ends of an alert; empty where it names none. */
function betweenEnds(alert: StoredRow): string {
  const either = (column: string): string => {
    const addresses = textsIn(alert, column).filter((text) => parseAddress(text) !== null);
    return addresses.map((address) => `ip.addr == ${address}`).join(' or ');
  };
  const ends = [either('sources'), either('targets')].filter((filter) => filter !== '');
  return ends.map((filter) => `(${filter})`).join(' and ');
}

function tooManyFlows(): Failure {
  return new Failure(
    'BAD_QUERY',
    `the filter finds more than ${mostFlows} flows`,
    'Narrow it, or ask for a shorter time with --from and --to.',
  );
}

/** From a flow's first packet to its last. */
function rangeOf(row: StoredRow, from: string, to: string): PacketRange {
  return { fromUs: numberIn(row, from), toUs: numberIn(row, to) + 1 };
}

const signalOf = ({ signal }: AskOptions): Pick<PacketRange, 'signal'> => (signal === undefined ? {} : { signal });

function* rowsIn({ columns, rows }: Result): Generator<StoredRow> {
  const names = columns.map(({ name }) => name);
  for (const row of rows) yield Object.fromEntries(names.map((name, i) => [name, row[i]]));
}

// Columns of the store have the kinds that its tables declare; whole numbers above 2^53 come as text.
const numberIn = (row: StoredRow, column: string): number => Number(row[column]);
const textIn = (row: StoredRow, column: string): string => String(row[column] ?? '');
const listIn = (row: StoredRow, column: string): readonly Value[] => (row[column] ?? []) as readonly Value[];
const textsIn = (row: StoredRow, column: string): readonly string[] => listIn(row, column).map(String);
const numbersIn = (row: StoredRow, column: string): readonly number[] => listIn(row, column).map(Number);
