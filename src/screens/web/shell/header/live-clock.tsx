// How long it has been going on, in packet time; or for how long the screen has been holding still.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { formatCount } from '../../../present/index.ts';
import type { Shell } from '../open-screen.ts';

/** `00:12:41`, `0:42` below an hour when short. */
function clock(seconds: number, isShort = false): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  if (isShort && hours === 0) return `${minutes}:${two(whole % 60)}`;
  return `${two(hours)}:${two(minutes)}:${two(whole % 60)}`;
}

function Held({ shell }: { readonly shell: Shell }): JSX.Element | null {
  const now = useSignal(Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      now.value = Date.now();
    }, 500);
    return () => clearInterval(timer);
  }, [now]);
  const held = shell.held.value;
  if (held === null) return null;
  return (
    <span class="live held" role="status" aria-live="off">
      paused <span class="num">{clock((now.value - held.sinceMs) / 1000, true)}</span>
      <span class="num">· +{formatCount(held.packets)} packets</span>
    </span>
  );
}

export function LiveClock({ shell }: { readonly shell: Shell }): JSX.Element {
  if (shell.isPaused.value) return <Held shell={shell} />;
  const snapshot = shell.snapshot.value;
  // A pulse may be older than the last snapshot of what has ended.
  const lastUs = Math.max(shell.pulse.value?.lastUs ?? 0, snapshot?.lastUs ?? 0);
  const firstUs = snapshot?.firstUs ?? null;
  const time = firstUs === null || lastUs < firstUs ? '' : clock((lastUs - firstUs) / 1e6);
  // A range that follows the newest goes on as long as the capture does, wherever its numbers come from.
  const isFollowing = shell.last.value !== null;
  const { isLive, kind } = (isFollowing ? shell.base : shell.scene).value.about;
  const state = (isFollowing ? shell.base.value.latest() : snapshot)?.state ?? 'waiting';
  const isPast = shell.range.value !== null && !isFollowing;
  if (!isPast && (state === 'waiting' || state === 'running')) {
    const word = state === 'waiting' ? 'waiting' : isLive ? 'LIVE' : 'reading';
    return (
      <span class="live on">
        {word} <span class="num">{time}</span>
      </span>
    );
  }
  return (
    <span class="live off">
      {state === 'failed' ? 'failed' : isPast ? 'past' : kind === 'store' ? 'history' : 'ended'}{' '}
      <span class="num">{time}</span>
    </span>
  );
}
