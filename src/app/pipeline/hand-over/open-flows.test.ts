// Proves that open flows are told in turn, within the budget, again only when they have more packets, and that what found
// no room is not lost.

import { describe, expect, it } from 'vitest';
import * as row from '../../../analysis/flows/flow-row.ts';
import { OpenFlows } from './open-flows.ts';

const capacity = 16;

/** Rows of a flow table with so many open flows. */
function tableOf(flows: number) {
  const memory = new ArrayBuffer(capacity * row.ROW_WORDS * 4);
  const table = { words: new Int32Array(memory), doubles: new Float64Array(memory), capacity, highWater: flows };
  const open = (r: number, firstUs: number): void => {
    table.words.fill(0, r * row.ROW_WORDS, (r + 1) * row.ROW_WORDS);
    table.words[r * row.ROW_WORDS + row.W_STATE] = row.STATE_USED;
    table.doubles[r * row.ROW_DOUBLES + row.D_FIRST_US] = firstUs;
    packet(r, 0);
  };
  const packet = (r: number, dir: number): void => {
    table.words[r * row.ROW_WORDS + row.W_PACKETS + dir]++;
  };
  for (let r = 0; r < flows; r++) open(r, 1e15 + r);
  return { table, open, packet };
}

/** Rows told in one turn; `room` for so many. */
function turn(flows: OpenFlows, room = capacity): number[] {
  const rows: number[] = [];
  flows.tell((r) => rows.length < room && rows.push(r) > 0);
  return rows;
}

describe('OpenFlows', () => {
  it('goes round, the budget at a time', () => {
    const { table, packet } = tableOf(5);
    const flows = new OpenFlows(table, 2);
    expect([turn(flows), turn(flows), turn(flows), turn(flows)]).toEqual([[0, 1], [2, 3], [4], []]);
    for (let r = 0; r < 5; r++) packet(r, 1);
    // The last turn had gone round to the row before the fourth.
    expect([turn(flows), turn(flows), turn(flows)]).toEqual([[4, 0], [1, 2], [3]]);
  });

  it('tells again only what has more packets, and goes on behind it', () => {
    const { table, packet } = tableOf(5);
    const flows = new OpenFlows(table, 9);
    expect(turn(flows)).toEqual([0, 1, 2, 3, 4]);
    packet(3, 0);
    expect([turn(flows), turn(flows)]).toEqual([[3], []]);
  });

  it('begins the next time with the row that found no room', () => {
    const { table } = tableOf(4);
    const flows = new OpenFlows(table, 9);
    expect([turn(flows, 1), turn(flows, 2), turn(flows), turn(flows)]).toEqual([[0], [1, 2], [3], []]);
  });

  it('tells the next flow of a row though it has as many packets, and nothing of rows whose record was written', () => {
    const { table, open } = tableOf(3);
    const flows = new OpenFlows(table, 9);
    turn(flows);
    open(1, 2e15);
    table.words[2 * row.ROW_WORDS + row.W_STATE] |= row.STATE_DORMANT;
    table.words[2 * row.ROW_WORDS + row.W_PACKETS] = 99;
    expect(turn(flows)).toEqual([1]);
  });
});
