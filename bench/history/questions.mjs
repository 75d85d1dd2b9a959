// The questions that history has to answer quickly, over the last of the flows that were made.

/** @typedef {{ kind: string, value: unknown }} Param */

const us = (/** @type {number} */ value) => ({ kind: 'time', value: Math.floor(value) });

/** 10.1.77.5: host 333 of the flows that are made. */
const host = { kind: 'address', value: Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 1, 77, 5]) };

/**
 * @param {number} fromUs time of the first flow
 * @param {number} toUs time of the last
 * @returns {{ name: string, goalMs: number, sql: string, params: Param[] }[]}
 */
export function questions(fromUs, toUs) {
  const hour = [us(Math.max(fromUs, toUs - 3600e6)), us(toUs + 1)];
  const quarter = [us(Math.max(fromUs, toUs - 900e6)), us(toUs + 1)];
  const within = (/** @type {string} */ column) => `${column} >= $1 AND ${column} < $2`;
  return [
    {
      name: 'top talkers, 1 h',
      goalMs: 60,
      sql: `SELECT src_ip, sum(bytes_fwd + bytes_rev) AS bytes FROM flows WHERE ${within('end_ts')}
        GROUP BY src_ip ORDER BY bytes DESC LIMIT 20`,
      params: hour,
    },
    {
      name: 'top local hosts, 1 h, from the rollup',
      goalMs: 60,
      sql: `SELECT ip, sum(bytes_tx + bytes_rx) AS bytes FROM hosts_1m WHERE ${within('ts')}
        GROUP BY ip ORDER BY bytes DESC LIMIT 20`,
      params: hour,
    },
    {
      name: 'bytes by second and protocol, 15 min',
      goalMs: 60,
      sql: `SELECT ts, proto, sum(bytes_fwd + bytes_rev) FROM flows_1s WHERE ${within('ts')} GROUP BY ts, proto ORDER BY ts`,
      params: quarter,
    },
    {
      name: 'bytes by minute and application, all',
      goalMs: 60,
      sql: 'SELECT ts, app, sum(bytes_fwd + bytes_rev) FROM flows_1m GROUP BY ts, app ORDER BY ts',
      params: [],
    },
    {
      name: 'host, port and time: page of 100',
      goalMs: 60,
      sql: `SELECT * FROM flows WHERE ${within('end_ts')} AND (src_ip = $3 OR dst_ip = $3) AND dst_port = 443
        ORDER BY end_ts DESC LIMIT 100`,
      params: [...hour, host],
    },
    {
      name: 'substring of names, all: page of 100',
      goalMs: 250,
      sql: 'SELECT end_ts, src_ip, dst_ip, host FROM flows WHERE contains(host, $1) ORDER BY end_ts DESC LIMIT 100',
      params: [{ kind: 'text', value: 'badexample' }],
    },
    {
      name: 'p95 of handshakes by minute, 1 h',
      goalMs: 250,
      sql: `SELECT time_bucket(INTERVAL 1 MINUTE, end_ts) AS minute, quantile_cont(rtt_us, 0.95) FROM flows
        WHERE ${within('end_ts')} AND rtt_us IS NOT NULL GROUP BY minute ORDER BY minute`,
      params: hour,
    },
    {
      name: 'histogram of handshakes by minute, 1 h, from the rollup',
      goalMs: 250,
      sql: `SELECT ts, bucket, sum(count) FROM rtt_1m WHERE ${within('ts')} GROUP BY ts, bucket ORDER BY ts, bucket`,
      params: hour,
    },
    { name: 'first page of flows', goalMs: 100, sql: 'SELECT * FROM flows ORDER BY end_ts DESC LIMIT 100', params: [] },
  ];
}
