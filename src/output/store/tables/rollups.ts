// Rollups: sums of flows by second and minute. Rows are partial sums, so they are always read with sum() … GROUP BY.
// Engines fill them in the same transaction as the flows they sum up; their sums equal those of the flows.

import type { Column, Table } from './column.ts';

/** What a rollup is made of, without SQL, so that each engine can say it in its own words. */
export interface Rollup extends Table {
  /**
   * Length of a bucket in seconds; its time is that of flows' `end_ts`, rounded down.
   */
  readonly bucketSec: number;
  /**
   * `flow`: grouped by columns of a flow. `local host`: each flow counts for its originator where `direction` is 0 or
   * 1, and for its responder where it is 0 or 2; `fwd` is then what the host sent. `rtt`: flows with `rtt_us`, by
   * responder and `bucket` = least(255, floor(8 · ln(rtt_us))) (0 for 0).
   */
  readonly by: 'flow' | 'local host' | 'rtt';
}

export const isRollup = (table: Table): table is Rollup => 'bucketSec' in table;

const head: readonly Column[] = [
  { name: 'ts', kind: 'time', title: 'Beginning of the bucket' },
  { name: 'run', kind: 'u64', title: 'Run that saw it' },
  { name: 'sensor', kind: 'word', title: 'Sensor that saw it', filters: ['sensor'] },
];

const byFlow: readonly Column[] = [
  ...head,
  { name: 'proto', kind: 'u8', title: 'Number of the IP protocol', filters: ['proto', 'ip.proto'] },
  { name: 'app', kind: 'word', title: 'What it speaks', filters: ['app'] },
  // Flows that begin with this record: those with part = 0.
  { name: 'flows', kind: 'u64', title: 'Flows' },
  { name: 'records', kind: 'u64', title: 'Flow records' },
  { name: 'pkts', kind: 'u64', title: 'Packets' },
  { name: 'bytes_fwd', kind: 'u64', title: 'Bytes of originators' },
  { name: 'bytes_rev', kind: 'u64', title: 'Bytes of responders' },
  { name: 'repeated', kind: 'u64', title: 'TCP bytes sent again' },
];

const rollup = (
  name: string,
  title: string,
  bucketSec: number,
  by: Rollup['by'],
  columns: readonly Column[],
): Rollup => ({
  name,
  title,
  time: 'ts',
  keep: 'rollup',
  bucketSec,
  by,
  columns,
});

export const flowsBySecond = rollup('flows_1s', 'Traffic by second', 1, 'flow', byFlow);
export const flowsByMinute = rollup('flows_1m', 'Traffic by minute', 60, 'flow', byFlow);
export const hostsByMinute = rollup('hosts_1m', 'Local hosts by minute', 60, 'local host', [
  ...head,
  { name: 'ip', kind: 'address', title: 'Host', filters: ['ip.addr', 'ip', 'host'] },
  { name: 'flows_out', kind: 'u64', title: 'Flows it opened' },
  { name: 'flows_in', kind: 'u64', title: 'Flows to it' },
  { name: 'pkts', kind: 'u64', title: 'Packets, both ways' },
  { name: 'bytes_tx', kind: 'u64', title: 'Bytes it sent' },
  { name: 'bytes_rx', kind: 'u64', title: 'Bytes to it' },
  { name: 'repeated', kind: 'u64', title: 'TCP bytes it sent again' },
]);
export const rttByMinute = rollup('rtt_1m', 'Handshakes by server and minute', 60, 'rtt', [
  ...head,
  { name: 'server', kind: 'address', title: 'Server', filters: ['ip.dst', 'dst'] },
  { name: 'bucket', kind: 'u8', title: 'floor(8 · ln(microseconds))' },
  { name: 'count', kind: 'u64', title: 'Handshakes' },
]);

export const rollups: readonly Rollup[] = [flowsBySecond, flowsByMinute, hostsByMinute, rttByMinute];
