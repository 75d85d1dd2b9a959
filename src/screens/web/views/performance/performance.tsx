// Performance: how long answers take, what is lost on the way, which paths are slow, and what flows waited for.

import { printable, type SlowFlow, type TimesMs, type Wait, waits } from '../../../../core/index.ts';
import type { SceneSnapshot } from '../../../api/index.ts';
import {
  counted,
  directionPaint,
  familyPaint,
  formatCount,
  formatDuration,
  formatPercent,
  protocolText,
} from '../../../present/index.ts';
import { type BarRow, Bars } from '../../charts/bars.tsx';
import { rates, shares } from '../../charts/columns.ts';
import { Heat } from '../../charts/latency/heat.tsx';
import { columnsOfBins, joinedColumns, percentileLine } from '../../charts/latency/percentiles.ts';
import { TimeChart } from '../../charts/time.tsx';
import type { ViewProps } from '../../shell/screen.ts';
import { Empty, Panel, SmallTable } from '../pieces/pieces.tsx';
import { alertMarks, isOutOfStore, shownColumns, type Traffic, useTraffic } from '../pieces/traffic.ts';
import { DnsLatency } from './dns-latency.tsx';
import { waitWords } from './wait-words.ts';

export function Performance({ screen }: ViewProps) {
  const snapshot = screen.snapshot.value;
  const traffic = useTraffic(screen);
  const isStored = isOutOfStore(screen);
  return (
    <div class="view view-grid">
      <h1 class="unseen">Performance</h1>
      <p class="view-sentence">{isStored ? storedSentence(snapshot) : performanceSentence(snapshot)}</p>
      <Latency screen={screen} traffic={traffic} isStored={isStored} />
      <Loss screen={screen} traffic={traffic} isStored={isStored} />
      {!isStored && (
        <>
          <Waits screen={screen} snapshot={snapshot} />
          <Paths snapshot={snapshot} />
          <Slowest screen={screen} snapshot={snapshot} />
        </>
      )}
      <DnsLatency screen={screen} />
    </div>
  );
}

const duration = (ms: number | null | undefined): string => (ms == null ? '–' : formatDuration(ms / 1e3));

/** What stands on top. */
export function performanceSentence(snapshot: SceneSnapshot | null): string {
  const health = snapshot?.health ?? null;
  if (snapshot === null || health === null || health.flows === 0) return 'No TCP conversation has been timed yet.';
  const parts = [
    `${counted(health.flows, 'TCP conversation')} timed`,
    `round trips ${duration(health.rttMs.p50)}, 95 % below ${duration(health.rttMs.p95)}`,
    `answers after ${duration(health.responseMs.p50)}, 95 % below ${duration(health.responseMs.p95)}`,
    health.repeated === 0
      ? 'nothing was sent again'
      : `${formatPercent(health.repeated, health.segments)} of segments were sent again`,
  ];
  return `${parts.join('; ')}.`;
}

/** The same of a store, which keeps round trips of handshakes only. */
export function storedSentence(snapshot: SceneSnapshot | null): string {
  const { p50 = null, p95 = null } = snapshot?.tcp.handshakeRttMs ?? {};
  const known = p50 === null ? '' : `Round trips of handshakes ${duration(p50)}, 95 % below ${duration(p95)}. `;
  return `${known}The store keeps flows: what was sent again, what flows waited for and how fast servers answered over time is told of captures only, live or read from a file.`;
}

type Part = ViewProps & { readonly traffic: Traffic; readonly isStored: boolean };

/** Columns of percentiles: fewer than of traffic, so that each has something to say. */
const latencyColumns = 60;

function Latency({ screen, traffic, isStored }: Part) {
  const { series } = traffic;
  // Handshakes are kept by the minute: shorter columns have none.
  if (isStored && (series === null || series.rtt.length === 0)) return null;
  if (series === null) return <Panel title="Latency">{<Empty>Nothing has been timed yet.</Empty>}</Panel>;
  const part = (list: readonly (readonly number[])[]) => {
    const shown = shownColumns(traffic, columnsOfBins(list, series.packets.length));
    return { startSec: shown.startSec, stepSec: series.stepSec, bins: shown.part };
  };
  const [rtt, responses] = [
    joinedColumns(part(series.rtt), latencyColumns),
    joinedColumns(part(series.responses), latencyColumns),
  ];
  const lines = (bins: readonly (readonly number[])[], paint: (typeof familyPaint)[keyof typeof familyPaint]) => [
    { title: 'half below (p50)', paint, values: percentileLine(bins, 0.5) },
    { title: '95 % below', paint: directionPaint.out, values: percentileLine(bins, 0.95), isDashed: true },
  ];
  return (
    <>
      <Panel>
        <TimeChart
          screen={screen}
          title="Round trips"
          series={rtt}
          lines={lines(rtt.bins, familyPaint['web-secret'])}
          unit="seconds"
          height={160}
          marks={alertMarks(screen)}
        />
      </Panel>
      {!isStored && (
        <Panel>
          <TimeChart
            screen={screen}
            title="Answers of servers"
            series={responses}
            lines={lines(responses.bins, familyPaint.names)}
            unit="seconds"
            height={160}
          />
        </Panel>
      )}
      <Panel>
        <Heat
          screen={screen}
          title="Round trips, all of them"
          columns={part(series.rtt)}
          paint={familyPaint['web-secret']}
        />
      </Panel>
      {!isStored && (
        <Panel>
          <Heat
            screen={screen}
            title="Answers, all of them"
            columns={part(series.responses)}
            paint={familyPaint.names}
          />
        </Panel>
      )}
    </>
  );
}

