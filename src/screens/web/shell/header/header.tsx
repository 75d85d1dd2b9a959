// The line at the top: what is looked at, how it stands, the filter, the range of time, and what the screen can do.

import type { JSX } from 'preact';
import { nextChoice } from '../../look/theme.ts';
import { lazily } from '../lazily.tsx';
import type { Shell } from '../open-screen.ts';
import { LiveClock } from './live-clock.tsx';
import { RangeMenu } from './range-menu.tsx';
import { SceneChooser } from './scene-chooser.tsx';

const themeIcon = { system: '◐', dark: '☾', light: '☀', contrast: '◑' } as const;
const themeWord = { system: 'as the system', dark: 'dark', light: 'light', contrast: 'high contrast' } as const;

/** Nobody types in the first moment: the line stands there and is filled in. */
const FilterBar = lazily(
  async () => (await import('../../filter/filter-bar.tsx')).FilterBar,
  <search class="field">
    <input type="text" aria-label="Filter" placeholder="/ filter: a name, address, protocol …" disabled />
  </search>,
);

interface HeaderProps {
  readonly shell: Shell;
  readonly onHelp: () => void;
}

export function Header({ shell, onHelp }: HeaderProps): JSX.Element {
  const choice = shell.themeChoice.value;
  return (
    <header class="topbar">
      <h1>
        <a class="brand" href={shell.href('overview')}>
          Taplight
        </a>
      </h1>
      <SceneChooser shell={shell} />
      <LiveClock shell={shell} />
      <FilterBar screen={shell} view={shell.place.value.view} />
      <RangeMenu shell={shell} />
      <PauseButton shell={shell} />
      <button
        type="button"
        class="icon"
        aria-label={`Theme: ${themeWord[choice]}`}
        title={`Theme: ${themeWord[choice]} (t)`}
        onClick={() => {
          shell.themeChoice.value = nextChoice(choice);
        }}
      >
        {themeIcon[choice]}
      </button>
      <button type="button" class="icon" aria-label="Help" title="Help (?)" aria-haspopup="dialog" onClick={onHelp}>
        ?
      </button>
    </header>
  );
}

function PauseButton({ shell }: { readonly shell: Shell }): JSX.Element {
  const isPaused = shell.isPaused.value;
  return (
    <button
      type="button"
      class="icon"
      aria-pressed={isPaused}
      aria-label="Pause"
      title={isPaused ? 'Go on (Space)' : 'Hold the screen still (Space); the capture goes on'}
      onClick={() => shell.setPaused(!isPaused)}
    >
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
        <path fill="currentColor" d={isPaused ? 'M4 2l10 6-10 6z' : 'M3 2h4v12H3zM9 2h4v12H9z'} />
      </svg>
    </button>
  );
}
