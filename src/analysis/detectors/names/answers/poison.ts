// DNS poisoning: a second, different answer to one question, or answers that guess the number of a question (RFC 5452).

import type { AnyEvent, EventPlace } from '../../../../core/index.ts';
import { hashText, hashWords } from '../../../sketches/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { clientOf, communityAt, counted, serverOf, span } from '../../wording.ts';
import { type NameMessage, readerOf } from '../message.ts';
import { quoted } from '../tunnels/tunnel-domains.ts';

/** Seconds a question waits for its answers; resolvers give up earlier. */
const patienceSec = 10;

const SEC = 0;
const QUESTIONS = 1;
const ANSWERS = 2;
const SUM = 3;
const PACKET = 0;

const GUESS_SINCE = 0;
const GUESS_RAISED = 1;

/** A number for what an answer says, whatever the order of its records; their times to live may differ. */
function sumOf(m: NameMessage): number {
  let sum = hashText(m.rcode);
  for (const { type, data } of m.answers) sum ^= hashText(`${type} ${data.toLowerCase()}`);
  return sum;
}

export const poison = defineDetector({
  name: 'dns.poison',
  title: 'Forged DNS answers',
  version: 1,
  severity: 'high',
  mitre: 'T1557',
  meaning: 'Who answers in place of the name server leads the client to any host he likes.',
  benign:
    'Networks that censor names answer themselves, before the real answer comes; both are forged answers all the same.',
  next: 'Compare the addresses of both answers, and the TTL of their packets; see where the first one comes from.',
  options: {
    answers: count(2, 'Different answers to one question'),
    guesses: count(20, 'Answers with wrong numbers to one name within `windowSec`'),
    windowSec: seconds(60, 'Window in which guesses are counted'),
  },
  open: (around) => {
    const { options: at, now, table, distinct, raise } = around;
    const reader = readerOf(around);
    // 1,024 questions under way: 60 bytes each.
    const asked = table({ capacity: 1024, keyWords: 6, words: 4, doubles: 1, idleSec: patienceSec });
    // Names that a client asked for lately, whatever the number: 1,024 of 16 bytes.
    const names = table({ capacity: 1024, keyWords: 2, idleSec: at.windowSec });
    // 64 names with answers that nobody asked for, with 260 bytes for their numbers.
    const guessed = table({
      capacity: 64,
      keyWords: 2,
      words: 2,
      idleSec: at.windowSec,
      evicted: (row) => numbers.clear(row),
    });
    const numbers = distinct(guessed);

    const ask = (m: NameMessage, place: EventPlace, who: number): void => {
      names.claim(now.sec, who, m.nameHash);
      const row = asked.claim(now.sec, place.c0, place.c1, place.c2, place.c3, (place.cPort << 16) | m.id, m.nameHash);
      if (row < 0) return;
      const w = asked.words;
      const o = asked.at(row);
      if (now.sec - w[o + SEC] > patienceSec) w.fill(0, o, o + 4);
      w[o + SEC] = now.sec;
      w[o + QUESTIONS]++;
    };

    const answer = (m: NameMessage, place: EventPlace, row: number): void => {
      const w = asked.words;
      const o = asked.at(row);
      if (now.sec - w[o + SEC] > patienceSec || m.isTruncated) return;
      const sum = sumOf(m);
      const answers = ++w[o + ANSWERS];
      if (answers === 1) {
        w[o + SUM] = sum;
        asked.doubles[row + PACKET] = place.packet;
        return;
      }
      // A question that was repeated may be answered as often, each time with other addresses of a pool.
      if (answers <= w[o + QUESTIONS] || sum === w[o + SUM] || answers !== w[o + QUESTIONS] + 1) return;
      const client = clientOf(place);
      const first = asked.doubles[row + PACKET];
      raise({
        key: `${client} ${m.registered}`,
        sources: [serverOf(place)],
        targets: [client],
        confidence: 0.8,
        observed: answers,
        threshold: at.answers,
        unit: 'answers',
        firstPacket: first,
        packets: [first],
        explain: `${client} asked for ${m.name} ${w[o + QUESTIONS] === 1 ? 'once' : `${w[o + QUESTIONS]} times`} and got ${counted(answers, 'answer')} that do not agree.`,
        flows: [communityAt(place)],
        filter: `dns.id == ${m.id} && dns.qry.name == "${quoted(m.name)}"`,
      });
    };

    const guess = (m: NameMessage, place: EventPlace, who: number): void => {
      const known = names.find(who, m.nameHash);
      if (known < 0 || now.sec - names.lastSec(known) > at.windowSec) return;
      const row = guessed.claim(now.sec, who, m.nameHash);
      if (row < 0) return;
      const w = guessed.words;
      const o = guessed.at(row);
      if (now.sec - w[o + GUESS_SINCE] > at.windowSec) {
        w[o + GUESS_SINCE] = now.sec;
        w[o + GUESS_RAISED] = 0;
        numbers.clear(row);
      }
      if (!numbers.add(row, hashWords(m.id, place.cPort))) return;
      const wrong = numbers.count(row);
      if (wrong < at.guesses || wrong < 2 * w[o + GUESS_RAISED]) return;
      w[o + GUESS_RAISED] = wrong;
      const client = clientOf(place);
      raise({
        key: `${client} ${m.registered}`,
        sources: [serverOf(place)],
        targets: [client],
        observed: wrong,
        threshold: at.guesses,
        unit: 'answers',
        count: wrong,
        explain: `${client} got ${counted(wrong, 'answer')} for ${m.name} with numbers it did not ask under, within ${span((now.sec - w[o + GUESS_SINCE]) * 1e6)}.`,
        flows: [communityAt(place)],
        filter: `dns.qry.name == "${quoted(m.name)}" && dns.flags.response == 1`,
      });
    };

    return {
      events: {
        dns(event: AnyEvent, place: EventPlace): void {
          const m = reader.read(event, place);
          if (m === null || place.proto !== 17) return;
          const who = hashWords(place.ipVersion, place.c0, place.c1, place.c2, place.c3);
          if (!m.isResponse) {
            ask(m, place, who);
            return;
          }
          const row = asked.find(place.c0, place.c1, place.c2, place.c3, (place.cPort << 16) | m.id, m.nameHash);
          if (row < 0) guess(m, place, who);
          else if (m.rcode === 'NXDOMAIN' || m.rcode === 'NOERROR') answer(m, place, row);
        },
      },
    };
  },
});