function Loss({ screen, traffic, isStored }: Part) {
  const { series, window, isOpenEnded } = traffic;
  const tcp = screen.snapshot.value?.tcp;
  if (series === null || tcp === undefined) return null;
  const rows: (readonly [string, number])[] = [
    ['sent again', tcp.retransmissions],
    ['of these at once, by three duplicate acknowledgements', tcp.fastRetransmissions],
    ['of these needlessly', tcp.spuriousRetransmissions],
    ['out of order', tcp.outOfOrder],
    ['duplicate acknowledgements', tcp.duplicateAcks],
    ['zero windows: a receiver had no room', tcp.zeroWindows],
    ['never seen here, though acknowledged', tcp.lostSegments],
    ['keep-alives', tcp.keepAlives],
  ];
  const segments = screen.snapshot.value?.health?.segments ?? 0;
  return (
    <>
      {!isStored && (
        <Panel>
          <TimeChart
            screen={screen}
            title="Segments sent again"
            series={series}
            {...(window === undefined ? {} : { window })}
            isOpenEnded={isOpenEnded}
            lines={[
              {
                title: 'share of segments with payload',
                paint: familyPaint.remote,
                values: shares(series.repeated, series.segments),
              },
            ]}
            unit="percent"
            height={140}
            sentence={`${formatCount(tcp.retransmissions)} segments were sent again in all; at most ${formatPercent(Math.max(0, ...rates(series.repeated, series.stepSec)), Math.max(1, ...rates(series.segments, series.stepSec)))} of the busiest column.`}
          />
        </Panel>
      )}
      <Panel title="TCP counters" note={segments > 0 ? `of ${counted(segments, 'segment')} with payload` : undefined}>
        <SmallTable
          caption="TCP counters"
          columns={[{ title: 'What' }, { title: 'Segments', isNumber: true }, { title: 'Share', isNumber: true }]}
          rows={rows.map(([what, count]) =>
            isStored ? [what, '–', '–'] : [what, formatCount(count), formatPercent(count, segments)],
          )}
        />
      </Panel>
    </>
  );
}

/** What flows waited for, the longest first. */
export function waitRows(waitedSec: Readonly<Record<Wait, number>>): BarRow[] {
  const total = waits.reduce((sum, wait) => sum + waitedSec[wait], 0);
  return waits
    .filter((wait) => waitedSec[wait] > 0)
    .sort((a, b) => waitedSec[b] - waitedSec[a])
    .map((wait) => ({
      label: waitWords[wait].title,
      value: formatDuration(waitedSec[wait]),
      share: waitedSec[wait] / total,
      paint: familyPaint[waitWords[wait].family],
      note: waitWords[wait].sentence,
      term: `verdict == "${wait}"`,
    }));
}

function Waits({ screen, snapshot }: ViewProps & { readonly snapshot: SceneSnapshot | null }) {
  const health = snapshot?.health ?? null;
  return (
    <Panel>
      <Bars
        screen={screen}
        title="What flows waited for"
        measure="seconds of all flows"
        rows={health === null ? [] : waitRows(health.waitedSec)}
        empty="No flow was long enough to say."
      />
    </Panel>
  );
}

function Paths({ snapshot }: { readonly snapshot: SceneSnapshot | null }) {
  const health = snapshot?.health ?? null;
  const times = (each: TimesMs): string[] => [duration(each.p50), duration(each.p95)];
  const columns = (what: string) => [
    { title: what },
    { title: 'Flows', isNumber: true },
    { title: 'Round trip', isNumber: true },
    { title: 'p95', isNumber: true },
    { title: 'Answer after', isNumber: true },
    { title: 'p95 of answers', isNumber: true },
    { title: 'Sent again', isNumber: true },
  ];
  const rows = (list: NonNullable<SceneSnapshot['health']>['paths']) =>
    list
      .slice(0, 10)
      .map((row) => [
        printable(row.name),
        formatCount(row.flows),
        ...times(row.rttMs),
        ...times(row.responseMs),
        formatPercent(row.repeated, row.segments),
      ]);
  return (
    <>
      <Panel title="Slowest paths">
        <SmallTable caption="Slowest paths" columns={columns('Path')} rows={rows(health?.paths ?? [])} />
      </Panel>
      <Panel title="Slowest servers">
        <SmallTable caption="Slowest servers" columns={columns('Server')} rows={rows(health?.hosts ?? [])} />
      </Panel>
    </>
  );
}

function Slowest({ screen, snapshot }: ViewProps & { readonly snapshot: SceneSnapshot | null }) {
  const flows = snapshot?.health?.slowest ?? [];
  const titles = new Map(screen.scene.value.protocols.map(({ name, title }) => [name, title]));
  const open = ({ id }: SlowFlow): void => {
    screen.setFilter(`flow.id == ${id}`);
    screen.go('flows');
  };
  const link = (flow: SlowFlow) => (
    <button type="button" class="term" onClick={() => open(flow)}>
      {printable(flow.client)} → {printable(flow.server)}
    </button>
  );
  return (
    <Panel title="Slowest flows" isWide>
      <SmallTable
        caption="Slowest flows"
        columns={[{ title: 'Flow' }, { title: 'Protocol' }, { title: 'Waited', isNumber: true }, { title: 'What for' }]}
        rows={flows.map((flow) => [
          link(flow),
          protocolText(flow.app, titles),
          formatDuration(flow.waitedSec),
          printable(flow.sentence),
        ])}
        empty="No flow took long."
      />
    </Panel>
  );
}
