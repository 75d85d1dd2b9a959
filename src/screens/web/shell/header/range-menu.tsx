// The one range of time of the whole screen: presets, from–to, back to live.

import type { JSX } from 'preact';
import type { TimeRange } from '../../../api/index.ts';
import { clockTime, counted, dayTime } from '../../../present/index.ts';
import { lazily } from '../lazily.tsx';
import { Menu } from '../menu.tsx';
import type { Shell } from '../open-screen.ts';

const RangeChoices = lazily(async () => (await import('./range-choices.tsx')).RangeChoices);

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

const units: readonly (readonly [unit: string, seconds: number])[] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

/** `5 minutes`, `1 hour`. */
function lastText(seconds: number): string {
  const [unit, size] = units.find(([, size]) => seconds % size === 0) ?? ['second', 1];
  return counted(seconds / size, unit);
}

export function RangeMenu({ shell }: { readonly shell: Shell }): JSX.Element {
  const range = shell.range.value;
  const { isLive } = shell.base.value.about;
  const whole = isLive ? 'Live' : 'All of it';
  const last = shell.last.value;
  const text = range === null ? whole : last === null ? rangeText(range) : `Last ${lastText(last)}`;
  return (
    <>
      {range !== null && (
        <button type="button" class="range" onClick={() => shell.setRange(null)}>
          {isLive ? '● Live' : 'All'}
        </button>
      )}
      <Menu class="range" label="Time range" button={<span class="num">{text} ▾</span>}>
        <RangeChoices shell={shell} />
      </Menu>
    </>
  );
}
