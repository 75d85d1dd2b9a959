// Tabs of the views, with what should be noticed from everywhere.

import type { JSX } from 'preact';
import { formatCount, severities } from '../../present/index.ts';
import type { Shell } from './open-screen.ts';
import { views } from './views.ts';

/** Alerts that are worth a look: the worst severity that there is, from medium on, and how many. */
function AlertMark({ shell }: { readonly shell: Shell }): JSX.Element | null {
  const counts = shell.snapshot.value?.alertCounts;
  if (counts === undefined) return null;
  const worst = (['critical', 'severe', 'high', 'medium'] as const).find((each) => counts[each] > 0);
  if (worst === undefined) return null;
  return (
    <span class={`mark s-${worst}`} title={`${counts[worst]} ${worst}`}>
      <span aria-hidden="true">{severities[worst].icon} </span>
      <span class="num">{formatCount(counts[worst])}</span>
      <span class="unseen"> {worst}</span>
    </span>
  );
}

/** Whether what is seen is complete. */
function HealthMark({ shell }: { readonly shell: Shell }): JSX.Element | null {
  const dropped = shell.snapshot.value?.dropped;
  // What was lost before rows were kept is not in a store.
  if (dropped === undefined || shell.scene.value.about.kind === 'store') return null;
  const isWhole = dropped.kernel + dropped.interface + dropped.queue === 0;
  return isWhole ? <span title="nothing was lost">✓</span> : <span title="packets were lost">✗</span>;
}

export function Tabs({ shell }: { readonly shell: Shell }): JSX.Element {
  const open = shell.place.value.view;
  const hasHistory = shell.base.value.about.can.history;
  return (
    <nav class="tabs" aria-label="Views">
      {views
        .filter(({ name }) => name !== 'history' || hasHistory)
        .map(({ key, name, title }) => (
          <a key={name} href={shell.href(name)} aria-current={name === open ? 'page' : undefined}>
            <span class="key" aria-hidden="true">
              {key}
            </span>
            {title}
            {name === 'alerts' && <AlertMark shell={shell} />}
            {name === 'health' && <HealthMark shell={shell} />}
          </a>
        ))}
    </nav>
  );
}
