// Makes a detector of password guessing for a service: many failures of one client at one server within a window.

import type { AnyEvent, EventPlace, Evidence, FlowSignal, Severity } from '../../../core/index.ts';
import { count, type Detector, defineDetector, type Moment, seconds } from '../detector.ts';
import { betweenHosts, counted, span } from '../wording.ts';
import { Attempt, type Outcome, type Readers, type Service, serviceTitles } from './attempt.ts';
import { communityOfAttempt, type Ledger, openLedger } from './ledger.ts';

export interface Guessing {
  readonly name: string;
  readonly title: string;
  readonly service: Service;
  readonly severity: Severity;
  /** Failures within the window, 16 at the most. */
  readonly failures: number;
  readonly windowSec: number;
  /** Failures of one user within a minute that are worth a hint (low) where people, not programs, log in; 0: none. */
  readonly hint?: number;
  readonly mitre?: string;
  readonly benign?: string;
  /** Made for each run, as some remember what was asked. */
  readonly readers: () => Readers;
  /** Looks at flows as well: gives the outcome of one that is over, null for others. */
  readonly flow?: { readonly moments: number; readonly read: (signal: FlowSignal) => Outcome | null };
}

export const guessMeaning =
  'Somebody tries one password after the other; with weak or leaked passwords it is a matter of time until one fits.';
export const guessBenign =
  'A program with an old password tries again and again, mostly as one user at even intervals.';
export const guessNext =
  'See which user names were tried, whether one login went well after that, and block the source.';

const hintSec = 60;

const options = (failures: number, windowSec: number, hint: number) => ({
  hint: { ...count(hint, 'Failed logins within a minute that are worth a hint; 0: none'), most: 16 },
  failures: { ...count(failures, 'Failed logins within `windowSec`, 16 at the most'), least: 1, most: 16 },
  windowSec: seconds(windowSec, 'Window in which they are counted'),
});

export type GuessingDetector = Detector<ReturnType<typeof options>>;

export function defineGuessing(of: Guessing): GuessingDetector {
  return defineDetector({
    name: of.name,
    title: of.title,
    version: 1,
    severity: of.severity,
    mitre: of.mitre ?? 'T1110.001',
    meaning: guessMeaning,
    benign: of.benign ?? guessBenign,
    next: guessNext,
    options: options(of.failures, of.windowSec, of.hint ?? 0),
    open: (around) => {
      const { options: limits, now, raise } = around;
      const ledger = openLedger(around);
      const attempt = new Attempt();
      const take = (): void => {
        const row = ledger.note(attempt, now.sec);
        if (row < 0 || attempt.isSuccess) return;
        if (isDue(ledger, row, limits.failures, limits.windowSec)) {
          raise(guessEvidence(ledger, row, of.service, limits.failures, now, attempt));
          ledger.raise(row, attempt);
        } else if (limits.hint > 0 && ledger.failures(row) === limits.hint && ledger.successes(row) === 0) {
          if (!ledger.isWithin(row, limits.hint, hintSec) || ledger.users(row) > 1) return;
          const evidence = guessEvidence(ledger, row, of.service, limits.hint, now, attempt);
          raise({ ...evidence, severity: 'low', confidence: 0.5 });
        }
      };
      const { flow } = of;
      return {
        events: Object.fromEntries(
          Object.entries(of.readers()).map(([kind, read]) => [
            kind,
            (event: AnyEvent, place: EventPlace): void => {
              const outcome = read(event, place);
              if (outcome === null) return;
              attempt.atPlace(of.service, outcome, place);
              take();
            },
          ]),
        ),
        ...(flow !== undefined && {
          moments: flow.moments,
          flow: (signal: FlowSignal): void => {
            const outcome = flow.read(signal);
            if (outcome === null) return;
            attempt.atFlow(of.service, outcome, signal);
            take();
          },
        }),
        end: () => raiseNewer(ledger, of.service, limits.failures, now, raise),
      };
    },
  });
}

/**
 * Whether a row's failures are due to be told: for the first time or because they doubled. Where each of several users was
 * tried a few times only it is spraying, which is told elsewhere, until there is more to it.
 */
export function isDue(ledger: Ledger, row: number, failures: number, windowSec: number): boolean {
  const seen = ledger.failures(row);
  const raised = ledger.raised(row);
  if (raised > 0) return seen >= raised * 2;
  if (!ledger.isWithin(row, failures, windowSec)) return false;
  const users = ledger.users(row);
  return users < sprayUsers || seen > sprayTries * users;
}

/** So many users with so few tries each are the beginning of a spray. */
const sprayUsers = 4;
export const sprayTries = 3;

/** At the end: what grew since it was told. */
export function raiseNewer(
  ledger: Ledger,
  service: Service,
  failures: number,
  now: Moment,
  raise: (evidence: Evidence) => void,
): void {
  for (const row of ledger.newer(service)) raise(guessEvidence(ledger, row, service, failures, now, null));
}

export function guessEvidence(
  ledger: Ledger,
  row: number,
  service: Service,
  threshold: number,
  now: Moment,
  attempt: Attempt | null,
): Evidence {
  const client = ledger.client(row);
  const server = ledger.server(row);
  const seen = ledger.failures(row);
  const users = ledger.users(row);
  const firstUs = ledger.firstUs(row);
  const lastUs = attempt?.timeUs ?? Math.min(now.timeUs, (ledger.lastSec(row) + 1) * 1e6);
  const last = attempt !== null && attempt.user !== '' ? `, lastly as ${attempt.user}` : '';
  const as = users === 0 ? '' : ` as ${counted(users, 'user')}${last}`;
  const successes = ledger.successes(row);
  return {
    key: `${client} → ${server}`,
    sources: [client],
    targets: [server],
    observed: seen,
    threshold,
    unit: 'failed logins',
    firstUs,
    firstPacket: ledger.firstPacket(row),
    count: seen,
    packets: ledger.packets(row),
    ...(attempt !== null && { flows: [communityOfAttempt(attempt)] }),
    explain: `${client} failed ${seen === 1 ? 'once' : `${counted(seen, 'time')}`} to log in to ${server} by ${
      serviceTitles[service]
    } in ${span(lastUs - firstUs)}${as}, limit ${threshold}.`,
    ...(successes > 0 && { against: `${counted(successes, 'login')} of the same host went well.` }),
    filter: `${betweenHosts(client, server)} && ${ledger.proto(row) === 17 ? 'udp' : 'tcp'}.port == ${ledger.port(row)}`,
  };
}
