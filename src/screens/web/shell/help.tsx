// All keys, and a few words about how the screen works.

import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

const keys: readonly (readonly [keys: string, does: string])[] = [
  ['1 – 9', 'views'],
  ['/', 'filter'],
  ['Space', 'hold the screen still; the capture goes on'],
  ['↑ ↓ j k', 'rows; ← → columns; g G ends'],
  ['Enter', 'open the row'],
  ['Esc', 'one step back'],
  ['f F', 'only this, not this: the value of the cell'],
  ['s S', 'sort by the column, the other way round'],
  ['[ ]', 'the range of time earlier, later'],
  ['t', 'theme'],
  ['?', 'this help'],
];

interface HelpProps {
  readonly onClose: () => void;
  readonly singleKeys: Signal<'on' | 'off'>;
}

export function Help({ onClose, singleKeys }: HelpProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby="help-title" onClose={onClose} class="help">
      <header>
        <h2 id="help-title">Help</h2>
        <button type="button" onClick={onClose}>
          Close
        </button>
      </header>
      <p>
        Every value is a button: a click narrows to <em>only this</em>, Alt-click to <em>not this</em>. The filter line
        shows what that is in words. Drag over a chart to choose a range of time, double-click to go back. The address
        holds all of it: copy it, or use the back button.
      </p>
      <dl>
        {keys.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <label class="check">
        <input
          type="checkbox"
          checked={singleKeys.value === 'on'}
          onChange={(event) => {
            singleKeys.value = event.currentTarget.checked ? 'on' : 'off';
          }}
        />{' '}
        single keys work without Ctrl
      </label>
      <p class="small muted">
        Everything runs on the machine that serves this page; nothing is sent elsewhere.{' '}
        <a href="/LICENSES.txt">Licences</a> of what is inside.
      </p>
    </dialog>
  );
}
