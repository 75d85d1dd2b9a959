// One group of alerts: what, why, what speaks against it, what it rests on, and what a person can do about it.

import { useState } from 'preact/hooks';
import { printable } from '../../../../core/index.ts';
import { cellText, counted, dayTime, isoTime } from '../../../present/index.ts';
import type { Screen } from '../../shell/screen.ts';
import { troubleText } from '../pieces/asked-rows.ts';
import { CopyButton, SeverityMark, Term } from '../pieces/pieces.tsx';
import { equals, ofHost } from '../pieces/terms.ts';
import { EvidenceFlows } from './evidence-flows.tsx';
import { type AlertGroup, exceptCommand, mitreAddress } from './groups.ts';
import type { ShownAlert } from './stored-alerts.ts';

interface CardProps {
  readonly screen: Screen;
  readonly group: AlertGroup;
  /** Something a person said has changed it. */
  readonly onChange: () => void;
}

const alertsShown = 5;

export function AlertCard({ screen, group, onChange }: CardProps) {
  const alerts = group.alerts as readonly ShownAlert[];
  const [newest, ...older] = alerts;
  const isAsked = screen.params.value.alert === newest.id;
  const [isOpen, setOpen] = useState(isAsked);
  return (
    <article class="card" aria-label={`${group.severity}: ${printable(group.title)}, ${printable(group.source)}`}>
      <header>
        <SeverityMark severity={group.severity} screen={screen} />
        <h3>{printable(group.title)}</h3>
        <Term screen={screen} text={group.source} term={sourceTerm(group.source)} />
        <time class="muted num" dateTime={isoTime(group.lastUs)} title={isoTime(group.lastUs)}>
          {dayTime(group.lastUs)}
        </time>
        <span class="muted">{counted(group.count, 'time')}</span>
        {newest.said === 'acknowledged' && <span>✓ acknowledged</span>}
      </header>
      <p>{printable(newest.explain)}</p>
      {newest.against !== '' && <p class="muted">But: {printable(newest.against)}</p>}
      <details open={isAsked} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>Why it matters, and what it rests on</summary>
        {isOpen && <Argument screen={screen} alert={newest} />}
      </details>
      {older.length > 0 && (
        <details>
          <summary>{counted(older.length, 'other alert')} of the same kind</summary>
          <ul>
            {older.slice(0, alertsShown).map((alert) => (
              <li key={`${alert.run}.${alert.id}`}>
                {cellText({ name: 'ts', kind: 'time' }, alert.lastUs)} {printable(alert.explain)}
              </li>
            ))}
            {older.length > alertsShown && <li class="muted">and {older.length - alertsShown} more</li>}
          </ul>
        </details>
      )}
      <Actions screen={screen} group={group} alerts={alerts} onChange={onChange} />
    </article>
  );
}

const sourceTerm = (source: string): string =>
  /^[0-9a-f:.]+$/i.test(source) ? ofHost(source) : equals('alert.key', source);

function Argument({ screen, alert }: { readonly screen: Screen; readonly alert: ShownAlert }) {
  const unit = alert.unit === '' ? '' : ` ${alert.unit}`;
  const rows: (readonly [string, string])[] = [
    ['Matters', alert.meaning],
    ['May be', alert.benign],
    ['Look at', alert.next],
    [
      'Numbers',
      `${alert.observed}${unit} seen, limit ${alert.threshold}${alert.expected === null ? '' : `, usual ${alert.expected}`}; confidence ${Math.round(alert.confidence * 100)} %`,
    ],
    ['When', `${dayTime(alert.firstUs)} to ${dayTime(alert.lastUs)}`],
    ['Packets', alert.packets.join(', ')],
  ];
  return (
    <dl>
      {rows
        .filter(([, text]) => text !== '')
        .map(([label, text]) => (
          <Pair key={label} label={label} text={text} />
        ))}
      {alert.targets.length > 0 && (
        <>
          <dt>To</dt>
          <dd>
            {alert.targets.slice(0, 20).map((target) => (
              <Term key={target} screen={screen} text={target} term={sourceTerm(target)} />
            ))}
          </dd>
        </>
      )}
      <dt>Wireshark</dt>
      <dd>
        <code class="code">{printable(alert.filter)}</code> <CopyButton text={alert.filter} label="copy" />
      </dd>
      {alert.flows.length > 0 && (
        <>
          <dt>Flows</dt>
          <dd>
            <EvidenceFlows screen={screen} flows={alert.flows} />
          </dd>
        </>
      )}
      {alert.mitre !== null && (
        <>
          <dt>ATT&amp;CK</dt>
          <dd>
            {printable(alert.mitre)} <span class="muted code">{printable(mitreAddress(alert.mitre))}</span>
          </dd>
        </>
      )}
      <dt>Detector</dt>
      <dd>
        <Term screen={screen} text={alert.detector} term={equals('alert.detector', alert.detector)} />{' '}
        <span class="muted code">{alert.id}</span>
      </dd>
    </dl>
  );
}

function Pair({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{printable(text)}</dd>
    </>
  );
}

type ActionProps = CardProps & { readonly alerts: readonly ShownAlert[] };

function Actions({ screen, group, alerts, onChange }: ActionProps) {
  const [said, setSaid] = useState('');
  const scene = screen.scene.value;
  const isDone = alerts.every((alert) => alert.said === 'acknowledged');
  // What is kept nowhere cannot be answered.
  const isKept = alerts.some(({ run }) => run !== null);
  const say = async (state: 'acknowledged' | 'open'): Promise<void> => {
    try {
      for (const { run, id } of alerts) if (run !== null) await scene.setAlertState(run, id, state);
      setSaid(state === 'open' ? 'reopened' : 'acknowledged');
      onChange();
    } catch (error) {
      setSaid(troubleText(error));
    }
  };
  const showFlows = (): void => {
    screen.narrow(sourceTerm(group.source), false);
    screen.go('flows');
  };
  const command = exceptCommand(group);
  return (
    <div class="actions">
      <button type="button" onClick={showFlows}>
        flows of {printable(group.source)}
      </button>
      {scene.about.can.acknowledge && isKept && (
        <button type="button" onClick={() => say(isDone ? 'open' : 'acknowledged')}>
          {isDone ? 'Reopen' : 'Acknowledge'}
        </button>
      )}
      <details>
        <summary>harmless?</summary>
        <p>
          To hear no more of this, run: <code class="code">{printable(command)}</code>{' '}
          <CopyButton text={command} label="copy" />
        </p>
      </details>
      <output class="muted">{said}</output>
    </div>
  );
}
