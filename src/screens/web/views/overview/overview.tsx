// All at one glance: a sentence, six numbers, traffic over time, who and what most of it is, what is new.

import type { JSX } from 'preact';
import { momentSentence } from '../../../present/index.ts';
import { lazily } from '../../shell/lazily.tsx';
import type { ViewProps } from '../../shell/screen.ts';
import { BusiestHosts, NewestAlerts, ProtocolBars } from './parts.tsx';
import { Tiles } from './tiles.tsx';
import { Traffic } from './traffic.tsx';

const NewestFlows = lazily(async () => (await import('./newest-flows.tsx')).NewestFlows);

/** Said anew with each snapshot: what changes ten times a second cannot be read. */
function Sentence({ screen }: ViewProps): JSX.Element {
  const snapshot = screen.snapshot.value;
  const { isLive } = screen.scene.value.about;
  const moment = { isLive, snapshot, pulse: screen.pulse.peek(), recent: screen.series('recent').peek() };
  // A number and its unit stay on one line.
  return <p class="sentence">{momentSentence(moment).replace(/(\d) (?=%|[kMGT]?B|[kMGT]?b\/s)/g, '$1\u00a0')}</p>;
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
