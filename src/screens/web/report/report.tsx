// The page of a report: the views one below the other, and tables of the largest hosts and flows.

import type { ComponentChildren } from 'preact';
import { printable } from '../../../core/index.ts';
import type { ReportData, Row, RowWindow } from '../../api/index.ts';
import {
  cellText,
  counted,
  dayTime,
  endpointText,
  flowColumns,
  formatBytes,
  formatDuration,
  hostColumns,
  isNumeric,
  type ShownColumn,
} from '../../present/index.ts';
import { Alerts } from '../views/alerts/alerts.tsx';
import { HealthOf } from '../views/health/health.tsx';
import { MapView } from '../views/map/map.tsx';
import { Performance } from '../views/performance/performance.tsx';
import { namedRows, numberOf, textOf } from '../views/pieces/asked-rows.ts';
import { SmallTable } from '../views/pieces/pieces.tsx';
import { Protocols } from '../views/protocols/protocols.tsx';
import type { ReportScreen } from './report-screen.ts';

interface ReportProps {
  readonly data: ReportData;
  readonly screen: ReportScreen;
}

const sections = [
  ['alerts', 'Alerts'],
  ['protocols', 'Protocols'],
  ['performance', 'Performance'],
  ['hosts', 'Hosts'],
  ['map', 'Map'],
  ['flows', 'Flows'],
  ['health', 'Health'],
] as const;

export function Report({ data, screen }: ReportProps) {
  const { snapshot } = data;
  return (
    <div class="report">
      <header class="report-head">
        <h1>{printable(data.title)}</h1>
        <p>{reportSentence(data)}</p>
        <p class="muted small">
          Made by Taplight {printable(data.program)}, {dayTime(data.madeUs)}.
          {data.isRedacted ? ' Addresses and names in it were replaced.' : ''}
        </p>
        <nav class="actions" aria-label="Parts of the report">
          {sections.map(([id, title]) => (
            <a key={id} class="button" href={`#${id}`}>
              {title}
            </a>
          ))}
          <ThemeButton screen={screen} />
        </nav>
        <output class="muted">{screen.said.value}</output>
      </header>
      <Part id="alerts" title="Alerts">
        <Alerts screen={screen} />
      </Part>
      <Part id="protocols" title="Protocols">
        <Protocols screen={screen} />
      </Part>
      <Part id="performance" title="Performance">
        <Performance screen={screen} />
      </Part>
      <Part id="hosts" title="Hosts">
        <Rows caption="Largest hosts" window={data.tables.hosts} shown={hostColumns} names={snapshot.names} />
      </Part>
      <Part id="map" title="Map">
        <MapView screen={screen} />
      </Part>
      <Part id="flows" title="Flows">
        <Rows caption="Largest flows" window={data.tables.flows} shown={flowColumns} names={snapshot.names} />
      </Part>
      <Part id="health" title="Health">
        <HealthOf snapshot={snapshot} store={null} isStored={data.about.kind === 'store'} />
      </Part>
    </div>
  );
}

/** What stands on top, with and without a script. */
export function reportSentence({ snapshot }: Pick<ReportData, 'snapshot'>): string {
  const { packets, bytes, firstUs, lastUs, flows } = snapshot;
  if (firstUs === null || lastUs === null) return 'No packet was seen.';
  const span = formatDuration((lastUs - firstUs) / 1e6);
  return `${counted(packets, 'packet')}, ${formatBytes(bytes)} in ${span} from ${dayTime(firstUs)}; ${counted(flows.total, 'conversation')}.`;
}

interface PartProps {
  readonly id: string;
  readonly title: string;
  readonly children: ComponentChildren;
}

function Part({ id, title, children }: PartProps) {
  return (
    <section id={id} class="report-part">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

const themes = ['dark', 'light', 'contrast'] as const;

function ThemeButton({ screen }: Pick<ReportProps, 'screen'>) {
  const next = themes[(themes.indexOf(screen.theme.value) + 1) % themes.length];
  const change = (): void => {
    screen.theme.value = next;
    document.documentElement.dataset.theme = next;
  };
  return (
    <button type="button" onClick={change}>
      {next} theme
    </button>
  );
}

interface RowsProps {
  readonly caption: string;
  readonly window: RowWindow | undefined;
  readonly shown: readonly ShownColumn[];
  readonly names: Readonly<Record<string, string>>;
}

const rowsShown = 200;

function Rows({ caption, window, shown, names }: RowsProps) {
  if (window === undefined) return null;
  const kinds = new Map(window.columns.map((column) => [column.name, column]));
  const columns = shown.filter(({ column }) => kinds.has(column) && !column.startsWith('rate_'));
  const text = (row: Row, column: string): string => {
    const ip = textOf(row[column]);
    if (column === 'src_ip' || column === 'dst_ip') {
      return endpointText(ip, numberOf(row[column === 'src_ip' ? 'src_port' : 'dst_port']), names[ip] ?? null);
    }
    return cellText(kinds.get(column)!, row[column] ?? null);
  };
  const rows = namedRows(window).slice(0, rowsShown);
  return (
    <>
      <SmallTable
        caption={caption}
        columns={columns.map(({ column, title }) => ({ title, isNumber: isNumeric(kinds.get(column)!) }))}
        rows={rows.map((row) => columns.map(({ column }) => text(row, column)))}
      />
      {window.total > rows.length && (
        <p class="muted">
          The largest {rows.length} of {counted(window.total, 'row')}.
        </p>
      )}
    </>
  );
}
