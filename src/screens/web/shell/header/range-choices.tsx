// Ranges of time to choose from: presets, from–to, earlier and later.

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { TimeRange } from '../../../api/index.ts';
import { dayTime } from '../../../present/index.ts';
import type { Shell } from '../open-screen.ts';
import { rangeNow, shifted } from './range-menu.tsx';

const presets: readonly (readonly [title: string, seconds: number])[] = [
  ['1 minute', 60],
  ['5 minutes', 300],
  ['15 minutes', 900],
  ['1 hour', 3600],
  ['24 hours', 86_400],
  ['7 days', 604_800],
];

/** For `<input type=datetime-local>`: local time without a zone. */
const fieldText = (us: number): string => dayTime(us).replace(' ', 'T');
const fieldUs = (text: string): number => new Date(text).getTime() * 1000;

export function RangeChoices({ shell }: { readonly shell: Shell }): JSX.Element {
  const range = shell.range.value;
  const { isLive, can } = shell.base.value.about;
  const whole = isLive ? 'Live' : 'All of it';
  const lastUs = shell.newestUs.value;
  const lengthSec = ((lastUs ?? 0) - (shell.base.value.latest()?.firstUs ?? lastUs ?? 0)) / 1e6;
  const offered = presets.filter(([, seconds], i) => can.history || i < 2 || seconds < lengthSec * 2);
  return (
    <>
      <button type="button" data-closes aria-pressed={range === null} onClick={() => shell.setRange(null)}>
        {whole}
      </button>
      {lastUs !== null &&
        offered.map(([title, seconds]) => (
          <button
            type="button"
            data-closes
            key={title}
            aria-pressed={shell.last.value === seconds}
            onClick={() => (isLive ? shell.setLast(seconds) : shell.setRange(rangeNow(lastUs, seconds)))}
          >
            Last {title}
          </button>
        ))}
      {lastUs !== null && <FromTo range={range ?? rangeNow(lastUs)} onRange={shell.setRange} />}
      {range !== null && (
        <button type="button" onClick={() => shell.setRange(shifted(range, -1))}>
          Earlier <kbd>[</kbd>
        </button>
      )}
      {range !== null && (
        <button type="button" onClick={() => shell.setRange(shifted(range, 1))}>
          Later <kbd>]</kbd>
        </button>
      )}
    </>
  );
}

interface FromToProps {
  readonly range: TimeRange;
  readonly onRange: (range: TimeRange) => void;
}

function FromTo({ range, onRange }: FromToProps): JSX.Element {
  const [from, setFrom] = useState(fieldText(range.fromUs));
  const [to, setTo] = useState(fieldText(range.toUs));
  const [fromUs, toUs] = [fieldUs(from), fieldUs(to)];
  return (
    <form
      class="from-to"
      onSubmit={(event) => {
        event.preventDefault();
        if (fromUs < toUs) onRange({ fromUs, toUs });
      }}
    >
      <label>
        From <input type="datetime-local" step="1" value={from} onInput={(e) => setFrom(e.currentTarget.value)} />
      </label>
      <label>
        To <input type="datetime-local" step="1" value={to} onInput={(e) => setTo(e.currentTarget.value)} />
      </label>
      <button type="submit" disabled={!(fromUs < toUs)}>
        Show
      </button>
    </form>
  );
}
