// A button that opens a small panel; closed by Escape, a click elsewhere or on what says so, or when focus leaves.

import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

interface MenuProps {
  readonly label: string;
  readonly button: ComponentChildren;
  readonly children: ComponentChildren;
  readonly class?: string;
}

export function Menu({ label, button, children, class: name = '' }: MenuProps): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    const away = (event: Event): void => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', away);
    document.addEventListener('focusin', away);
    return () => {
      document.removeEventListener('pointerdown', away);
      document.removeEventListener('focusin', away);
    };
  }, [isOpen]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears Escape from what is inside
    <div
      class={`menu ${name}`}
      ref={root}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !isOpen) return;
        event.stopPropagation();
        setOpen(false);
        opener.current?.focus();
      }}
    >
      <button type="button" ref={opener} aria-expanded={isOpen} aria-haspopup="true" onClick={() => setOpen(!isOpen)}>
        {button !== `${label} ▾` && <span class="unseen">{label}: </span>}
        {button}
      </button>
      {isOpen && (
        // biome-ignore lint/a11y/useKeyWithClickEvents: keys click buttons
        <section
          class="popup"
          aria-label={label}
          onClick={({ target }) => {
            if ((target as Element).closest('[data-closes]') === null) return;
            setOpen(false);
            opener.current?.focus();
          }}
        >
          {children}
        </section>
      )}
    </div>
  );
}
