// Map: where traffic goes, on the world where places are known; who speaks with whom in the house; always as tables.

import type { FunctionComponent } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { printable } from '../../../../core/index.ts';
import type { Row } from '../../../api/index.ts';
import { counted, familyPaint, formatBytes, formatCount } from '../../../present/index.ts';
import { type Conversation, Sankey } from '../../charts/sankey/sankey.tsx';
import { type Edge, hostGraph } from '../../map/graph-layout.ts';
import { HostPicture } from '../../map/host-picture.tsx';
import { type CountryTraffic, countryTitle, countryTraffic, homeCountry } from '../../map/places.ts';
import type { Screen, ViewProps } from '../../shell/screen.ts';
import { namedRows, numberOf, textOf, useRows } from '../pieces/asked-rows.ts';
import { Empty, Panel, SmallTable, Term } from '../pieces/pieces.tsx';
import { equals, ofHost } from '../pieces/terms.ts';

const mostHosts = 1000;
const mostFlows = 1000;
const everyMs = 5000;
const nodesShown = 60;
const bandsShown = 40;

export function MapView({ screen }: ViewProps) {
  const hosts = useRows(screen, { table: 'hosts', sort: { column: 'bytes', descending: true } }, mostHosts, everyMs);
  const flows = useRows(screen, { table: 'flows', sort: { column: 'bytes', descending: true } }, mostFlows, everyMs);
  const { can } = screen.scene.value.about;
  const rows = namedRows(hosts.window);
  const countries = countryTraffic(rows, countryTitle);
  const edges = edgesOf(namedRows(flows.window));
  return (
    <div class="view view-grid">
      <h1 class="unseen">Map</h1>
      <p class="view-sentence">{mapSentence(countries, edges)}</p>
      {(hosts.trouble ?? flows.trouble) !== null && <Empty>{hosts.trouble ?? flows.trouble}</Empty>}
      {can.places ? (
        <WorldPanel screen={screen} countries={countries} home={homeCountry(rows)} />
      ) : (
        <Panel title="The world" isWide>
          <Empty>
            Where addresses are is not known: Taplight asks nobody else. Give it a database of yours, such as
            GeoLite2-Country.mmdb, with --geoip FILE.
          </Empty>
        </Panel>
      )}
      <Network screen={screen} edges={edges} rows={rows} />
      <Largest screen={screen} flows={namedRows(flows.window)} rows={rows} />
    </div>
  );
}

export function mapSentence(countries: readonly CountryTraffic[], edges: readonly Edge[]): string {
  const hosts = new Set(edges.flatMap(({ a, b }) => [a, b])).size;
  if (hosts === 0) return 'Nobody has spoken yet.';
  const [first] = countries;
  const where =
    first === undefined
      ? ''
      : ` in ${counted(countries.length, 'country', 'countries')}, most with ${first.title}: ${formatBytes(first.bytesIn + first.bytesOut)}`;
  return `${counted(hosts, 'host')} in the largest conversations${where}.`;
}

/** Conversations of two hosts, whoever began. */
export function edgesOf(flows: readonly Row[]): Edge[] {
  const edges = new Map<string, Edge>();
  for (const flow of flows) {
    const pair = [textOf(flow.src_ip), textOf(flow.dst_ip)].sort();
    const bytes = bytesOf(flow);
    const key = pair.join(' ');
    edges.set(key, { a: pair[0], b: pair[1], bytes: bytes + (edges.get(key)?.bytes ?? 0) });
  }
  return [...edges.values()].sort((a, b) => b.bytes - a.bytes);
}

const bytesOf = (flow: Row): number => (numberOf(flow.bytes_fwd) ?? 0) + (numberOf(flow.bytes_rev) ?? 0);

/** Addresses that are nobody else's: RFC 1918, RFC 4193, link-local, loopback. */
export function isPrivate(ip: string): boolean {
  return /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|127\.|f[cd]|fe[89ab]|::1$)/i.test(ip);
}

interface WorldPanelProps {
  readonly screen: Screen;
  readonly countries: readonly CountryTraffic[];
  /** Where the house is; null: nobody knows. */
  readonly home: string | null;
}

type WorldView = FunctionComponent<WorldPanelProps>;

