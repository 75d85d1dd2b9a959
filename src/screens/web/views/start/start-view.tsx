// Where to begin: an interface, a file, or the demo.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Failure, printable } from '../../../../core/index.ts';
import type { SceneAbout } from '../../../api/index.ts';
import { formatBitRate, unknown } from '../../../present/index.ts';
import { noteLoss } from '../../data/connection.ts';
import { beginDemo, beginOn, byActivity, type InterfaceRow, interfaces, upload } from './beginnings.ts';

export interface StartProps {
  readonly onOpen: (scene: string) => void;
}

interface Trouble {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

const troubleOf = (error: unknown): Trouble =>
  error instanceof Failure
    ? { code: error.code, message: error.message, hint: error.hint }
    : { code: '', message: error instanceof Error ? error.message : 'it did not work', hint: 'Try again.' };

export function Start({ onOpen }: StartProps): JSX.Element {
  const busy = useSignal('');
  const trouble = useSignal<Trouble | null>(null);
  const file = useRef<HTMLInputElement>(null);
  const begin = (what: string, how: () => Promise<SceneAbout>): void => {
    busy.value = what;
    trouble.value = null;
    how().then(
      ({ id }) => onOpen(id),
      (error) => {
        busy.value = '';
        trouble.value = troubleOf(error);
        noteLoss(error);
      },
    );
  };
  return (
    <div class="start">
      <h2>Choose what to look at</h2>
      <p class="busy" role="status">
        {busy.value}
      </p>
      {trouble.value !== null && <TroubleCard trouble={trouble.value} />}
      <div class="start-ways">
        <Interfaces onPick={(name) => begin(`Opening ${printable(name)} …`, () => beginOn(name))} />
        <section class="panel" aria-labelledby="start-other">
          <header>
            <h3 id="start-other">Or</h3>
          </header>
          <ul class="ways">
            <li>
              <button type="button" onClick={() => file.current?.click()}>
                Open a capture file …
              </button>
              <p class="muted small">
                pcap or pcapng, also packed; or drop one anywhere on this page. It stays on this machine.
              </p>
              <input
                ref={file}
                type="file"
                hidden
                aria-label="Capture file"
                accept=".pcap,.pcapng,.cap,.gz,.zst"
                onChange={({ currentTarget }) => {
                  const chosen = currentTarget.files?.[0];
                  if (chosen !== undefined) begin(`Sending ${printable(chosen.name)} …`, () => upload(chosen));
                }}
              />
            </li>
            <li>
              <button type="button" onClick={() => begin('Beginning the demo …', beginDemo)}>
                Demo
              </button>
              <p class="muted small">Made-up traffic, played as if it were live; nothing to set up.</p>
            </li>
          </ul>
        </section>
      </div>
    </div>
  );
}

/** Permissions have a hint of several lines, with commands: they are shown as they are. */
function TroubleCard({ trouble }: { readonly trouble: Trouble }): JSX.Element {
  return (
    <section class="card" role="alert" aria-label="It did not work">
      <h3>{trouble.code === 'NO_PERMISSION' ? `Permission is needed: ${trouble.message}` : `${trouble.message}.`}</h3>
      <p class="pre">{trouble.hint}</p>
    </section>
  );
}

const refreshMs = 1500;

function Interfaces({ onPick }: { readonly onPick: (name: string) => void }): JSX.Element {
  const rows = useSignal<readonly InterfaceRow[] | null>(null);
  const why = useSignal('');
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isWanted = true;
    const look = (): void => {
      const again = (): void => {
        if (isWanted) timer = setTimeout(look, refreshMs);
      };
      if (document.hidden) {
        again();
        return;
      }
      interfaces().then(
        (all) => {
          // The order stays as it was at first: a row must not move away from under the pointer.
          const before = rows.peek()?.map(({ name }) => name) ?? [];
          const sorted = byActivity(all);
          const hadRates = rows.peek()?.some(({ bytes_per_s }) => bytes_per_s !== null) ?? false;
          const place = ({ name }: InterfaceRow): number => before.indexOf(name);
          rows.value = hadRates && all.length === before.length ? sorted.sort((a, b) => place(a) - place(b)) : sorted;
          again();
        },
        (error) => {
          why.value = troubleOf(error).message;
          if (noteLoss(error)) again();
        },
      );
    };
    look();
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [rows, why]);
  return (
    <section class="panel" aria-labelledby="start-interfaces">
      <header>
        <h3 id="start-interfaces">Interfaces</h3>
      </header>
      {rows.value === null && <p class="muted">{why.value === '' ? 'looking …' : `Not told here: ${why.value}.`}</p>}
      <ul class="interfaces">
        {rows.value?.map((row) => (
          <li key={row.name}>
            <button type="button" class="quiet" onClick={() => onPick(row.name)} disabled={!row.up}>
              <strong>{printable(row.name)}</strong>
              <span class="muted">
                {[row.kind, row.default_route ? 'leads outside' : '', row.up ? '' : 'down']
                  .filter((word) => word !== '')
                  .join(', ')}
              </span>
              <span class="mono addresses">{row.addresses.slice(0, 2).join(' ')}</span>
              <span class="num">↓ {rate(row.bytes_per_s?.rx)}</span>
              <span class="num">↑ {rate(row.bytes_per_s?.tx)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

const rate = (bytes: number | undefined): string => (bytes === undefined ? unknown : formatBitRate(bytes * 8));
