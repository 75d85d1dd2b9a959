// All at one glance: a sentence, six numbers, traffic over time, who and what most of it is, what is new.

import type { JSX } from 'preact';
import { momentSentence } from '../../../present/index.ts';
import { tellsOfWhole } from '../../data/stretch.ts';
import { lazily } from '../../shell/lazily.tsx';
import type { ViewProps } from '../../shell/screen.ts';
import { alertsWithin, BusiestHosts, NewestAlerts, ProtocolBars } from './parts.tsx';
import { Tiles } from './tiles.tsx';
import { Traffic } from './traffic.tsx';

const NewestFlows = lazily(async () => (await import('./newest-flows.tsx')).NewestFlows);

/** Said anew with each snapshot: what changes ten times a second cannot be read. */
function Sentence({ screen }: ViewProps): JSX.Element {
  const scene = screen.scene.value;
  const range = screen.range.value;
  const snapshot = screen.snapshot.value;
  const isLive = scene.about.isLive && range === null;
  const isOfWhole = tellsOfWhole(scene);
  const moment = {
    isLive,
    snapshot:
      snapshot !== null && isOfWhole ? { ...snapshot, talkers: [], ...alertsWithin(snapshot, range) } : snapshot,
    pulse: screen.pulse.peek(),
    recent: screen.series('recent').peek(),
  };
  // A number and its unit stay on one line.
  const words = momentSentence(moment).replace(/(\d) (?=%|[kMGT]?B|[kMGT]?b\/s)/g, '$1\u00a0');
  return (
    <p class="sentence">
      {words}
      {isOfWhole && <span class="muted"> Protocols are told by family here, hosts of all of the capture.</span>}
    </p>
  );
}

export function Overview({ screen }: ViewProps): JSX.Element {
  return (
    <>
      <Sentence screen={screen} />
      <Tiles screen={screen} />
      <Traffic screen={screen} />
      <div class="thirds">
        <ProtocolBars screen={screen} />
        <BusiestHosts screen={screen} />
        <NewestAlerts screen={screen} />
      </div>
      <div class="newest">
        <NewestFlows screen={screen} />
      </div>
    </>
  );
}
