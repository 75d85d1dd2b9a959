// What is spoken to those who do not see the screen.

import { useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { type Alert, severities } from '../../../../core/index.ts';
import { alertWords, momentSentence } from '../../../present/index.ts';
import type { Shell } from '../open-screen.ts';

const speakMs = 10_000;
const isGrave = ({ severity }: Alert): boolean => severities.indexOf(severity) >= severities.indexOf('high');

/** The sentence at most every ten seconds, grave alerts at once. */
export function Announcer({ shell }: { readonly shell: Shell }): JSX.Element {
  const spoken = useSignal('');
  const urgent = useSignal('');
  const spokenAt = useRef(Number.NEGATIVE_INFINITY);
  const known = useRef<Set<string> | null>(null);
  const recent = shell.series('recent');
  useSignalEffect(() => {
    const snapshot = shell.snapshot.value;
    if (snapshot === null) return;
    const grave = snapshot.alerts.filter(isGrave);
    const fresh = known.current === null ? [] : grave.filter(({ id }) => !known.current?.has(id));
    known.current = new Set(grave.map(({ id }) => id));
    if (fresh.length > 0) urgent.value = `New alert: ${fresh.map(alertWords).join('; ')}`;
    if (performance.now() - spokenAt.current < speakMs) return;
    spokenAt.current = performance.now();
    const { isLive } = shell.scene.peek().about;
    spoken.value = momentSentence({ isLive, snapshot, pulse: shell.pulse.peek(), recent: recent.peek() });
  });
  return (
    <div class="unseen">
      <p aria-live="polite">{spoken.value}</p>
      <p aria-live="assertive">{urgent.value}</p>
    </div>
  );
}
