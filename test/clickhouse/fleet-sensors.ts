// Many sensors in one process, each with its own spool, and a steady number of flows a second: for bench/fleet.mjs.
//
//   node fleet-sensors.mjs URL FOLDER FIRST_SENSOR SENSORS FLOWS_A_SECOND SECONDS
//
// Says in the end, as JSON: rows written, CPU seconds (making the flows apart), seconds until the servers had all.
import { join } from 'node:path';
import { openClickhouse } from '../../src/output/store/clickhouse/index.ts';
import { flows, rollups, runs } from '../../src/output/store/index.ts';
import { flowBatch } from './made-rows.ts';

const [url, folder, ...numbers] = process.argv.slice(2);
const [first, count, perSecond, seconds] = numbers.map(Number);
const tables = [flows, runs, ...rollups];
const names = Array.from({ length: count }, (_, i) => `sensor-${String(first + i).padStart(4, '0')}`);
const stores = await Promise.all(
  names.map((sensor) =>
    openClickhouse({
      url,
      tables,
      sensor,
      spoolFolder: join(folder, sensor),
      closeMs: 120_000,
      trouble: console.error,
    }),
  ),
);
const cpuSec = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
// One batch for all: what differs is set by hand, so that making flows costs next to nothing.
const batch = flowBatch(perSecond, { fromUs: Date.now() * 1000 });
const wordAt = flows.columns.findIndex(({ name }) => name === 'sensor');
const runAt = flows.columns.findIndex(({ name }) => name === 'run');
const idAt = flows.columns.findIndex(({ name }) => name === 'flow_id');
const endAt = flows.columns.findIndex(({ name }) => name === 'end_ts');

function batchFor(sensor: string, run: number, second: number): typeof batch {
  const columns = [...batch.columns];
  columns[wordAt] = { shape: 'word', words: [sensor], indexes: new Uint32Array(perSecond) };
  const fill = (at: number, value: (row: number) => number): void => {
    const values = new BigUint64Array(perSecond);
    for (let row = 0; row < perSecond; row++) values[row] = BigInt(value(row));
    columns[at] = { shape: 'fixed', values: new Uint8Array(values.buffer), missing: null };
  };
  fill(runAt, () => run);
  fill(idAt, (row) => second * perSecond + row + 1);
  const now = Date.now() * 1000;
  fill(endAt, (row) => now + row);
  return { ...batch, columns };
}

let rows = 0;
let makingSec = 0;
const cpuBefore = cpuSec();
const began = performance.now();
for (let second = 0; second < seconds; second++) {
  await Promise.all(
    stores.map(async (store, i) => {
      // Sensors do not write at the same moment.
      await new Promise((done) => setTimeout(done, began + (second + i / count) * 1000 - performance.now()));
      const before = cpuSec();
      const own = batchFor(names[i], first + i + 1, second);
      makingSec += cpuSec() - before;
      await store.write([own]);
      rows += perSecond;
    }),
  );
}
const wroteSec = (performance.now() - began) / 1000;
await Promise.all(stores.map((store) => store.flush(120_000)));
const takenSec = (performance.now() - began) / 1000;
const spentSec = cpuSec() - cpuBefore - makingSec;
const left = stores.reduce((sum, store) => sum + store.waiting().waitingRows, 0);
const dropped = stores.reduce((sum, store) => sum + store.waiting().droppedRows, 0);
await Promise.all(stores.map((store) => store.close()));
process.stdout.write(`${JSON.stringify({ rows, left, dropped, cpuSec: spentSec, wroteSec, takenSec })}\n`);
