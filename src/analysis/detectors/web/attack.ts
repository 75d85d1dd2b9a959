// What detectors of attacks on web programs share: one alert for an attacker and a server, graver with what is surer and with
// each different request.

import type { AnyEvent, EventPlace, Severity } from '../../../core/index.ts';
import { type DistinctPool, hashText, hashWords, type KeyTable } from '../../sketches/index.ts';
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

class AttackWatch implements Watch {
  readonly #around: Surroundings<AttackOptions>;
  readonly #attack: Attack;
  readonly #reader: RequestReader;
  readonly #pairs: KeyTable;
  readonly #requests: DistinctPool;
  readonly events: NonNullable<Watch['events']>;

  constructor(around: Surroundings<AttackOptions>, attack: Attack) {
    this.#around = around;
    this.#attack = attack;
    this.#reader = readerOf(around);
    this.#pairs = around.table({ capacity: 256, keyWords: 6, words: 3, doubles: 2, idleSec: 3600 });
    this.#requests = around.distinct(this.#pairs);
    const hear = (event: AnyEvent, at: EventPlace): void => this.#heard(event, at);
    this.events = { http_request: hear, http2: hear };
  }

  #heard(event: AnyEvent, at: EventPlace): void {
    if (at.only === 'log') return;
    const { options, now } = this.#around;
    const reading = this.#reader.of(event);
    const { score, words } = this.#attack.judge(reading);
    if (score < options.score) return;
    const pairs = this.#pairs;
    const row = pairs.claim(now.sec, at.s0, at.s1, at.s2, at.s3, hashWords(at.c0, at.c1, at.c2, at.c3), at.ipVersion);
    if (row < 0) return;
    const w = pairs.words;
    const o = pairs.at(row);
    const d = row * pairs.doublesPerRow;
    if (++w[o + COUNT] === 1) {
      this.#requests.clear(row);
      pairs.doubles[d + FIRST_US] = at.timeUs;
      pairs.doubles[d + FIRST_PACKET] = at.packet;
    }
    this.#requests.add(row, hashWords(hashText(reading.raw), hashText(reading.body)));
    const different = this.#requests.count(row);
    const most = ranks.indexOf(this.#attack.most ?? 'high');
    const rank = Math.min(most, rankOf(options, score, different));
    const isWorse = rank > w[o + RANK];
    if (isWorse) w[o + RANK] = rank;
    if (!isWorse && different < 2 * w[o + RAISED]) return;
    w[o + RAISED] = different;
    pairs.setWorth(row, different);
    this.#raise(row, at, reading, words, score);
  }

  #raise(row: number, at: EventPlace, reading: RequestReading, words: readonly string[], score: number): void {
    const pairs = this.#pairs;
    const o = pairs.at(row);
    const d = row * pairs.doublesPerRow;
    const different = pairs.words[o + RAISED];
    const client = clientOf(at);
    const server = serverOf(at);
    const { host, method, shown } = reading;
    const address = `${server}:${at.sPort}`;
    const name = host === '' || host.startsWith(server) ? address : `${host} (${address})`;
    this.#around.raise({
      key: `${client} → ${server}`,
      sources: [client],
      targets: [server],
      severity: ranks[pairs.words[o + RANK]],
      confidence: Math.min(1, score / (2 * this.#around.options.score) + 0.3),
      observed: different,
      threshold: 1,
      unit: 'requests',
      firstUs: pairs.doubles[d + FIRST_US],
      firstPacket: pairs.doubles[d + FIRST_PACKET],
      count: pairs.words[o + COUNT],
      explain: `${client} sent ${counted(different, 'different request')} with ${this.#attack.what} to ${name}, the last with ${words.join(', ')}: ${method} ${shown}`,
      packets: [at.packet],
      flows: [communityAt(at)],
      filter: `${betweenHosts(client, server)} && http.request`,
    });
  }
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
    open: (around) => new AttackWatch(around, attack),
  });
