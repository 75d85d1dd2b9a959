// What is wrong, below the header.

import type { JSX } from 'preact';
import { connection } from '../../data/connection.ts';
import type { Shell } from '../open-screen.ts';

export function Notices({ shell }: { readonly shell: Shell }): JSX.Element | null {
  const { state } = connection.value;
  if (state === 'over') {
    return (
      <div class="notice bad" role="alert">
        <strong>This session is over.</strong> Open the newest link that taplight printed where it runs.
      </div>
    );
  }
  if (state === 'gone') {
    return (
      <div class="notice bad" role="alert">
        <strong>Taplight does not answer.</strong> It may have been stopped; what is shown is as it was. Trying again …
      </div>
    );
  }
  shell.snapshot.value;
  const failure = shell.base.value.failure();
  if (failure === null) return null;
  return (
    <div class="notice bad" role="alert">
      <strong>{failure.message}.</strong> <span>{failure.hint}</span> <a href={shell.href('start')}>Choose another</a>
    </div>
  );
}
