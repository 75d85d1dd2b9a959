// The one range of time of the whole screen: presets, from–to, back to live.

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { TimeRange } from '../../../api/index.ts';
import { clockTime, dayTime } from '../../../present/index.ts';
import { Menu } from '../menu.tsx';
import type { Shell } from '../open-screen.ts';

const presets: readonly (readonly [title: string, seconds: number])[] = [
  ['1 minute', 60],
  ['5 minutes', 300],
  ['15 minutes', 900],
  ['1 hour', 3600],
  ['24 hours', 86_400],
  ['7 days', 604_800],
];

/** The same stretch later (1) or earlier (-1) by half of itself. */
export function shifted({ fromUs, toUs }: TimeRange, direction: 1 | -1): TimeRange {
  const by = Math.round((toUs - fromUs) / 2) * direction;
  return { fromUs: fromUs + by, toUs: toUs + by };
}

/** What `[` begins with when nothing was chosen: the last five minutes. */
export function rangeNow(lastUs: number, seconds = 300): TimeRange {
  return { fromUs: Math.floor(lastUs - seconds * 1e6), toUs: Math.ceil(lastUs) };
}

export function rangeText(range: TimeRange): string {
  const { fromUs, toUs } = range;
  const isShort = toUs - fromUs < 86_400e6;
  return isShort ? `${clockTime(fromUs)} – ${clockTime(toUs)}` : `${dayTime(fromUs)} – ${dayTime(toUs)}`;
}

/** For `<input type=datetime-local>`: local time without a zone. */
const fieldText = (us: number): string => dayTime(us).replace(' ', 'T');
const fieldUs = (text: string): number => new Date(text).getTime() * 1000;

export function RangeMenu({ shell }: { readonly shell: Shell }): JSX.Element {
  const range = shell.range.value;
  const snapshot = shell.snapshot.value;
  const { isLive, can } = shell.base.value.about;
  const whole = isLive ? 'Live' : 'All of it';
  const lastUs = shell.pulse.value?.lastUs ?? snapshot?.lastUs ?? null;
  const lengthSec = ((lastUs ?? 0) - (snapshot?.firstUs ?? lastUs ?? 0)) / 1e6;
  const offered = presets.filter(([, seconds], i) => can.history || i < 2 || seconds < lengthSec * 2);
  return (
    <>
      {range !== null && (
        <button type="button" class="range" onClick={() => shell.setRange(null)}>
          {isLive ? '● Live' : 'All'}
        </button>
      )}
      <Menu
        class="range"
        label="Time range"
        button={<span class="num">{range === null ? whole : rangeText(range)} ▾</span>}
      >
        <button type="button" aria-pressed={range === null} onClick={() => shell.setRange(null)}>
          {whole}
        </button>
        {lastUs !== null &&
          offered.map(([title, seconds]) => (
            <button type="button" key={title} onClick={() => shell.setRange(rangeNow(lastUs, seconds))}>
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
      </Menu>
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