/** The outline is loaded when the map is looked at. */
function WorldPanel({ screen, countries, home }: WorldPanelProps) {
  const [World, setWorld] = useState<WorldView | null>(null);
  useEffect(() => {
    void import('../../map/world.tsx').then((loaded) => setWorld(() => loaded.default as WorldView));
  }, []);
  return (
    <>
      <Panel
        title="The world"
        note={
          home === null
            ? 'dots only: no address of the house has a known place, so no line can begin there'
            : `lines begin in ${countryTitle(home)}, where most addresses of the house are`
        }
        isWide
      >
        {World !== null && <World screen={screen} countries={countries} home={home} />}
      </Panel>
      <Panel title="Countries" isWide>
        <SmallTable
          caption="Countries"
          columns={[
            { title: 'Country' },
            { title: '↓ in', isNumber: true },
            { title: '↑ out', isNumber: true },
            { title: 'Hosts', isNumber: true },
          ]}
          rows={countries.map(({ code, title, bytesIn, bytesOut, hosts }) => [
            <Term key={code} screen={screen} text={`${title} (${code})`} term={equals('country', code)} />,
            formatBytes(bytesIn),
            formatBytes(bytesOut),
            formatCount(hosts),
          ])}
          empty="No address outside the house has a known place."
        />
      </Panel>
    </>
  );
}

const namesOf = (screen: Screen, rows: readonly Row[]): ((ip: string) => string) => {
  const names = screen.snapshot.value?.names ?? {};
  const known = new Map(rows.map((row) => [textOf(row.ip), textOf(row.name)]));
  return (ip) => names[ip] || known.get(ip) || ip;
};

interface NetworkProps {
  readonly screen: Screen;
  readonly edges: readonly Edge[];
  readonly rows: readonly Row[];
}

function Network({ screen, edges, rows }: NetworkProps) {
  const isKnownInside = new Map(rows.map((row) => [textOf(row.ip), row.local]));
  const isInside = (ip: string): boolean => {
    const known = isKnownInside.get(ip);
    return typeof known === 'boolean' ? known : isPrivate(ip);
  };
  const graph = hostGraph(edges, isInside, nodesShown, 1);
  const nameOf = namesOf(screen, rows);
  if (graph.nodes.length === 0) return null;
  return (
    <Panel title="Who speaks with whom" note="round: inside; square: outside; a click narrows" isWide>
      <HostPicture screen={screen} graph={graph} nameOf={nameOf} />
      {graph.more > 0 && <p class="muted">and {counted(graph.more, 'more host')}</p>}
      <details>
        <summary>The same as a table</summary>
        <SmallTable
          caption="Who speaks with whom"
          columns={[{ title: 'Host' }, { title: 'with' }, { title: 'Bytes', isNumber: true }]}
          rows={graph.edges.map(({ a, b, bytes }) => [
            <Term key="a" screen={screen} text={nameOf(a)} term={ofHost(a)} />,
            <Term key="b" screen={screen} text={nameOf(b)} term={ofHost(b)} />,
            formatBytes(bytes),
          ])}
        />
      </details>
    </Panel>
  );
}

interface LargestProps {
  readonly screen: Screen;
  readonly flows: readonly Row[];
  readonly rows: readonly Row[];
}

function Largest({ screen, flows, rows }: LargestProps) {
  const nameOf = namesOf(screen, rows);
  const sums = new Map<string, Conversation>();
  for (const flow of flows) {
    const [client, server] = [textOf(flow.src_ip), textOf(flow.dst_ip)];
    const key = `${client} ${server}`;
    const before = sums.get(key);
    sums.set(key, {
      from: printable(nameOf(client)),
      to: printable(nameOf(server)),
      value: bytesOf(flow) + (before?.value ?? 0),
      paint: before?.paint ?? familyPaint[screen.familyOf(textOf(flow.app))],
      fromTerm: ofHost(client),
      toTerm: ofHost(server),
    });
  }
  const largest = [...sums.values()].sort((a, b) => b.value - a.value).slice(0, bandsShown);
  return (
    <Panel isWide>
      <Sankey screen={screen} title="Largest conversations: clients and servers" conversations={largest} />
    </Panel>
  );
}
