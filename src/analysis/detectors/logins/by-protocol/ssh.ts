// Password guessing by SSH: failures told from the lengths of encrypted answers, or connections that end without a login.
// By what is spoken, not by port.

import { type AnyEvent, type EventPlace, type FlowSignal, moment } from '../../../../core/index.ts';
import { bytes, count, defineDetector, seconds } from '../../detector.ts';
import { Attempt, failed, passed } from '../attempt.ts';
import { guessEvidence, guessMeaning, guessNext, isDue, raiseNewer } from '../guessing.ts';
import { openLedger } from '../ledger.ts';

const FAILED = 0;
const LOGGED_IN = 1;

export const bruteSsh = defineDetector({
  name: 'brute.ssh',
  title: 'Password guessing by SSH',
  version: 1,
  severity: 'high',
  mitre: 'T1110.001',
  meaning: guessMeaning,
  benign: 'A script with a key or password that is no longer valid, or a monitoring system that only knocks.',
  next: guessNext,
  options: {
    failures: {
      ...count(9, 'Failed logins, or connections without one, within `windowSec`; 16 at the most'),
      most: 16,
    },
    windowSec: seconds(600, 'Window in which they are counted'),
    burst: { ...count(5, 'Connections without a login within `burstSec`; 8 at the most'), most: 8 },
    burstSec: seconds(30, 'Window of such a burst'),
    sessionBytes: bytes(5000, 'Payload of each side below which a connection held no work'),
  },
  open: (around) => {
    const { options, now, table, raise } = around;
    const ledger = openLedger(around);
    const attempt = new Attempt();
    /** Connections that told of a login: 2,048 of 36 bytes. */
    const sessions = table({ capacity: 2048, keyWords: 2, words: 2, idleSec: 600 });
    const sessionOf = (id: number): number => sessions.claim(now.sec, id | 0, Math.floor(id / 2 ** 32));
    const judge = (row: number): void => {
      const isBurst = ledger.raised(row) === 0 && ledger.areSessionsWithin(row, options.burst, options.burstSec);
      if (!isBurst && !isDue(ledger, row, options.failures, options.windowSec)) return;
      const limit = isBurst ? Math.min(options.burst, options.failures) : options.failures;
      raise(guessEvidence(ledger, row, 'ssh', limit, now, attempt));
      ledger.raise(row, attempt);
    };
    return {
      moments: moment.closed,
      flow(signal: FlowSignal): void {
        if (signal.app !== 'ssh' || signal.appHow === 'port') return;
        if (signal.oPayload > options.sessionBytes || signal.rPayload > options.sessionBytes) return;
        const session = sessions.find(signal.id | 0, Math.floor(signal.id / 2 ** 32));
        const at = session < 0 ? -1 : sessions.at(session);
        if (at >= 0 && sessions.words[at + LOGGED_IN] !== 0) return;
        attempt.atFlow('ssh', failed(''), signal);
        const hasTold = at >= 0 && sessions.words[at + FAILED] > 0;
        const row = hasTold ? ledger.find(attempt) : ledger.note(attempt, now.sec);
        if (row < 0) return;
        ledger.sessionFailed(row, signal.timeUs);
        judge(row);
      },
      events: {
        ssh(event: AnyEvent, place: EventPlace): void {
          if (place.only === 'eve') return;
          const session = sessionOf(place.flowId);
          if (place.only === 'log') {
            if (event.isLoggedIn !== true) return;
            attempt.atPlace('ssh', passed(''), place);
            // Keys that an agent offered in vain are no guesses.
            if (session >= 0) {
              const at = sessions.at(session);
              sessions.words[at + LOGGED_IN] = 1;
              const before = ledger.find(attempt);
              if (before >= 0) ledger.forgive(before, sessions.words[at + FAILED]);
            }
            ledger.note(attempt, now.sec, true);
            return;
          }
          if (event.isLoggedIn !== false) return;
          if (session >= 0) sessions.words[sessions.at(session) + FAILED]++;
          attempt.atPlace('ssh', failed(''), place);
          const row = ledger.note(attempt, now.sec);
          if (row >= 0) judge(row);
        },
      },
      end: () => raiseNewer(ledger, 'ssh', options.failures, now, raise),
    };
  },
});
