// Slow DNS: answers that come late or not at all, by resolver (RFC 1035 §4.2.1 has clients wait 2 to 5 s).

import type { AnyEvent, EventPlace } from '../../../../core/index.ts';
import type { KeyTable } from '../../../sketches/index.ts';
import { count, defineDetector, seconds, share } from '../../detector.ts';
import { counted, percent, serverOf, span, withHost } from '../../wording.ts';
import { millis } from '../flow-words.ts';

const ASKED = 0;
const ANSWERED = 1;
const SLOW = 2;
const LATE = 3;
const TIMED = 4;
const RAISED = 5;
const SILENCE_RAISED = 6;
/** Since when nothing was answered, and number of the packet that began it. */
const SILENT_US = 0;
const SILENT_PACKET = 1;
/** Questions after which a resolver that answers nothing is silent. */
const silentQuestions = 3;
const silentUs = 3e6;

export const slowDns = defineDetector({
  name: 'perf.slow-dns',
  title: 'Slow DNS',
  version: 1,
  severity: 'info',
  mitre: null,
  meaning: 'Almost everything begins with a name: slow or missing answers make all applications slow to start.',
  benign:
    'A resolver that has to look far away is slow the first time; forwarders drop what they are not asked to answer.',
  next: 'Ask another resolver the same names, and look at the way to this one.',
  options: {
    warnSec: seconds(0.5, 'Time to an answer that is told'),
    majorSec: seconds(1.2, 'Time to an answer that counts as late'),
    usualSec: seconds(0.2, 'Time that no more than one in twenty answers may take'),
    answers: count(20, 'Answers from which that share counts'),
    unansweredShare: share(0.05, 'Questions without an answer'),
    unanswered: count(5, 'Such questions at the least'),
  },
  open: ({ options, now, table, raise }) => {
    // 512 resolvers.
    const resolvers = table({ capacity: 512, keyWords: 5, words: 7, doubles: 2, idleSec: 1800 });
    const evidence = (place: EventPlace, row: number, observed: number, threshold: number, unit: string) => {
      const resolver = serverOf(place);
      return {
        sources: [resolver],
        targets: [],
        observed,
        threshold,
        unit,
        firstUs: resolvers.doubles[2 * row + SILENT_US] || place.timeUs,
        filter: `${withHost(resolver)} && dns`,
      };
    };
    const unanswered = (row: number, place: EventPlace): void => {
      const w = resolvers.words;
      const at = resolvers.at(row);
      const asked = w[at + ASKED];
      const missing = asked - w[at + ANSWERED];
      const isSilent = w[at + ANSWERED] === 0 && asked > silentQuestions;
      const isShort = place.timeUs - resolvers.doubles[2 * row + SILENT_US] < silentUs;
      const isMany = missing >= options.unanswered && missing >= options.unansweredShare * asked;
      if (isShort || !(isSilent || isMany) || missing < 2 * w[at + SILENCE_RAISED]) return;
      w[at + SILENCE_RAISED] = missing;
      const resolver = serverOf(place);
      raise({
        ...evidence(place, row, missing, options.unanswered, 'questions'),
        key: `unanswered ${resolver}`,
        firstPacket: resolvers.doubles[2 * row + SILENT_PACKET],
        count: missing,
        explain: `${resolver} left ${counted(missing, 'DNS question')} of ${asked} unanswered (${percent(missing / asked)}), for ${span(place.timeUs - resolvers.doubles[2 * row + SILENT_US])} by now.`,
        against: w[at + ANSWERED] === 0 ? '' : `${counted(w[at + ANSWERED], 'question')} answered`,
      });
    };
    const slow = (row: number, place: EventPlace, us: number): void => {
      const w = resolvers.words;
      const at = resolvers.at(row);
      const isUsual =
        us >= options.usualSec * 1e6 && w[at + TIMED] >= options.answers && w[at + SLOW] * 20 > w[at + TIMED];
      if ((us < options.warnSec * 1e6 && !isUsual) || w[at + SLOW] < 2 * w[at + RAISED]) return;
      w[at + RAISED] = w[at + SLOW];
      resolvers.setWorth(row, w[at + SLOW]);
      const resolver = serverOf(place);
      raise({
        ...evidence(place, row, us / 1e6, options.warnSec, 'sec'),
        key: `slow ${resolver}`,
        firstUs: place.timeUs - us,
        // Now and then everybody is late; a resolver that is late again and again is slow.
        severity: w[at + LATE] >= 5 && w[at + LATE] * 20 > w[at + TIMED] ? 'low' : 'info',
        count: w[at + SLOW],
        explain: `${resolver} took ${millis(us)} for a DNS answer, limit ${millis(options.warnSec * 1e6)}; ${w[at + SLOW]} of ${w[at + TIMED]} answers took more than ${millis(options.usualSec * 1e6)}.`,
      });
    };
    const see = (event: AnyEvent, place: EventPlace): void => {
      if (place.only !== 'eve') return;
      const row = resolvers.claim(now.sec, place.ipVersion, place.s0, place.s1, place.s2, place.s3);
      if (row < 0) return;
      if (event.type === 'request') {
        ask(resolvers, row, place);
        unanswered(row, place);
      } else if (event.type === 'response' && typeof event.latencyUs === 'number') {
        const us = event.latencyUs;
        answer(resolvers, row);
        if (us >= options.usualSec * 1e6) resolvers.words[resolvers.at(row) + SLOW]++;
        if (us >= options.majorSec * 1e6) resolvers.words[resolvers.at(row) + LATE]++;
        slow(row, place, us);
      }
    };
    return { events: { dns: see } };
  },
});

function ask(resolvers: KeyTable, row: number, place: EventPlace): void {
  const w = resolvers.words;
  const at = resolvers.at(row);
  w[at + ASKED]++;
  if (resolvers.doubles[2 * row + SILENT_US] !== 0) return;
  resolvers.doubles[2 * row + SILENT_US] = place.timeUs;
  resolvers.doubles[2 * row + SILENT_PACKET] = place.packet;
}

function answer(resolvers: KeyTable, row: number): void {
  const at = resolvers.at(row);
  resolvers.words[at + ANSWERED]++;
  resolvers.words[at + TIMED]++;
  resolvers.doubles[2 * row + SILENT_US] = 0;
}
