// What adds flows up into each rollup, in ClickHouse's words; see tables/rollups.ts for what the columns mean.

import type { Rollup } from '../../tables/index.ts';

/** Beginning of the bucket, exact for any time that 64 bits can hold. */
const bucketTime = (seconds: number): string =>
  `fromUnixTimestamp64Micro(intDiv(toUnixTimestamp64Micro(\`end_ts\`), ${seconds}000000) * ${seconds}000000, 'UTC')`;

const keptMost = 'max(`kept_from`) AS `kept_from`';

function flowQuery(table: Rollup, source: string): string {
  return (
    `SELECT ${bucketTime(table.bucketSec)} AS \`ts\`, \`run\`, \`sensor\`, \`proto\`, \`app\`, ` +
    'countIf(`part` = 0) AS `flows`, count() AS `records`, sum(`pkts_fwd` + `pkts_rev`) AS `pkts`, ' +
    `sum(f.bytes_fwd) AS \`bytes_fwd\`, sum(f.bytes_rev) AS \`bytes_rev\`, ` +
    `sum(\`repeated_fwd\` + \`repeated_rev\`) AS \`repeated\`, ${keptMost} ` +
    `FROM \`${source}\` AS f GROUP BY \`ts\`, \`run\`, \`sensor\`, \`proto\`, \`app\``
  );
}

/** Each flow stands once for every side that is in the networks of the house. */
function hostQuery(table: Rollup, source: string): string {
  const sides =
    'arrayFilter(each -> each.1, [' +
    '(`direction` IN (0, 1), `src_ip`, 1, `bytes_fwd`, `bytes_rev`, `repeated_fwd`), ' +
    '(`direction` IN (0, 2), `dst_ip`, 0, `bytes_rev`, `bytes_fwd`, `repeated_rev`)])';
  return (
    `SELECT ${bucketTime(table.bucketSec)} AS \`ts\`, \`run\`, \`sensor\`, side.2 AS \`ip\`, ` +
    'countIf(side.3 = 1 AND `part` = 0) AS `flows_out`, countIf(side.3 = 0 AND `part` = 0) AS `flows_in`, ' +
    'sum(`pkts_fwd` + `pkts_rev`) AS `pkts`, sum(side.4) AS `bytes_tx`, sum(side.5) AS `bytes_rx`, ' +
    `sum(side.6) AS \`repeated\`, ${keptMost} ` +
    `FROM \`${source}\` ARRAY JOIN ${sides} AS side GROUP BY \`ts\`, \`run\`, \`sensor\`, \`ip\``
  );
}

function rttQuery(table: Rollup, source: string): string {
  // The logarithm of 0 has no floor.
  const bucket = 'toUInt8(if(rtt = 0, 0, least(255, floor(8 * log(rtt)))))';
  return (
    `SELECT ${bucketTime(table.bucketSec)} AS \`ts\`, \`run\`, \`sensor\`, \`dst_ip\` AS \`server\`, ` +
    `${bucket.replaceAll('rtt', 'assumeNotNull(`rtt_us`)')} AS \`bucket\`, count() AS \`count\`, ${keptMost} ` +
    `FROM \`${source}\` WHERE \`rtt_us\` IS NOT NULL GROUP BY \`ts\`, \`run\`, \`sensor\`, \`server\`, \`bucket\``
  );
}

/** Sums of the flows in a block that comes in. @param source table of one shard that holds flows */
export function viewQuery(table: Rollup, source: string): string {
  switch (table.by) {
    case 'flow':
      return flowQuery(table, source);
    case 'local host':
      return hostQuery(table, source);
    case 'rtt':
      return rttQuery(table, source);
  }
}
