// A page for one host: how much, with whom, what it offers and uses, what it is called, what it did that was unusual.

import type { JSX } from 'preact';
import { printable } from '../../../../core/index.ts';
import type { Row } from '../../../api/index.ts';
import {
  alertWords,
  dayTime,
  directionPaint,
  familyPaint,
  formatBitRate,
  formatBytes,
  formatCount,
  severities,
  unknown,
} from '../../../present/index.ts';
import { Bars } from '../../charts/bars.tsx';
import { term } from '../../shell/narrow.ts';
import type { Screen } from '../../shell/screen.ts';
import { FactList } from '../flows/fact-list.tsx';
import { appTitle, numberOf, textOf } from '../flows/flow-words.ts';
import { FlowsTable } from '../flows/flows-table.tsx';
import { type HostFacts, type Share, useHost } from './host-facts.ts';

interface HostPageProps {
  readonly screen: Screen;
  readonly ip: string;
}

export function HostPage({ screen, ip }: HostPageProps): JSX.Element {
  const facts = useHost(screen, ip);
  const { host, flows } = facts;
  const name = textOf(host?.name) || screen.snapshot.value?.names[ip] || '';
  return (
    <div class="host">
      <header class="host-head">
        <a href={screen.href('hosts')}>← Hosts</a>
        <h2>{printable(name === '' ? ip : name)}</h2>
        {name !== '' && <span class="mono">{printable(ip)}</span>}
        <button
          type="button"
          title={`${term('ip', ip)}: click only this, Alt-click not this`}
          onClick={(event) => screen.narrow(term('ip', ip), event.altKey)}
        >
          Filter by it
        </button>
      </header>
      {host !== null && <HostNumbers host={host} />}
      <Risk screen={screen} ip={ip} />
      <div class="thirds">
        <Shares screen={screen} title="Peers" shares={facts.peers} empty="None yet." isPeers />
        <Shares screen={screen} title="Offers" shares={facts.offers} empty="Nobody opened a flow to it." />
        <Shares screen={screen} title="Uses" shares={facts.uses} empty="It opened no flow." />
      </div>
      <Names facts={facts} />
      <p class="muted small">
        Peers, offers, uses and fingerprints are of its {formatCount(flows)} newest flows; numbers above are of all.
      </p>
      <FlowsTable
        screen={screen}
        title={`Flows of ${printable(name === '' ? ip : name)}`}
        alsoFilter={term('ip', ip)}
        height="360px"
        empty="No flows of it yet."
      />
    </div>
  );
}

function HostNumbers({ host }: { readonly host: Row }): JSX.Element {
  const bytes = (name: string): string => (numberOf(host[name]) === null ? unknown : formatBytes(Number(host[name])));
  const rate = (name: string): string =>
    numberOf(host[name]) === null ? unknown : formatBitRate(Number(host[name]) * 8);
  const time = (name: string): string => (numberOf(host[name]) === null ? unknown : dayTime(Number(host[name])));
  const facts: [string, string][] = [
    ['↓ received', bytes('bytes_in')],
    ['↑ sent', bytes('bytes_out')],
    ['↓ now', rate('rate_in')],
    ['↑ now', rate('rate_out')],
    ['Flows', numberOf(host.flows) === null ? unknown : formatCount(Number(host.flows))],
    ['First seen', time('first_ts')],
    ['Last seen', time('last_ts')],
    ['Country', printable(textOf(host.country)) || unknown],
    ['Device', printable(textOf(host.vendor)) || unknown],
  ];
  return <FactList facts={facts} />;
}

/** How much speaks for trouble, and which alerts name it. */
function Risk({ screen, ip }: HostPageProps): JSX.Element | null {
  const snapshot = screen.snapshot.value;
  const risk = snapshot?.risks.find(({ host }) => host === ip);
  const alerts = (snapshot?.alerts ?? []).filter(
    ({ key, sources, targets }) => key === ip || sources.includes(ip) || targets.includes(ip),
  );
  if (risk === undefined && alerts.length === 0) return null;
  return (
    <section class="panel">
      <header>
        <h3>Alerts</h3>
        {risk !== undefined && (
          <span>
            risk {risk.score.toFixed(0)}: {risk.level}
          </span>
        )}
      </header>
      <ul>
        {alerts.map((alert) => (
          <li key={alert.id}>
            <span class={`sev s-${alert.severity}`} aria-hidden="true">
              {severities[alert.severity].icon}
            </span>{' '}
            <a href={screen.href('alerts', { alert: alert.id })}>{alertWords(alert)}</a>{' '}
            <span class="muted">{printable(alert.explain)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface SharesProps {
  readonly screen: Screen;
  readonly title: string;
  readonly shares: readonly Share[];
  readonly empty: string;
  readonly isPeers?: boolean;
}

function Shares({ screen, title, shares, empty, isPeers }: SharesProps): JSX.Element {
  const all = shares.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <section class="panel">
      <Bars
        screen={screen}
        title={title}
        measure="bytes"
        isPlain
        empty={empty}
        rows={shares.slice(0, 8).map(({ key, name, bytes, app }) => ({
          label: printable(isPeers ? name : `${appTitle(screen, app)} ${name}`),
          value: formatBytes(bytes),
          share: all === 0 ? 0 : bytes / all,
          paint: isPeers ? directionPaint.in : familyPaint[screen.familyOf(app)],
          ...(isPeers ? { href: screen.href('hosts', { host: key }) } : { term: term('port', key) }),
        }))}
      />
    </section>
  );
}

function Names({ facts }: { readonly facts: HostFacts }): JSX.Element | null {
  const rows: [string, readonly string[]][] = [
    ['Names', facts.names],
    ['Hardware addresses', facts.macs],
    ['TLS fingerprints (JA4)', facts.fingerprints],
  ];
  const said = rows.filter(([, values]) => values.length > 0);
  if (said.length === 0) return null;
  return (
    <dl class="fields panel">
      {said.map(([title, values]) => (
        <div key={title}>
          <dt class="muted">{title}</dt>
          <dd class="mono">{printable(values.join(', '))}</dd>
        </div>
      ))}
    </dl>
  );
}
