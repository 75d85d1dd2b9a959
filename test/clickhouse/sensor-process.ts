// A sensor as a process of its own, to be killed: writes batches and says which ones are safe.
//
//   node sensor-process.mjs URL SENSOR SPOOL_FOLDER FIRST_BATCH ROWS PAUSE_MS
//
// `try N` before a batch is written, `done N` once it is taken; ends when its standard input does, after all is sent.
import { openClickhouse } from '../../src/output/store/clickhouse/index.ts';
import { flows, rollups, runs } from '../../src/output/store/index.ts';
import { flowBatch } from './made-rows.ts';

const [url, sensor, spoolFolder, first, rows, pauseMs] = process.argv.slice(2);
let isEnding = false;
process.stdin.resume().on('end', () => {
  isEnding = true;
});
const dayUs = 86_400e6;
const fromUs = Date.UTC(2026, 0, 15, 23, 59) * 1000;
const store = await openClickhouse({ url, tables: [flows, runs, ...rollups], sensor, spoolFolder, closeMs: 30_000 });
for (let batch = Number(first); !isEnding; batch++) {
  process.stdout.write(`try ${batch}\n`);
  const count = Number(rows);
  // Every third batch is of two days, so of two parts in each table.
  const half = batch % 3 === 0 ? Math.ceil(count / 2) : count;
  const made = { run: batch, sensor, firstId: batch * count };
  const batches = [flowBatch(half, { ...made, fromUs: fromUs + batch * 1e6 })];
  if (half < count)
    batches.push(flowBatch(count - half, { ...made, firstId: made.firstId + half, fromUs: fromUs - dayUs }));
  await store.write(batches);
  process.stdout.write(`done ${batch}\n`);
  await new Promise((done) => setTimeout(done, Number(pauseMs)));
}
await store.close();
process.stdout.write(`left ${store.waiting().waitingRows}\n`);
