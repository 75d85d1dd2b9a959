// Columns of a batch of flows that rollups are made from, as arrays of numbers.

import type { Batch, FixedData, WordData } from '../../batches/batch.ts';
import { columnOf, type Table } from '../../tables/column.ts';

/** 32-bit words of a column of 8- or 16-byte values; copied only where it lies crooked. */
function words(values: Uint8Array): Uint32Array {
  const bytes = values.byteOffset % 4 === 0 ? values : values.slice();
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >>> 2);
}

/** Numbers of the words of a column in a list that all batches of one write share. */
export class SharedWords {
  readonly words: string[] = [];
  readonly #places = new Map<string, number>();

  place(word: string): number {
    let place = this.#places.get(word);
    if (place === undefined) {
      place = this.words.push(word) - 1;
      this.#places.set(word, place);
    }
    return place;
  }

  /** By row. A word column may also have come as text. */
  placesOf(data: Batch['columns'][number], rows: number): Uint32Array {
    const places = new Uint32Array(rows);
    if (data.shape === 'word') {
      const { indexes } = data;
      const byIndex = (data as WordData).words.map((word) => this.place(word));
      for (let row = 0; row < rows; row++) places[row] = byIndex[indexes[row]];
    } else if (data.shape === 'text') {
      const decoder = new TextDecoder();
      for (let row = 0, start = 0; row < rows; row++) {
        places[row] = this.place(decoder.decode(data.bytes.subarray(start, data.ends[row])));
        start = data.ends[row];
      }
    }
    return places;
  }
}

export interface FlowColumns {
  readonly rows: number;
  /** Microseconds since the epoch. */
  readonly endUs: Float64Array;
  /** Two words a row. */
  readonly run: Uint32Array;
  readonly sensor: Uint32Array;
  readonly proto: Uint8Array;
  readonly app: Uint32Array;
  readonly isFirst: Uint8Array;
  readonly direction: Uint8Array;
  /** Four words a row. */
  readonly srcIp: Uint32Array;
  readonly dstIp: Uint32Array;
  readonly pkts: Float64Array;
  readonly bytesFwd: Float64Array;
  readonly bytesRev: Float64Array;
  readonly repeatedFwd: Float64Array;
  readonly repeatedRev: Float64Array;
  readonly rttUs: Uint32Array;
  readonly hasNoRtt: Uint8Array | null;
}

export function flowColumns(flows: Table, batch: Batch, sensors: SharedWords, apps: SharedWords): FlowColumns {
  const { rows } = batch;
  const column = (name: string): Batch['columns'][number] =>
    batch.columns[flows.columns.indexOf(columnOf(flows, name))];
  const values = (name: string): Uint8Array => (column(name) as FixedData).values;
  const numbers = (name: string): Float64Array => doubles(words(values(name)), rows);
  const pkts = numbers('pkts_fwd');
  const pktsRev = numbers('pkts_rev');
  for (let row = 0; row < rows; row++) pkts[row] += pktsRev[row];
  const part = values('part');
  const isFirst = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) isFirst[row] = part[2 * row] === 0 && part[2 * row + 1] === 0 ? 1 : 0;
  return {
    rows,
    endUs: numbers('end_ts'),
    run: words(values('run')),
    sensor: sensors.placesOf(column('sensor'), rows),
    proto: values('proto'),
    app: apps.placesOf(column('app'), rows),
    isFirst,
    direction: values('direction'),
    srcIp: words(values('src_ip')),
    dstIp: words(values('dst_ip')),
    pkts,
    bytesFwd: numbers('bytes_fwd'),
    bytesRev: numbers('bytes_rev'),
    repeatedFwd: numbers('repeated_fwd'),
    repeatedRev: numbers('repeated_rev'),
    rttUs: words(values('rtt_us')),
    hasNoRtt: (column('rtt_us') as FixedData).missing,
  };
}

/** 64-bit integers up to 2^53 as doubles; the upper half is taken as signed, for times before 1970. */
function doubles(pairs: Uint32Array, rows: number): Float64Array {
  const numbers = new Float64Array(rows);
  for (let row = 0; row < rows; row++) numbers[row] = pairs[2 * row] + (pairs[2 * row + 1] | 0) * 4294967296;
  return numbers;
}
