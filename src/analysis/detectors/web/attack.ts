// What detectors of attacks on web programs share: one alert for an attacker and a server, graver with what is surer and with
// each different request.

import type { AnyEvent, EventPlace, Severity } from '../../../core/index.ts';
import { hashText, hashWords } from '../../sketches/index.ts';
import { count, defineDetector, type OptionValues, type Surroundings, type Watch } from '../detector.ts';
import { betweenHosts, clientOf, communityAt, counted, serverOf } from '../wording.ts';
import type { Judged } from './attack-rules.ts';
import { RequestReader, type RequestReading } from './request-reading.ts';

const attackOptions = {
  score: count(5, 'Weight of signs that makes an attack'),
  sureScore: count(8, 'Weight from which a single request is medium'),
  requests: count(5, 'Different requests from which it is high'),
};
type AttackOptions = typeof attackOptions;

const COUNT = 0;
const RAISED = 1;
const RANK = 2;
const FIRST_US = 0;
const FIRST_PACKET = 1;
const ranks: readonly Severity[] = ['low', 'medium', 'high'];

/** The reader that all detectors of requests use. */
export const readerOf = ({ shared }: Pick<Surroundings, 'shared'>): RequestReader =>
  shared('web.requests', () => new RequestReader());

interface Attack {
  readonly name: string;
  readonly title: string;
  readonly mitre?: string;
  readonly meaning: string;
  readonly benign: string;
  readonly next: string;
  /** Goes between who and whom: `SQL injection`. */
  readonly what: string;
  /** Grave at most; `high` when left out. */
  readonly most?: Severity;
  readonly judge: (reading: RequestReading) => Judged;
}

function watchAttack(around: Surroundings<AttackOptions>, attack: Attack): Watch {
  const { options, now, table, distinct, raise } = around;
  const reader = readerOf(around);
  const pairs = table({ capacity: 256, keyWords: 6, words: 3, doubles: 2, idleSec: 3600 });
  const requests = distinct(pairs);
  const most = ranks.indexOf(attack.most ?? 'high');

  const hear = (event: AnyEvent, at: EventPlace): void => {
    if (at.only === 'log') return;
    const reading = reader.of(event);
    const { score, words } = attack.judge(reading);
    if (score < options.score) return;
    const row = pairs.claim(now.sec, at.s0, at.s1, at.s2, at.s3, hashWords(at.c0, at.c1, at.c2, at.c3), at.ipVersion);
    if (row < 0) return;
    const w = pairs.words;
    const o = pairs.at(row);
    const d = row * pairs.doublesPerRow;
    if (++w[o + COUNT] === 1) {
      requests.clear(row);
      pairs.doubles[d + FIRST_US] = at.timeUs;
      pairs.doubles[d + FIRST_PACKET] = at.packet;
    }
    requests.add(row, hashWords(hashText(reading.raw), hashText(reading.body)));
    const different = requests.count(row);
    const rank = Math.min(most, rankOf(options, score, different));
    const isWorse = rank > w[o + RANK];
    if (isWorse) w[o + RANK] = rank;
    if (!isWorse && different < 2 * w[o + RAISED]) return;
    w[o + RAISED] = different;
    pairs.setWorth(row, different);
    const client = clientOf(at);
    const server = serverOf(at);
    const name =
      reading.host === '' || reading.host.startsWith(server)
        ? `${server}:${at.sPort}`
        : `${reading.host} (${server}:${at.sPort})`;
    raise({
      key: `${client} → ${server}`,
      sources: [client],
      targets: [server],
      severity: ranks[w[o + RANK]],
      confidence: Math.min(1, score / (2 * options.score) + 0.3),
      observed: different,
      threshold: 1,
      unit: 'requests',
      firstUs: pairs.doubles[d + FIRST_US],
      firstPacket: pairs.doubles[d + FIRST_PACKET],
      count: w[o + COUNT],
      explain: `${client} sent ${counted(different, 'different request')} with ${attack.what} to ${name}, the last with ${words.join(', ')}: ${reading.method} ${reading.shown}`,
      packets: [at.packet],
      flows: [communityAt(at)],
      filter: `${betweenHosts(client, server)} && http.request`,
    });
  };
  return { events: { http_request: hear, http2: hear } };
}

function rankOf(options: OptionValues<AttackOptions>, score: number, different: number): number {
  if (different >= options.requests) return 2;
  return score >= options.sureScore ? 1 : 0;
}

export const attackDetector = (attack: Attack) =>
  defineDetector({
    name: attack.name,
    title: attack.title,
    version: 1,
    severity: 'low',
    mitre: attack.mitre ?? 'T1190',
    meaning: attack.meaning,
    benign: attack.benign,
    next: attack.next,
    options: attackOptions,
    open: (around) => watchAttack(around, attack),
  });
