// Health: is what I see complete? The answer first, then every place where something could have been lost.

import { useEffect, useState } from 'preact/hooks';
import { printable } from '../../../../core/index.ts';
import type { SceneSnapshot } from '../../../api/index.ts';
import {
  type Completeness,
  completeness,
  formatBytes,
  formatCount,
  formatDuration,
  formatPercent,
} from '../../../present/index.ts';
import { askJson } from '../../data/asking.ts';
import type { ViewProps } from '../../shell/screen.ts';
import { Empty, Panel, SmallTable } from '../pieces/pieces.tsx';
import { isOutOfStore } from '../pieces/traffic.ts';

/** What `/status` tells of the store. */
export interface StoreStatus {
  readonly place: string;
  readonly engine: string;
  readonly bytes: number;
  readonly waitingRows: number;
  readonly spoolBytes: number;
  readonly droppedRows: number;
  readonly rows: Readonly<Record<string, number>>;
}

const statusEveryMs = 5000;

export function Health({ screen }: ViewProps) {
  return <HealthOf snapshot={screen.snapshot.value} store={useStoreStatus()} isStored={isOutOfStore(screen)} />;
}

/** Of the server; null where there is no store, or no server as in a report. */
function useStoreStatus(): StoreStatus | null {
  const [store, setStore] = useState<StoreStatus | null>(null);
  useEffect(() => {
    const ask = (): void => {
      if (document.hidden) return;
      askJson<{ readonly store: StoreStatus | null }>('/status').then(
        (status) => setStore(status.store),
        () => setStore(null),
      );
    };
    ask();
    const timer = setInterval(ask, statusEveryMs);
    return () => clearInterval(timer);
  }, []);
  return store;
}

interface HealthProps {
  readonly snapshot: SceneSnapshot | null;
  readonly store: StoreStatus | null;
  /** Told out of flow records: nobody knows what a capture counted. */
  readonly isStored: boolean;
}

export function HealthOf({ snapshot, store, isStored }: HealthProps) {
  if (snapshot === null) return <Empty>Nothing is known yet: no packet source is open.</Empty>;
  const verdict = isStored ? untold : completeness(snapshot);
  return (
    <div class="view view-grid">
      <h1 class="unseen">Health</h1>
      <Verdict verdict={verdict} />
      <Reasons verdict={verdict} snapshot={snapshot} />
      {isStored ? <Untold /> : <Stages snapshot={snapshot} />}
      {!isStored && <Problems snapshot={snapshot} />}
      <Machine snapshot={snapshot} store={store} isStored={isStored} />
      <Detectors snapshot={snapshot} />
      <Forgotten snapshot={snapshot} />
    </div>
  );
}

/** What flow records cannot say. */
const untold: Completeness = {
  state: 'unknown',
  sentence: 'Unknown: this is told out of the store, which keeps what was seen and not what was lost.',
  reasons: [],
};

const marks = { complete: '✓', incomplete: '▲', unknown: '○' } as const;

function Verdict({ verdict: { state, sentence } }: { readonly verdict: Completeness }) {
  return (
    <p class={`verdict verdict-${state} panel-wide`} role="status">
      <span aria-hidden="true">{marks[state]}</span>
      <span>{printable(sentence)}</span>
    </p>
  );
}

function Untold() {
  return (
    <Panel title="From the wire to here">
      <Empty>
        This is told out of the store, which keeps what was seen. Packets that were lost on the way, and those that
        could not be read, are counted while a capture goes on: look at the capture itself.
      </Empty>
    </Panel>
  );
}

type SnapshotProps = Pick<HealthProps, 'store' | 'isStored'> & { readonly snapshot: SceneSnapshot };

function Reasons({ verdict, snapshot }: { readonly verdict: Completeness; readonly snapshot: SceneSnapshot }) {
  const rows = [
    ...verdict.reasons.map(({ kind, text, advice }) => [kind === 'lost' ? '▲ lost' : '○ unread', text, advice]),
    ...snapshot.findings.map(({ severity, text, advice }) => [
      severity === 'warning' ? '▲ warning' : '● info',
      text,
      advice,
    ]),
  ];
  if (rows.length === 0) return null;
  return (
    <Panel title="What was found, and what to do" isWide>
      <SmallTable
        caption="What was found, and what to do"
        columns={[{ title: 'Kind' }, { title: 'What' }, { title: 'What to do' }]}
        rows={rows.map((row) => row.map((text) => printable(text)))}
      />
    </Panel>
  );
}

