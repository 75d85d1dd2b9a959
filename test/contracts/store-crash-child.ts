// A program that writes to a store until it is killed, or until the disk is full: a line on standard output for every
// batch that was taken. Arguments: folder, number of the first batch.

import { openDuckdb } from '../../src/output/store/duckdb/index.ts';
import { flows } from '../../src/output/store/index.ts';
import { batchOf } from './batch-of.ts';
import { crashRows, rowsPerBatch } from './store-crash.ts';
import { contractTables } from './store-tables.ts';

const [folder, first] = process.argv.slice(2);
const store = await openDuckdb({ folder, tables: contractTables });
// Made once: making them takes longer than writing.
const pieces = [0, 1, 2, 3].map((i) => batchOf(flows, crashRows(i)));
process.stdout.write('open\n');
for (let number = Number(first); ; number++) {
  const batch = pieces[number % pieces.length];
  const ids = new BigUint64Array(batch.rows).map((_, row) => BigInt(rowsPerBatch * number + row));
  const columns = [...batch.columns];
  columns[flows.columns.findIndex(({ name }) => name === 'flow_id')] = {
    shape: 'fixed',
    values: new Uint8Array(ids.buffer),
    missing: null,
  };
  try {
    await store.write([{ ...batch, columns }]);
  } catch (error) {
    const answered = await store.select({ sql: 'SELECT count(*) FROM flows', params: [] }).then(
      ({ rows }) => String(rows[0][0]),
      (failure: { code: string; message: string }) => `${failure.code} ${failure.message}`,
    );
    process.stdout.write(`failed ${(error as { code: string }).code} ${(error as Error).message} then ${answered}\n`);
    await store.close();
    break;
  }
  process.stdout.write(`${number}\n`);
}
