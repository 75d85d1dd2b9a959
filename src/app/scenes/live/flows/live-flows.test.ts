// Proves that live flows are what a plain model of them is, whatever comes in which order: one row each, counters added
// up over records, the bound kept, those that are over giving way first; and that rates and windows are as they say.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Flow, flowEnd } from '../../../../core/index.ts';
import {
  type Batch,
  batchOfRows,
  FactBatches,
  flows as flowsTable,
  type Value,
} from '../../../../output/store/index.ts';
import { type FlowSurroundings, LiveFlows } from './live-flows.ts';

const place = { run: 7, sensor: 'box' };

function flowOf(id: number, given: Partial<Flow> = {}): Flow {
  const flow = new Flow();
  return Object.assign(flow, { id, proto: 6, o0: 0x0a000000 + id, r0: 0x5db8d822, oPort: 40_000, rPort: 443 }, given);
}

const around = (counted: FlowSurroundings['counted'] = () => {}): FlowSurroundings => ({
  interfaceName: () => 'eth0',
  counted,
  nameOf: () => '',
  locate: () => {},
});

function recordsOf(list: readonly Flow[]): Batch {
  const facts = new FactBatches(place);
  for (const flow of list) facts.flow(flow, 'eth0');
  return facts.take(1)[0];
}

/** Rows by flow, newest first. */
function rowsOf(live: LiveFlows, columns: readonly string[], filter = ''): Value[][] {
  const count = Math.max(1, live.kept);
  return live.windows.window(filter, null, { from: 0, count, columns }).rows as Value[][];
}

/** What a flow does in a step. */
const step = fc.record({
  id: fc.integer({ min: 1, max: 12 }),
  bytes: fc.nat(1000),
  act: fc.constantFrom('open', 'open', 'open', 'part', 'end'),
});

/** Each flow's records are numbered; what is told of an open one are the bytes of the record under way. */
class Model {
  readonly flows = new Map<number, { part: number; now: number; before: number; isOpen: boolean }>();

  of(id: number) {
    const known = this.flows.get(id) ?? { part: 0, now: 0, before: 0, isOpen: true };
    this.flows.set(id, known);
    return known;
  }
}