function Stages({ snapshot }: Pick<SnapshotProps, 'snapshot'>) {
  const { stages, received, dropped, packets } = snapshot;
  const share = (lost: number, came: number): string => formatPercent(lost, lost + came);
  const own: (readonly (string | number)[])[] = [
    ['the network card', received, dropped.interface],
    ['the kernel’s buffer', received, dropped.kernel],
    ['packets read', packets, 0],
  ];
  const told = stages.map(({ name, in: came, dropped: lost, fill }) => [name, came, lost, fill ?? -1]);
  return (
    <Panel title="From the wire to here">
      <SmallTable
        caption="Stages"
        columns={[
          { title: 'Stage' },
          { title: 'In', isNumber: true },
          { title: 'Dropped', isNumber: true },
          { title: 'Share', isNumber: true },
          { title: 'Full' },
        ]}
        rows={[...own, ...told].map(([name, came, lost, fill]) => [
          printable(String(name)),
          formatCount(Number(came)),
          Number(lost) > 0 ? `▲ ${formatCount(Number(lost))}` : '0',
          share(Number(lost), Number(came)),
          fill === undefined || Number(fill) < 0 ? '' : <Fill key="fill" share={Number(fill)} />,
        ])}
      />
    </Panel>
  );
}

function Fill({ share }: { readonly share: number }) {
  const text = formatPercent(share, 1);
  return (
    <span>
      <svg class="meter" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label={`${text} full`}>
        <rect width="100" height="10" fill="var(--hairline)" />
        <rect width={Math.min(100, share * 100)} height="10" fill="var(--focus)" />
      </svg>
      <span class="num small">{text}</span>
    </span>
  );
}

function Problems({ snapshot }: Pick<SnapshotProps, 'snapshot'>) {
  const rows = Object.entries(snapshot.problems).sort((a, b) => b[1] - a[1]);
  return (
    <Panel title="Problems by layer">
      <SmallTable
        caption="Problems by layer"
        columns={[{ title: 'What' }, { title: 'Times', isNumber: true }, { title: 'Latest' }]}
        rows={rows.map(([name, count]) => {
          const sample = snapshot.problemSamples[name];
          const place =
            sample === undefined
              ? ''
              : `packet ${formatCount(sample.packet)}, byte ${sample.at}: ${sample.need} wanted, ${sample.have} there`;
          return [printable(name), formatCount(count), place];
        })}
        empty="Every packet could be read to its end."
      />
    </Panel>
  );
}

function Machine({ snapshot, store, isStored }: SnapshotProps) {
  const { process, flows } = snapshot;
  const rows = [
    ['Memory', formatBytes(process.memoryBytes)],
    [
      'CPU',
      isStored
        ? '–'
        : `${formatDuration(process.cpuSec)}, ${formatPercent(process.cpuSec, process.wallSec)} of one core`,
    ],
    ['Table of flows', isStored ? '–' : `${formatCount(flows.active)} of ${formatCount(flows.capacity)}`],
    ...(store === null
      ? [['Store', 'none: nothing is kept. Start with --store default to keep history.']]
      : [
          ['Store', `${printable(store.place)} (${printable(store.engine)}), ${formatBytes(store.bytes)}`],
          ['Rows in it', formatCount(Object.values(store.rows).reduce((sum, count) => sum + count, 0))],
          ['Waiting for it', `${formatCount(store.waitingRows)} rows, ${formatBytes(store.spoolBytes)} on disk`],
          ['Rows it could not take', store.droppedRows > 0 ? `▲ ${formatCount(store.droppedRows)}` : '0'],
        ]),
  ];
  return (
    <Panel title="This program">
      <SmallTable caption="This program" columns={[{ title: 'What' }, { title: 'Now' }]} rows={rows} />
    </Panel>
  );
}

function Detectors({ snapshot: { detection } }: Pick<SnapshotProps, 'snapshot'>) {
  if (detection === null) return null;
  const rows = [...detection.detectors].filter(({ rows }) => rows > 0).sort((a, b) => b.bytes - a.bytes);
  return (
    <Panel
      title="Detectors"
      note={`${formatCount(detection.told)} alerts told, ${formatCount(detection.excepted)} excepted, ${formatCount(detection.suppressed)} held back, ${formatCount(detection.late)} packets too late`}
    >
      <SmallTable
        caption="Detectors"
        columns={[
          { title: 'Detector' },
          { title: 'Rows', isNumber: true },
          { title: 'Of', isNumber: true },
          { title: 'Memory', isNumber: true },
          { title: 'No room for', isNumber: true },
        ]}
        rows={rows.map(({ detector, rows: used, capacity, bytes, evictions, refusals }) => [
          printable(detector),
          formatCount(used),
          formatCount(capacity),
          formatBytes(bytes),
          formatCount(evictions + refusals),
        ])}
        empty="No detector keeps anything now."
      />
    </Panel>
  );
}

function Forgotten({ snapshot: { forgotten } }: Pick<SnapshotProps, 'snapshot'>) {
  const rows = Object.entries(forgotten).filter(([, count]) => count > 0);
  if (rows.length === 0) return null;
  return (
    <Panel title="Rows that gave way to newer ones">
      <SmallTable
        caption="Rows that gave way to newer ones"
        columns={[{ title: 'Live table' }, { title: 'Rows', isNumber: true }]}
        rows={rows.map(([name, count]) => [printable(name), formatCount(count)])}
      />
    </Panel>
  );
}
