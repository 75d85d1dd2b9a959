// What is known of one thing, each with its name.

import type { JSX } from 'preact';

export function FactList({
  facts,
}: {
  readonly facts: readonly (readonly [name: string, value: string])[];
}): JSX.Element {
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt class="muted">{name}</dt>
          <dd class="num">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
