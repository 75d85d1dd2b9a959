// `taplight demo`: the bundled story of a small office network, played through the ordinary pipeline as if it were live.

import type { ExitCode } from '../../../../core/index.ts';
import type { Host } from '../../host.ts';
import { type Arguments, configOwner, detectSettings, type ReadSettings, sortWords } from '../../options/index.ts';
import type { Rooms } from '../../rooms.ts';
import { type CaptureRequest, type CaptureWords, start } from './capture.ts';
import { type RunInput, refuseIdleOptions, settleStdout, settleTimeouts } from './capture-plan.ts';

/** Packet time of the story; test/e2e/demo.test.ts compares. */
export const storySec = 300;

/** What it is called where a capture has its file's name. */
export const demoTitle = 'the demo';

/** Plays the story. Throws a Failure for what cannot be done. */
export async function demo(read: ReadSettings, given: Arguments, host: Host, rooms: Rooms): Promise<ExitCode> {
  return start(await demoRequest(read, given, host), host, rooms);
}

/** The story as something to be captured. Throws a Failure for what cannot be done. */
export async function demoRequest(read: ReadSettings, given: CaptureWords, host: Host): Promise<CaptureRequest> {
  const { origin } = read;
  const settings = settleTimeouts(settleStdout(read.settings, origin), origin);
  const { filter } = sortWords(given.words, given.afterDashes, false, () => false);
  refuseIdleOptions(settings, origin, false);
  const detect = await detectSettings(read, configOwner(host.user, host.environment));
  const { speed } = settings;
  const isPlayed = Number.isFinite(speed);
  const file = { kind: 'files', paths: [host.storyFile] } as const;
  const input: RunInput = isPlayed ? { ...file, pace: speed } : file;
  const about = { title: demoTitle, opening: openingOf(speed), looksLive: isPlayed };
  return { settings, detect, input, filter, isLive: false, demo: about };
}

function openingOf(speed: number): string {
  const what = 'This is the demo: five minutes of a small office network, all of it made up';
  if (!Number.isFinite(speed)) return `${what}, read at once.`;
  const sec = Math.round(storySec / speed);
  return `${what}, played in ${sec < 1 ? 'less than 1' : sec} s (--speed ${speed}); Ctrl+C ends it.`;
}
