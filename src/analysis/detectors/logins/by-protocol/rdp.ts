// Password guessing by Remote Desktop: the login is encrypted, so short connections of the same size, one after the other.

import { type FlowSignal, moment } from '../../../../core/index.ts';
import { failed, type Outcome } from '../attempt.ts';
import { defineGuessing } from '../guessing.ts';

/** A login that is refused takes seconds and some KiB; a session takes longer and paints a screen. */
const sessionUs = 15e6;
const sessionBytes = 20_000;
/** Bytes without which nobody got as far as a password. */
const leastBytes = 100;

function session(s: FlowSignal): Outcome | null {
  if (s.app !== 'rdp' || s.appHow === 'port') return null;
  const isShort = s.lastUs - s.firstUs <= sessionUs && s.rPayload <= sessionBytes && s.oPayload <= sessionBytes;
  return isShort && s.oPayload + s.rPayload >= leastBytes ? failed('') : null;
}

export const bruteRdp = defineGuessing({
  name: 'brute.rdp',
  title: 'Password guessing by Remote Desktop',
  service: 'rdp',
  severity: 'high',
  failures: 10,
  windowSec: 300,
  mitre: 'T1110.001',
  benign: 'A monitoring system that only looks whether the service is there.',
  readers: () => ({}),
  flow: { moments: moment.closed, read: session },
});
