// What flows are added up to, as SQL over flows or over the partial sums of a rollup.

import type { Measure } from '../../history.ts';
import type { ColumnKind } from '../../tables/column.ts';
import type { Speech } from '../statement/speech.ts';

/** Columns that measures are made of, as flows have them: of the originator, and of the responder where it counts as the one. */
export const measuredColumns: readonly (readonly [name: string, flow: string, turned: string])[] = [
  ['m_flows', 'CASE WHEN "part" = 0 THEN 1 ELSE 0 END', 'CASE WHEN "part" = 0 THEN 1 ELSE 0 END'],
  ['m_pkts', '"pkts_fwd" + "pkts_rev"', '"pkts_fwd" + "pkts_rev"'],
  ['m_fwd', '"bytes_fwd"', '"bytes_rev"'],
  ['m_rev', '"bytes_rev"', '"bytes_fwd"'],
  ['m_repeated', '"repeated_fwd" + "repeated_rev"', '"repeated_fwd" + "repeated_rev"'],
  ['m_duration', '"duration_us"', '"duration_us"'],
  ['m_rtt', '"rtt_us"', '"rtt_us"'],
  ['m_response', '"response_us"', '"response_us"'],
];

export const measureKinds: Readonly<Record<Measure, ColumnKind>> = {
  flows: 'u64',
  packets: 'u64',
  bytes: 'u64',
  bytes_fwd: 'u64',
  bytes_rev: 'u64',
  repeated: 'u64',
  hosts: 'u64',
  duration_mean: 'real',
  rtt_p50: 'real',
  rtt_p95: 'real',
  rtt_p99: 'real',
  response_p95: 'real',
};

/** Shares of the percentiles of handshakes. */
export const rttShares: Readonly<Partial<Record<Measure, number>>> = { rtt_p50: 0.5, rtt_p95: 0.95, rtt_p99: 0.99 };

/**
 * A measure over columns called as above.
 *
 * @param only condition for rows that count; those that it leaves out stand for the other address of a flow
 */
export function measureSql(measure: Measure, speech: Speech, only?: string): string {
  switch (measure) {
    case 'flows':
      return speech.total('"m_flows"', only);
    case 'packets':
      return speech.total('"m_pkts"', only);
    case 'bytes':
      return speech.total('"m_fwd" + "m_rev"', only);
    case 'bytes_fwd':
      return speech.total('"m_fwd"', only);
    case 'bytes_rev':
      return speech.total('"m_rev"', only);
    case 'repeated':
      return speech.total('"m_repeated"', only);
    case 'hosts':
      return 'count(DISTINCT "m_peer")';
    case 'duration_mean':
      return `avg("m_duration")${only === undefined ? '' : ` FILTER (WHERE ${only})`}`;
    case 'response_p95':
      return speech.percentile('"m_response"', 0.95, only);
    default:
      return speech.percentile('"m_rtt"', rttShares[measure] ?? 0.5, only);
  }
}
