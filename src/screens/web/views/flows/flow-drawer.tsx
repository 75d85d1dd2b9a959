// One flow beside the table: who spoke when, how long the handshake took, what was said, its alerts, its packets.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { printable } from '../../../../core/index.ts';
import type { FlowDetails, Row } from '../../../api/index.ts';
import { alertWords, cellText, dayTime, formatBytes, formatDuration, severities } from '../../../present/index.ts';
import { noteLoss } from '../../data/connection.ts';
import type { Screen } from '../../shell/screen.ts';
import { CopyMenu } from './copy-menu.tsx';
import { FactList } from './fact-list.tsx';
import { sideText, stateText } from './flow-look.ts';
import { appTitle, numberOf, textOf } from './flow-words.ts';
import { Packets } from './packets.tsx';
import { Handshake, Lanes } from './timeline.tsx';
import { Transactions } from './transactions.tsx';

interface FlowDrawerProps {
  readonly screen: Screen;
  readonly run: number;
  readonly flowId: number;
  readonly onClose: () => void;
}

export function FlowDrawer({ screen, run, flowId, onClose }: FlowDrawerProps): JSX.Element {
  const details = useSignal<FlowDetails | null>(null);
  const why = useSignal('');
  const heading = useRef<HTMLHeadingElement>(null);
  const scene = screen.scene.value;
  const snapshot = screen.snapshot.value;
  const isOver = details.value !== null && details.value.flow.is_open !== true;
  // While it goes on it is asked for again with each snapshot.
  useEffect(() => {
    if (isOver) return;
    scene.flow(run, flowId).then(
      (answer) => {
        details.value = answer;
      },
      (error) => {
        if (!noteLoss(error) && details.peek() === null) why.value = `${error.message}. ${error.hint ?? ''}`;
      },
    );
  }, [scene, run, flowId, isOver ? null : snapshot]);
  // The focus comes along, and goes back to the table when it is closed.
  useEffect(() => {
    const before = document.activeElement;
    heading.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const flow = details.value?.flow;
  return (
    <aside class="drawer" aria-labelledby="flow-title">
      <header>
        <h2 id="flow-title" ref={heading} tabIndex={-1}>
          {flow === undefined ? 'Flow' : `${sideText(screen, flow, 'src')} → ${sideText(screen, flow, 'dst')}`}
        </h2>
        <button type="button" class="icon" aria-label="Close the flow" title="Close (Esc)" onClick={onClose}>
          ✕
        </button>
      </header>
      {why.value !== '' && <p role="alert">{why.value}</p>}
      {details.value !== null && <Details screen={screen} details={details.value} run={run} flowId={flowId} />}
    </aside>
  );
}

interface DetailsProps {
  readonly screen: Screen;
  readonly details: FlowDetails;
  readonly run: number;
  readonly flowId: number;
}

function Details({ screen, details, run, flowId }: DetailsProps): JSX.Element {
  const { flow, alerts, transactions, timeline, hasPackets } = details;
  return (
    <>
      <Facts screen={screen} flow={flow} />
      <div class="actions">
        <CopyMenu screen={screen} flow={flow} hasPackets={hasPackets} />
      </div>
      {alerts.length > 0 && (
        <section>
          <h3>Alerts</h3>
          <ul>
            {alerts.map((alert) => (
              <li key={alert.id}>
                <span class={`sev s-${alert.severity}`} aria-hidden="true">
                  {severities[alert.severity].icon}
                </span>{' '}
                <a href={screen.href('alerts', { alert: alert.id })}>{alertWords(alert)}</a>
                <p class="muted">{printable(alert.explain)}</p>
              </li>
            ))}
          </ul>
        </section>
      )}
      {timeline !== null && <Lanes timeline={timeline} />}
      <Handshake flow={flow} />
      <Transactions screen={screen} transactions={transactions} />
      {hasPackets && <Packets screen={screen} run={run} flowId={flowId} />}
      <AllFields flow={flow} />
    </>
  );
}

function Facts({ screen, flow }: { readonly screen: Screen; readonly flow: Row }): JSX.Element {
  const app = textOf(flow.app);
  const start = numberOf(flow.start_ts) ?? 0;
  const host = textOf(flow.host);
  const facts: [string, string][] = [
    ['Protocol', appTitle(screen, app)],
    ['Began', dayTime(start)],
    ['Lasted', formatDuration((numberOf(flow.duration_us) ?? 0) / 1e6)],
    ['↑ sent', formatBytes(numberOf(flow.bytes_fwd) ?? 0)],
    ['↓ received', formatBytes(numberOf(flow.bytes_rev) ?? 0)],
    ['State', stateText(flow)],
  ];
  if (host !== '') facts.splice(1, 0, ['Asked for', printable(host)]);
  return <FactList facts={facts} />;
}

const hidden = new Set(['run', 'sensor', 'mark_fwd', 'mark_rev', 'mark_us']);

/** Every column, in the words of the filter language. */
function AllFields({ flow }: { readonly flow: Row }): JSX.Element {
  const all = Object.entries(flow).filter(([name, value]) => !hidden.has(name) && value !== null && value !== '');
  return (
    <details>
      <summary>All {all.length} fields</summary>
      <dl class="fields mono">
        {all.map(([name, value]) => (
          <div key={name}>
            <dt class="muted">{name}</dt>
            <dd>{cellText({ name, kind: name.endsWith('_ts') ? 'time' : 'u64' }, value)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
