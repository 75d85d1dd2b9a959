// Views of the terminal, in the order of their keys.

import type { View } from '../frame/view.ts';
import { alertsView } from './alerts/alerts.ts';
import { flowsView } from './flows/flows.ts';
import { healthView } from './health/health.ts';
import { hostsView } from './hosts/hosts.ts';
import { overviewView } from './overview/overview.ts';
import { alertPage } from './pages/alert.ts';
import { flowPage } from './pages/flow.ts';
import { hostPage } from './pages/host.ts';
import { packetPage } from './pages/packet.ts';
import { packetsPage } from './pages/packets.ts';
import { protocolPage } from './pages/protocol.ts';
import { spokenPage } from './pages/spoken.ts';
import { type Page, withPages } from './parts/opening.ts';
import { performanceView } from './performance/performance.ts';
import { protocolsView } from './protocols/protocols.ts';

export { help } from './help.ts';

/** What can be opened over any view, by the word that `Place.opened` begins with. */
const pages: Readonly<Record<string, Page>> = {
  flow: flowPage,
  packets: packetsPage,
  packet: packetPage,
  host: hostPage,
  protocol: protocolPage,
  spoken: spokenPage,
  alert: alertPage,
};

export const views: readonly View[] = [
  overviewView,
  flowsView,
  hostsView,
  protocolsView,
  alertsView,
  performanceView,
  healthView,
].map((view) => withPages(view, pages));
