// A part of a drawing that can be clicked, and reached and pressed by key.

import type { ComponentChildren } from 'preact';

interface PickedProps {
  readonly label: string;
  /** Click and Enter: only this; with Alt: not this. */
  readonly onPick: (isNot: boolean) => void;
  readonly children: ComponentChildren;
}

export function Picked({ label, onPick, children }: PickedProps) {
  return (
    // HTML's button cannot stand in a drawing.
    <g
      class="picked"
      role="button"
      tabIndex={0}
      aria-label={label}
      onClick={(event) => onPick(event.altKey)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter') return;
        event.stopPropagation();
        onPick(event.altKey);
      }}
    >
      {children}
    </g>
  );
}
