// Proves that packets are found for a flow, an alert and a filter: the store is asked for the right flows, the ring for
// the right time, and nothing is found where nothing is left.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, packet, packetsIn, RingStage } from '../../../../capture/writers/ring/ring-stage.ts';
import type { Result, RowsRequest, RunRow, Value } from '../../../../output/store/index.ts';
import {
  type AskedHistory,
  packetSource,
  packetsOfAlert,
  packetsOfFilter,
  packetsOfFlow,
  rowOf,
} from './find-packets.ts';
import { type PacketStream, packetsOfFlows } from './packets-of-flows.ts';

let folder = '';
let remove = (): void => {};

/** Packet n at n seconds, of flow n % 4 + 1 of its run. Run 1 is live, runs 2 and 3 are files. */
beforeAll(() => {
  ({ path: folder, remove } = makeFolder());
  for (const run of [1, 2]) {
    const stage = new RingStage(folder, { run });
    for (let n = 1; n <= 20; n++) stage.put(packet(run * 100 + n, n * 1e6, [(n % 4) + 1]));
    stage.close();
  }
});
afterAll(() => remove());

interface FlowRow {
  readonly run: number;
  readonly flow_id: number;
  readonly start_ts: number;
  readonly end_ts: number;
}

const flowRow = (run: number, id: number): FlowRow => ({ run, flow_id: id, start_ts: 1e6, end_ts: 20e6 });

/** Answers with these flows, whatever is asked, and remembers the questions. */
function historyOf(flows: readonly FlowRow[], asked: RowsRequest[] = []): AskedHistory {
  const runs = [1, 2].map((run) => ({ run, sensor: 'x', kind: run === 1 ? 'live' : 'file' }) as RunRow);
  return {
    runs: async () => runs,
    rows: async (request) => {
      asked.push(request);
      const columns = ['run', 'flow_id', 'start_ts', 'end_ts'] as const;
      const rows: Value[][] = flows.map((flow) => columns.map((name) => flow[name]));
      return { columns: columns.map((name) => ({ name, kind: 'u64' })), rows, isCut: false, tookMs: 0 } as Result;
    },
  };
}

async function numbersOf(stream: AsyncIterable<Uint8Array>): Promise<number[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return packetsIn(Buffer.concat(pieces)).map(({ number }) => number);
}

const alert = {
  run: 1,
  alert_id: 'abc',
  detector: 'scan.vertical',
  explain: 'x',
  first_ts: 5e6,
  last_ts: 9e6,
  flows: ['1:aaa', '1:bbb'],
  packets: [107, 119],
  sources: ['10.0.0.1'],
  targets: ['10.0.0.2', 'a name'],
};

describe('packets', () => {
  it('of a flow are those of its row', async () => {
    expect(await numbersOf(packetsOfFlow(folder, { ...flowRow(1, 2) }))).toEqual([101, 105, 109, 113, 117]);
    expect(await numbersOf(packetsOfFlow(folder, { ...flowRow(1, 2), end_ts: 9e6 }))).toEqual([101, 105, 109]);
    expect(await numbersOf(packetsOfFlows(folder, 2, [2, 3], { fromUs: 9e6, limit: 3 }))).toEqual([209, 210, 213]);
  });

  it('of an alert are those it numbers, and those of flows it names or that are between its ends', async () => {
    const asked: RowsRequest[] = [];
    const stream = await packetsOfAlert(folder, alert, historyOf([flowRow(1, 2)], asked));
    expect(await numbersOf(stream)).toEqual([101, 105, 107, 109, 113, 117, 119]);
    expect(asked.map(({ filter, fromUs, runs }) => [filter, fromUs, runs])).toEqual([
      ['community_id == "1:aaa" or community_id == "1:bbb"', 5e6, [1]],
      ['(ip.addr == 10.0.0.1) and (ip.addr == 10.0.0.2)', 5e6, [1]],
    ]);
  });

  it('of an alert leave out flows that began when it was over', async () => {
    const late = { ...flowRow(1, 2), start_ts: 10e6 };
    expect(await numbersOf(await packetsOfAlert(folder, alert, historyOf([late])))).toEqual([107]);
  });

  it('of a filter are those of the flows it finds, in the time that is asked for', async () => {
    const asked: RowsRequest[] = [];
    const scope = { filter: 'tcp', fromUs: 4e6, toUs: 12e6 };
    const stream = await packetsOfFilter(folder, scope, 2, historyOf([flowRow(1, 1), flowRow(2, 1)], asked));
    expect(await numbersOf(stream)).toEqual([104, 204]);
    expect(stream.counters).toMatchObject({ packets: 2, isCut: true });
    // Flows that end later may have packets before.
    expect(asked).toMatchObject([{ filter: 'tcp', fromUs: 4e6, table: 'flows' }]);
    expect(asked[0]).not.toHaveProperty('toUs');
  });

  it('of no filter are all of the runs that are meant', async () => {
    const counts = async (runs?: 'live' | 'files' | 'all' | readonly number[]): Promise<number> => {
      const scope = { fromUs: 3e6, toUs: 5e6, ...(runs === undefined ? {} : { runs }) };
      return (await numbersOf(await packetsOfFilter(folder, scope, undefined, historyOf([])))).length;
    };
    expect([await counts(), await counts('files'), await counts('all'), await counts([2])]).toEqual([2, 2, 4, 2]);
  });

  it('that are not left are said to be gone, before a byte is written', async () => {
    const gone: PacketStream = packetsOfFlows(folder, 1, [99], {});
    await expect(numbersOf(gone)).rejects.toMatchObject({ code: 'NO_SUCH_FILE' });
    await expect(numbersOf(packetsOfFlows('/nowhere', 1, [1], {}))).rejects.toMatchObject({ code: 'NO_SUCH_FILE' });
  });

  it('come to a server as it asks', async () => {
    const source = packetSource(folder, historyOf([flowRow(1, 2)]));
    const { signal } = new AbortController();
    expect(await numbersOf(source.find({ kind: 'flow', flow: { ...flowRow(1, 3) } }, signal))).toHaveLength(5);
    expect(await numbersOf(source.find({ kind: 'alert', alert }, signal))).toHaveLength(7);
    expect(
      await numbersOf(source.find({ kind: 'flow', flow: { ...flowRow(1, 3) } }, AbortSignal.abort())),
    ).toHaveLength(0);
  });

  it('row of a thing, or none', async () => {
    expect(await rowOf(historyOf([flowRow(1, 7)]), 'flows', 'flow.id == 7', [1])).toMatchObject({ flow_id: 7 });
    expect(await rowOf(historyOf([]), 'flows', 'flow.id == 7', [1])).toBeNull();
  });
});
