// How long names take: answers of DNS by server, out of the newest rows.

import type { Row } from '../../../api/index.ts';
import { counted, formatCount, formatDuration, formatPercent } from '../../../present/index.ts';
import type { ViewProps } from '../../shell/screen.ts';
import { namedRows, numberOf, textOf, useRows } from '../pieces/asked-rows.ts';
import { Empty, Panel, SmallTable, Term } from '../pieces/pieces.tsx';
import { quantile } from '../protocols/field-sums.ts';

const newestRows = 1000;
const everyMs = 5000;

interface ServerTimes {
  readonly server: string;
  readonly questions: number;
  readonly unanswered: number;
  readonly timesUs: readonly number[];
}

/** Servers by how often they were asked. */
export function dnsServers(rows: readonly Row[], timeColumn: string): ServerTimes[] {
  const servers = new Map<string, { questions: number; timesUs: number[] }>();
  for (const row of rows) {
    const server = textOf(row.dst_ip);
    const known = servers.get(server) ?? { questions: 0, timesUs: [] };
    servers.set(server, known);
    known.questions++;
    const us = numberOf(row[timeColumn]);
    if (us !== null) known.timesUs.push(us);
  }
  return [...servers]
    .map(([server, { questions, timesUs }]) => ({ server, questions, unanswered: questions - timesUs.length, timesUs }))
    .sort((a, b) => b.questions - a.questions);
}

export function DnsLatency({ screen }: ViewProps) {
  const fields = screen.protocol('dns')?.fields ?? [];
  const time = fields.find(({ unit, kind }) => unit === 'us' && /^u\d+|real$/.test(kind))?.column ?? null;
  const columns = ['dst_ip', ...(time === null ? [] : [time])];
  const { window, trouble } = useRows(screen, { table: 'dns', columns }, newestRows, everyMs);
  const text = (values: readonly number[], part: number): string => {
    const us = quantile(values, part);
    return us === null ? '–' : formatDuration(us / 1e6);
  };
  const servers = time === null ? [] : dnsServers(namedRows(window), time).slice(0, 12);
  return (
    <Panel
      title="Names: DNS"
      note={window === null ? undefined : `the newest ${counted(window.rows.length, 'question')}`}
    >
      {trouble !== null && <Empty>{trouble}</Empty>}
      <SmallTable
        caption="DNS servers"
        columns={[
          { title: 'Server' },
          { title: 'Questions', isNumber: true },
          { title: 'Half below', isNumber: true },
          { title: '95 % below', isNumber: true },
          { title: 'Without an answer', isNumber: true },
        ]}
        rows={servers.map(({ server, questions, unanswered, timesUs }) => [
          <Term key={server} screen={screen} text={server} term={`ip == ${server}`} />,
          formatCount(questions),
          text(timesUs, 0.5),
          text(timesUs, 0.95),
          formatPercent(unanswered, questions),
        ])}
        empty="No names were asked for."
      />
    </Panel>
  );
}
