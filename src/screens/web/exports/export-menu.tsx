// What a table shows as a file: a menu button with CSV, JSON, and packets where they can be had.

import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { WindowRequest } from '../../api/index.ts';
import type { Screen } from '../shell/screen.ts';
import { troubleText } from '../views/pieces/asked-rows.ts';
import { exportRows } from './export-rows.ts';

export interface ExportMenuProps {
  readonly screen: Pick<Screen, 'scene' | 'filter' | 'packetFileHref'>;
  readonly table: string;
  /** Left out: the screen's own. */
  readonly filter?: string;
  /** Left out: all. */
  readonly columns?: readonly string[] | undefined;
  /** Left out: as the scene gives them. */
  readonly sort?: WindowRequest['sort'];
}

export function ExportMenu({
  screen,
  table,
  filter = screen.filter.value,
  columns,
  sort,
}: ExportMenuProps): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const [said, setSaid] = useState('');
  const room = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const items = (): HTMLElement[] => [...(room.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];
  const close = (): void => {
    setOpen(false);
    opener.current?.focus();
  };
  useEffect(() => {
    if (!isOpen) return;
    items()[0]?.focus();
    const away = (event: Event): void => {
      if (!room.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', away);
    return () => document.removeEventListener('pointerdown', away);
  }, [isOpen]);
  const save = async (format: 'csv' | 'json'): Promise<void> => {
    close();
    setSaid('saving …');
    const request = { table, filter, ...(columns && { columns }), ...(sort && { sort }) };
    setSaid(await exportRows(screen.scene.value, request, format).catch(troubleText));
  };
  const packets = screen.packetFileHref({ filter });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears keys of what is inside
    <div
      class="menu"
      ref={room}
      onKeyDown={(event) => {
        if (!isOpen || !menuKey(event.key, items(), close)) return;
        event.stopPropagation();
        if (event.key !== 'Tab') event.preventDefault();
      }}
    >
      <output class="muted small">{said}</output>{' '}
      <button
        type="button"
        ref={opener}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' || isOpen) return;
          event.preventDefault();
          event.stopPropagation();
          setOpen(true);
        }}
      >
        Export ▾
      </button>
      {isOpen && (
        <div class="popup" role="menu" aria-label="Export">
          <button type="button" role="menuitem" tabIndex={-1} onClick={() => save('csv')}>
            CSV
          </button>
          <button type="button" role="menuitem" tabIndex={-1} onClick={() => save('json')}>
            JSON
          </button>
          {packets !== null && (
            <a class="button" role="menuitem" tabIndex={-1} href={packets} download onClick={close}>
              Packets (pcapng)
            </a>
          )}
        </div>
      )}
    </div>
  );
}

/** Whether the key means something in a menu (ARIA Authoring Practices: menu button). */
function menuKey(key: string, items: readonly HTMLElement[], close: () => void): boolean {
  const at = items.indexOf(document.activeElement as HTMLElement);
  const last = items.length - 1;
  const next = { ArrowDown: at >= last ? 0 : at + 1, ArrowUp: at <= 0 ? last : at - 1, Home: 0, End: last }[key];
  if (next !== undefined) items[next].focus();
  else if (key === 'Escape' || key === 'Tab') close();
  else return key.length === 1 && /[a-z]/i.test(key) && focusLetter(key, items, at);
  return true;
}

function focusLetter(letter: string, items: readonly HTMLElement[], at: number): boolean {
  const order = [...items.slice(at + 1), ...items.slice(0, at + 1)];
  order.find(({ textContent }) => textContent.toLowerCase().startsWith(letter.toLowerCase()))?.focus();
  return true;
}
