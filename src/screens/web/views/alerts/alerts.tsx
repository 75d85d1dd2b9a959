// Alerts: what looks unusual, grouped by detector and source, argued, and answered by a person.

import { useEffect, useState } from 'preact/hooks';
import { type HostRisk, type Incident, printable, severities } from '../../../../core/index.ts';
import { counted, dayTime, formatCount, severityPaint } from '../../../present/index.ts';
import { rates } from '../../charts/columns.ts';
import { TimeChart } from '../../charts/time.tsx';
import { ExportMenu } from '../../exports/export-menu.tsx';
import type { ViewProps } from '../../shell/screen.ts';
import { namedRows, useRows } from '../pieces/asked-rows.ts';
import { Empty, Panel, SeverityMark, SmallTable, Term } from '../pieces/pieces.tsx';
import { ofHost } from '../pieces/terms.ts';
import { useTraffic } from '../pieces/traffic.ts';
import { AlertCard } from './alert-card.tsx';
import { type AlertGroup, alertGroups } from './groups.ts';
import { useKeptAlerts } from './kept-alerts.ts';
import { alertOfRow, missingAlerts, type ShownAlert, withMissing } from './stored-alerts.ts';

const mostAlerts = 1000;
const everyMs = 3000;
const groupsShown = 50;

export function Alerts({ screen }: ViewProps) {
  const [changes, setChanges] = useState(0);
  const { window, trouble } = useRows(screen, { table: 'alerts' }, mostAlerts, everyMs, changes);
  const [showsAll, setAll] = useState(false);
  const newest = screen.filter.value === '' ? (screen.snapshot.value?.alerts ?? []) : [];
  const rows = namedRows(window).map(alertOfRow);
  const { can, isLive } = screen.scene.value.about;
  const missing = window === null ? [] : missingAlerts(rows, newest);
  const alerts = withMissing(rows, missing, useKeptAlerts(missing, can.history && can.acknowledge));
  // Of a capture that has ended only people change something, perhaps elsewhere.
  useEffect(() => {
    if (isLive || !can.acknowledge) return;
    const timer = setInterval(() => setChanges((before) => before + 1), everyMs);
    return () => clearInterval(timer);
  }, [isLive, can.acknowledge]);
  const told = showsAll ? alerts : alerts.filter(isWorthTelling);
  const groups = alertGroups(told);
  return (
    <div class="view view-grid">
      <h1 class="unseen">Alerts</h1>
      <p class="view-sentence" role="status">
        {alertsSentence(alerts, groups)}
      </p>
      {trouble !== null && <Empty>{trouble}</Empty>}
      <Marks screen={screen} alerts={told} />
      <Panel
        title="Alerts"
        isWide
        note={
          <span class="actions">
            <label>
              <input type="checkbox" checked={showsAll} onChange={(event) => setAll(event.currentTarget.checked)} />{' '}
              with information, closed and explained ones
            </label>
            <ExportMenu screen={screen} table="alerts" />
          </span>
        }
      >
        <div class="cards">
          {groups.slice(0, groupsShown).map((group) => (
            <AlertCard
              key={group.key}
              screen={screen}
              group={group}
              onChange={() => setChanges((before) => before + 1)}
            />
          ))}
        </div>
        {groups.length > groupsShown && <p class="muted">and {counted(groups.length - groupsShown, 'more group')}</p>}
        {window !== null && groups.length === 0 && (
          <Empty>Nothing unusual{screen.filter.value === '' ? '' : ' with this filter'}.</Empty>
        )}
      </Panel>
      <Incidents screen={screen} incidents={screen.snapshot.value?.incidents ?? []} />
      <Risks screen={screen} risks={screen.snapshot.value?.risks ?? []} />
    </div>
  );
}

/** Information, what is closed, and what another alert explains are shown when they are asked for. */
export const isWorthTelling = ({ severity, explainedBy, state, said }: ShownAlert): boolean =>
  severity !== 'info' && explainedBy === null && state !== 'closed' && said !== 'closed';

export function alertsSentence(alerts: readonly ShownAlert[], groups: readonly AlertGroup[]): string {
  if (alerts.length === 0) return 'Nothing unusual was seen.';
  const counts = severities
    .map((severity) => ({ severity, count: alerts.filter((alert) => alert.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .reverse();
  const all = counts.map(({ severity, count }) => `${formatCount(count)} ${severity}`).join(', ');
  const [worst] = groups;
  const first = worst === undefined ? '' : ` The worst: ${printable(worst.alerts[0].explain)}`;
  return `${counted(alerts.length, 'alert')}: ${all}.${first}`;
}

function Marks({ screen, alerts }: ViewProps & { readonly alerts: readonly ShownAlert[] }) {
  const { series, window, isOpenEnded } = useTraffic(screen);
  if (series === null || alerts.length === 0) return null;
  const marks = alerts.map(({ firstUs, title, severity }) => ({
    timeUs: firstUs,
    title,
    paint: severityPaint[severity],
  }));
  return (
    <Panel isWide>
      <TimeChart
        screen={screen}
        title="When"
        series={series}
        lines={[{ title: 'packets', paint: severityPaint.info, values: rates(series.packets, series.stepSec) }]}
        unit="packets"
        height={110}
        marks={marks}
        {...(window === undefined ? {} : { window })}
        isOpenEnded={isOpenEnded}
      />
    </Panel>
  );
}

function Incidents({ screen, incidents }: ViewProps & { readonly incidents: readonly Incident[] }) {
  if (incidents.length === 0) return null;
  return (
    <Panel title="Incidents: alerts of one host that follow each other">
      <SmallTable
        caption="Incidents"
        columns={[{ title: 'Severity' }, { title: 'Host' }, { title: 'What' }, { title: 'When' }]}
        rows={incidents.map(({ severity, host, explain, firstUs, lastUs }) => [
          <SeverityMark key="s" severity={severity} screen={screen} />,
          <Term key="h" screen={screen} text={host} term={ofHost(host)} />,
          printable(explain),
          `${dayTime(firstUs)} to ${dayTime(lastUs).slice(11)}`,
        ])}
      />
    </Panel>
  );
}

function Risks({ screen, risks }: ViewProps & { readonly risks: readonly HostRisk[] }) {
  if (risks.length === 0) return null;
  return (
    <Panel title="Risk by host">
      <SmallTable
        caption="Risk by host"
        columns={[{ title: 'Host' }, { title: 'Points', isNumber: true }, { title: 'Level' }, { title: 'Made of' }]}
        rows={risks.map(({ host, score, level, bonus, terms, more }) => [
          <Term key="h" screen={screen} text={host} term={ofHost(host)} />,
          formatCount(score),
          level,
          `${terms.map(({ detector, points }) => `${printable(detector)} ${formatCount(points)}`).join(' + ')}${more > 0 ? ` + ${more} more` : ''}${bonus === 1 ? '' : `, all ×${bonus}`}`,
        ])}
      />
    </Panel>
  );
}