describe('live flows', () => {
  it('are what a plain model has, while all of them find room', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), fc.boolean(), (steps, isLate) => {
        let total = 0;
        const live = new LiveFlows(
          100,
          [],
          around((_slots, _slot, added) => (total += added[2])),
          () => 0,
        );
        const model = new Model();
        const waiting: Batch[] = [];
        for (const { id, bytes, act } of steps) {
          const flow = model.of(id);
          if (!flow.isOpen) continue;
          flow.now += bytes;
          const told = flowOf(id, { part: flow.part, oBytes: flow.now, firstUs: 1e6, lastUs: 2e6, end: flowEnd.open });
          if (act === 'open') live.open(told);
          else {
            told.end = act === 'end' ? flowEnd.fin : flowEnd.activeTimeout;
            waiting.push(recordsOf([told]));
            flow.isOpen = act !== 'end';
            flow.before += flow.now;
            flow.now = 0;
            flow.part++;
          }
          // Records wait for their batch, while open flows are told at once.
          if (!isLate || waiting.length > 3) for (const batch of waiting.splice(0)) live.records(batch);
        }
        for (const batch of waiting) live.records(batch);
        for (const [id, flow] of model.flows)
          if (flow.isOpen && flow.now > 0) live.open(flowOf(id, { part: flow.part, oBytes: flow.now, lastUs: 2e6 }));
        const seen = new Map(rowsOf(live, ['flow_id', 'bytes_fwd', 'is_open']).map(([id, ...rest]) => [id, rest]));
        for (const [id, { before, now, isOpen }] of model.flows) {
          if (before + now === 0 && !seen.has(id)) continue;
          expect(seen.get(id), `flow ${id}`).toEqual([before + now, isOpen]);
        }
        expect(total).toBe([...model.flows.values()].reduce((sum, { before, now }) => sum + before + now, 0));
      }),
      { numRuns: 200 },
    );
  });

  it('keep to their bound: those that are over give way first, the oldest first', () => {
    let nowMs = 0;
    const live = new LiveFlows(4, [], around(), () => (nowMs += 2000));
    for (const id of [1, 2, 3, 4]) live.open(flowOf(id, { lastUs: id }));
    live.records(recordsOf([flowOf(3, { end: flowEnd.fin }), flowOf(2, { end: flowEnd.rst })]));
    live.open(flowOf(5));
    live.open(flowOf(6));
    expect(rowsOf(live, ['flow_id']).flat()).toEqual([6, 5, 4, 1]);
    // Where none is over, the one that began first.
    live.open(flowOf(7));
    expect(rowsOf(live, ['flow_id']).flat()).toEqual([7, 6, 5, 4]);
    expect([live.kept, live.forgotten, live.capacity]).toEqual([4, 3, 4]);
  });

  it('do not come back once they gave way, until they are over, and are counted once', () => {
    let total = 0;
    const live = new LiveFlows(
      1,
      [],
      around((_slots, _slot, added) => (total += added[2])),
    );
    live.open(flowOf(1, { oBytes: 100 }));
    live.open(flowOf(2, { oBytes: 10 }));
    live.open(flowOf(1, { oBytes: 150 }));
    live.records(
      recordsOf([flowOf(2, { oBytes: 10, end: flowEnd.fin }), flowOf(1, { oBytes: 200, end: flowEnd.fin })]),
    );
    expect(live.find(7, 1)).toBeGreaterThanOrEqual(0);
    expect(total).toBe(110);
  });

  it('tell rates since the update before, and none of flows that are silent or over', () => {
    const live = new LiveFlows(10, [], around(), () => 0);
    const rates = (): Value[][] =>
      live.columns.filter(({ name }) => name.startsWith('rate')).map(({ read }) => [read(live.find(0, 1))]);
    live.open(flowOf(1, { firstUs: 1e6, lastUs: 2e6, oBytes: 1000, rBytes: 500 }));
    expect(rates()).toEqual([[1000], [500]]);
    live.open(flowOf(1, { firstUs: 1e6, lastUs: 4e6, oBytes: 5000, rBytes: 500 }));
    expect(rates()).toEqual([[2000], [0]]);
    live.clock(6.9e6);
    expect(rates()).toEqual([[2000], [0]]);
    live.clock(7.1e6);
    expect(rates()).toEqual([[0], [0]]);
    live.open(flowOf(1, { firstUs: 1e6, lastUs: 8e6, oBytes: 9000, rBytes: 500 }));
    live.records(recordsOf([flowOf(1, { oBytes: 9000, end: flowEnd.fin })]));
    expect(rates()).toEqual([[0], [0]]);
  });

  it('hold an order for a second, so that pages fit, and show the values of now', () => {
    let nowMs = 0;
    const live = new LiveFlows(100, [], around(), () => nowMs);
    for (let id = 1; id <= 10; id++) live.open(flowOf(id, { oBytes: id }));
    const sort = { column: 'bytes', descending: true };
    const page = (from: number): Value[] =>
      live.windows.window('', null, { from, count: 5, sort, columns: ['flow_id'] }).rows.flat();
    expect(page(0)).toEqual([10, 9, 8, 7, 6]);
    live.open(flowOf(1, { oBytes: 100 }));
    nowMs = 900;
    expect(page(5)).toEqual([5, 4, 3, 2, 1]);
    nowMs = 1001;
    expect(page(0)).toEqual([1, 10, 9, 8, 7]);
  });

  it('ask a filter again only of rows that have changed', async () => {
    let asked = 0;
    let nowMs = 0;
    const live = new LiveFlows(1000, [], around(), () => nowMs);
    for (let id = 1; id <= 300; id++) live.open(flowOf(id, { oBytes: id }));
    const matcher = (read: (name: string) => unknown): boolean => {
      asked++;
      return Number(read('bytes')) > 290;
    };
    const total = (): number => live.windows.window('x', matcher, { from: 0, count: 1 }).total;
    await live.windows.prepare('x', matcher);
    expect([total(), asked]).toEqual([10, 300]);
    live.open(flowOf(1, { oBytes: 1000 }));
    nowMs = 2000;
    expect([total(), asked]).toEqual([11, 301]);
  });

  it('refuse columns that are not there, and sorted windows that reach too deep', () => {
    const live = new LiveFlows(10, [], around());
    live.records(batchOfRows(flowsTable, []));
    expect(() => live.windows.window('', null, { from: 0, count: 1, columns: ['nope'] })).toThrow(
      "no live column 'nope'",
    );
    const sort = { column: 'bytes', descending: true };
    expect(() => live.windows.window('', null, { from: 9_900, count: 200, sort })).toThrow('ends at row 10000');
  });
});
