// Certificates out of their time (RFC 5280 §4.1.2.5), soon to be, or good for longer than public ones may be. Compared with
// the time of the packet, never with the clock of the analyst.

import type { AnyEvent } from '../../../core/index.ts';
import { count, defineDetector } from '../detector.ts';
import { counted } from '../wording.ts';
import { certificateFilter, secondsOf, textOf, watchTls } from './finding.ts';

const daySec = 86_400;
const both = ['tls', 'dtls'];
/** Further off than this is the clock of the capture, not the certificate. */
const clockSec = 1000 * daySec;

const days = (sec: number): number => Math.floor(sec / daySec);

export const expired = defineDetector({
  name: 'tls.expired',
  title: 'Certificate has expired',
  version: 1,
  severity: 'info',
  mitre: 'T1588.004',
  meaning: 'Users who are used to warnings of an expired certificate also pass over the one an attacker shows them.',
  benign: 'Appliances in the own network often keep the certificate they came with; a capture may have a wrong clock.',
  next: 'Compare the end of the certificate with the time of the packet, then have it renewed.',
  options: { days: count(0, 'Whole days past its end before it is told') },
  open: (around) =>
    watchTls(
      around,
      (event, at, options) => {
        if (event.validity !== 'expired') return null;
        const past = days(at.timeUs / 1e6 - secondsOf(event.notAfter));
        if (past < options.days) return null;
        return {
          text: `shows a certificate that ran out ${counted(past || 0, 'day')} ago (${textOf(event.notAfter)})`,
          // Somebody's neglect; a server that is somebody else's as well shows it in its names and signers.
          severity: 'info',
          observed: past || 0,
          threshold: options.days,
          unit: 'days',
          filter: certificateFilter,
        };
      },
      both,
    ),
});

export const notYetValid = defineDetector({
  name: 'tls.not-yet-valid',
  title: 'Certificate is not valid yet',
  version: 1,
  severity: 'low',
  mitre: 'T1588.004',
  meaning:
    'A certificate from the future is made by hand, or one of the clocks is wrong; either breaks what TLS promises.',
  benign: 'A host that was just set up, or a capture whose clock is behind.',
  next: 'Compare the beginning of the certificate with the time of the packet, and with the clocks of both hosts.',
  options: { minutes: count(60, 'Minutes before its beginning that pass for a clock that is off') },
  open: (around) =>
    watchTls(
      around,
      (event, at, options, isLocal) => {
        if (event.validity !== 'not yet valid') return null;
        const early = secondsOf(event.notBefore) - at.timeUs / 1e6;
        if (!(early >= options.minutes * 60)) return null;
        const isClock = early > clockSec;
        return {
          text: `shows a certificate that begins in ${counted(days(early), 'day')} (${textOf(event.notBefore)})`,
          severity: isLocal || isClock ? 'info' : 'low',
          observed: Math.floor(early / 60),
          threshold: options.minutes,
          unit: 'minutes',
          ...(isClock && { against: 'So far off that the clock of the capture is wrong rather.' }),
          filter: certificateFilter,
        };
      },
      both,
    ),
});

export const expiring = defineDetector({
  name: 'tls.expiring',
  title: 'Certificate is about to expire',
  version: 1,
  severity: 'info',
  mitre: null,
  meaning: 'When it runs out, clients refuse the service or their users learn to click warnings away.',
  benign: 'Certificates that are renewed by a program are renewed in their last 30 days.',
  next: 'See that the certificate is renewed in time.',
  options: { days: count(30, 'Days before its end from which it is told') },
  open: (around) =>
    watchTls(around, (event, at, options) => {
      if (event.validity !== 'valid') return null;
      const left = secondsOf(event.notAfter) - at.timeUs / 1e6;
      if (!(left < options.days * daySec) || isShortLived(event)) return null;
      return {
        text: `shows a certificate that runs out in ${counted(days(left), 'day')} (${textOf(event.notAfter)})`,
        severity: 'info',
        observed: days(left),
        threshold: options.days,
        unit: 'days left',
        filter: certificateFilter,
      };
    }),
});

/** Made for less than ten weeks: whoever makes such ones has a program that renews them. */
const isShortLived = (event: AnyEvent): boolean => secondsOf(event.notAfter) - secondsOf(event.notBefore) < 70 * daySec;

/** From when on public certificates may last so many days (CA/Browser Forum ballots 193 and SC31). */
const limits: readonly (readonly [fromSec: number, days: number])[] = [
  [Date.UTC(2020, 8, 1) / 1000, 398],
  [Date.UTC(2018, 2, 1) / 1000, 825],
  [Date.UTC(2015, 3, 1) / 1000, 1187],
  [0, 1827],
];

export const longValid = defineDetector({
  name: 'tls.long-valid',
  title: 'Certificate is valid for very long',
  version: 1,
  severity: 'info',
  mitre: null,
  meaning: 'No public authority may sign for so long; a stolen key of such a certificate stays of use for years.',
  benign: 'Private authorities and appliances often sign for ten years and more.',
  next: 'See who signed it, and whether clients have a reason to trust that.',
  options: { days: count(398, 'Days that a certificate made today may last; older ones go by the rule of their time') },
  open: (around) =>
    watchTls(
      around,
      (event, _at, options) => {
        const from = secondsOf(event.notBefore);
        // An end that is left out lies in the year 9999: there is none.
        const length = event.notAfter === undefined ? Number.POSITIVE_INFINITY : secondsOf(event.notAfter) - from;
        const rule = limits.find(([since]) => from >= since);
        if (rule === undefined || Number.isNaN(length)) return null;
        const most = Math.max(rule[1], options.days) + 1;
        if (!(length > most * daySec)) return null;
        const told = Number.isFinite(length) ? `for ${counted(days(length), 'day')}` : 'without end';
        return {
          text: `shows a certificate that is valid ${told}; public ones of its time last ${most - 1} days at the most`,
          severity: 'info',
          observed: Number.isFinite(length) ? days(length) : 999_999,
          threshold: most,
          unit: 'days',
          filter: certificateFilter,
        };
      },
      both,
    ),
});
