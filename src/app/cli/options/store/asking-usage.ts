// How questions to a store are written.

import type { CommandName } from '../option-spec.ts';
import type { asking } from './asking-options.ts';

/** `alerts` has its words with the other commands about alerts. */
type Asking = Exclude<(typeof asking)[number], 'alerts'>;

export const askingUsage = {
  report: `Usage: taplight report -r FILE… [-o report.html] [--redact]
       taplight report [--store PLACE] [--from TIME] [--to TIME] [-o report.html] [--redact]
       taplight report -r incident.pcapng --redact -o for-the-vendor.html

One page that opens in any browser without a network: alerts with what they rest on, protocols, hosts, latency, the
largest flows, and whether the capture is complete. With --redact without addresses and names.
`,
  rows: `Usage: taplight TABLE ["FILTER"] [--from TIME] [--to TIME] [--sort COLUMNS] [--limit N] [--format HOW]
       taplight flows "tls && bytes > 1 MB" --from "2 hours ago"
       taplight dns "dns.qry.name contains update" --sort ts:desc --format csv

TABLE is flows, hosts, names, an event (dns, tls, http, ssh, files …) or a rollup (flows_1m, hosts_1m …).
`,
  top: `Usage: taplight top BY[,BY] ["FILTER"] [--measures LIST] [--from TIME] [--to TIME] [--limit N]
       taplight top ip --from today
       taplight top dst_ip,app "sensor == office" --measures bytes,rtt_p95

BY is a column of flows, or ip (either side), port (the responder's), conversation (both addresses). Measures: flows,
packets, bytes, bytes_fwd, bytes_rev, repeated, hosts, duration_mean, rtt_p50, rtt_p95, rtt_p99, response_p95.
`,
  series: `Usage: taplight series [MEASURE[,MEASURE]] ["FILTER"] [--by COLUMN] [--step DUR] [--from TIME] [--to TIME]
       taplight series bytes --by app --from yesterday --to yesterday --step 10m

Sums over time; measures are those of \`taplight top\`, bytes when left out.
`,
  query: `Usage: taplight query "SQL" [--timeout DUR] [--memory SIZE] [--format HOW]
       taplight query "SELECT app, sum(bytes_fwd) AS bytes FROM flows GROUP BY app ORDER BY bytes DESC"

Read-only, in the SQL of the store (DuckDB's or ClickHouse's). Ctrl+C stops it in the engine.
`,
  diff: `Usage: taplight diff BEFORE AFTER [--store PLACE]
       taplight diff monday.pcap tuesday.pcap
       taplight diff yesterday today
       taplight diff "2026-11-20 08:00..2026-11-20 10:00" "2026-11-21 08:00..2026-11-21 10:00"

What is new, gone and changed: hosts, names, JA4s, ports, services, applications, volume, latency, alerts. Each is
a capture file, a time or a range FROM..TO, or the number of a run; files are read for this question only.
`,
  packets: `Usage: taplight packets ["FILTER"] [--from TIME] [--to TIME] [--limit N] -w FILE.pcapng
       taplight packets --alert ID -w FILE.pcapng
       taplight packets --flow RUN:ID -w - | tshark -r -

Packets that were kept with --keep-packets, of the flows that the filter finds; without a filter all of them.
`,
  sensors: 'Usage: taplight sensors [--store PLACE] [--format HOW]\n\nHow each sensor was when it was last heard of.\n',
  runs: 'Usage: taplight runs [--store PLACE] [--format HOW]\n\nWhat was captured and imported, the latest first.\n',
  store: `Usage: taplight store info [--json]
       taplight store export DIR          all tables as Parquet files
       taplight store import DIR          what such files have and the store has not
       taplight store forget RUN…         delete runs
`,
} as const satisfies Record<Asking, string> & Partial<Record<CommandName, string>>;
