// Parts of the overview: what is spoken, who speaks most, what is new.

import type { JSX } from 'preact';
import { severities as allSeverities, families, printable, type TrafficSeries } from '../../../../core/index.ts';
import type { SceneSnapshot, TimeRange } from '../../../api/index.ts';
import {
  clockTime,
  directionPaint,
  familyPaint,
  familyTitle,
  formatBytes,
  largestFamilies,
  severities,
} from '../../../present/index.ts';
import { type BarRow, Bars } from '../../charts/bars.tsx';
import { tellsOfWhole } from '../../data/stretch.ts';
import { term } from '../../shell/narrow.ts';
import type { ViewProps } from '../../shell/screen.ts';
import { appTitle } from '../flows/flow-words.ts';

const mostRows = 5;

/** Alerts that began or went on in a range; null: all. Of very many only the newest are known. */
export function alertsWithin(
  snapshot: SceneSnapshot,
  range: TimeRange | null,
): Pick<SceneSnapshot, 'alerts' | 'alertCounts'> {
  if (range === null) return snapshot;
  const alerts = snapshot.alerts.filter(({ firstUs, lastUs }) => firstUs < range.toUs && lastUs >= range.fromUs);
  const alertCounts = { ...snapshot.alertCounts };
  for (const severity of allSeverities)
    alertCounts[severity] = alerts.filter((each) => each.severity === severity).length;
  return { alerts, alertCounts };
}

/** Where protocols are not counted by range, families are. */
function familyRows(series: TrafficSeries | null): BarRow[] {
  const bytes = families.map((_, i) => (series?.families[i] ?? []).reduce((sum, each) => sum + each, 0));
  const all = bytes.reduce((sum, each) => sum + each, 0);
  return largestFamilies(families, bytes).map(({ family, bytes: most }) => ({
    label: familyTitle[family],
    value: formatBytes(most),
    share: all === 0 ? 0 : most / all,
    paint: familyPaint[family],
  }));
}

export function ProtocolBars({ screen }: ViewProps): JSX.Element {
  const isOfWhole = tellsOfWhole(screen.scene.value);
  const apps = Object.entries(screen.snapshot.value?.apps ?? {}).sort(([, a], [, b]) => b.bytes - a.bytes);
  const all = apps.reduce((sum, [, { bytes }]) => sum + bytes, 0);
  const rest = apps.slice(mostRows).reduce((sum, [, { bytes }]) => sum + bytes, 0);
  const rows: BarRow[] = apps.slice(0, mostRows).map(([app, { bytes }]) => ({
    label: appTitle(screen, app),
    value: formatBytes(bytes),
    share: all === 0 ? 0 : bytes / all,
    paint: familyPaint[screen.familyOf(app)],
    term: app === 'unknown' ? undefined : term('app', app),
  }));
  if (rest > 0)
    rows.push({ label: 'all others', value: formatBytes(rest), share: rest / all, paint: familyPaint.other });
  return (
    <section class="panel">
      <Bars
        screen={screen}
        title="Protocols"
        measure="bytes"
        rows={isOfWhole ? familyRows(screen.series('whole').peek()) : rows}
        empty="Nothing was spoken yet."
      />
    </section>
  );
}

export function BusiestHosts({ screen }: ViewProps): JSX.Element {
  const snapshot = screen.snapshot.value;
  const talkers = [...(snapshot?.talkers ?? [])].sort((a, b) => b.bytes + b.bytesReceived - a.bytes - a.bytesReceived);
  const all = snapshot?.bytes ?? 0;
  const rows: BarRow[] = talkers.slice(0, mostRows + 1).map(({ ip, bytes, bytesReceived }) => ({
    label: printable(snapshot?.names[ip] ?? ip),
    value: `↓ ${formatBytes(bytesReceived)} ↑ ${formatBytes(bytes)}`,
    share: all === 0 ? 0 : (bytes + bytesReceived) / all,
    paint: directionPaint.in,
    href: screen.href('hosts', { host: ip }),
  }));
  return (
    <section class="panel hosts-part">
      <Bars
        screen={screen}
        title={tellsOfWhole(screen.scene.value) ? 'Busiest hosts in all' : 'Busiest hosts'}
        measure="bytes"
        rows={rows}
        isPlain
        empty="No hosts yet."
      />
    </section>
  );
}

export function NewestAlerts({ screen }: ViewProps): JSX.Element {
  const snapshot = screen.snapshot.value;
  const known = snapshot === null ? [] : alertsWithin(snapshot, screen.range.value).alerts;
  const alerts = [...known].sort((a, b) => b.lastUs - a.lastUs).slice(0, 4);
  return (
    <section class="panel" aria-labelledby="newest-alerts">
      <header>
        <h3 id="newest-alerts">Newest alerts</h3>
        <a class="end" href={screen.href('alerts')}>
          all
        </a>
      </header>
      {alerts.length === 0 && <p class="muted">None. What looks unusual is told here.</p>}
      <ul class="alerts-part">
        {alerts.map(({ id, severity, title, lastUs, explain, key }) => (
          <li key={id}>
            <span class="line">
              <span class={`sev s-${severity}`}>
                <span aria-hidden="true">{severities[severity].icon} </span>
                {severity}
              </span>
              <a href={screen.href('alerts', { alert: id })}>{printable(title)}</a>
              <time class="num muted">{clockTime(lastUs)}</time>
            </span>
            <p class="muted clip" title={printable(explain)}>
              {printable(explain === '' ? key : explain)}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
