// One message of DNS as detectors of this folder want it: name, domain, type and answers, read once for all of them.

import type { AnyEvent, EventPlace } from '../../../core/index.ts';
import { hashText } from '../../sketches/index.ts';
import type { Surroundings } from '../detector.ts';
import { type AnsweredAddress, addressOf } from './answers/addresses.ts';
import { ownedAt, registeredAt } from './registered-domain.ts';

/** Characters of a name that count: RFC 1035 has 255 bytes, of which odd ones are shown as four characters. */
const nameLimit = 1024;
/** Records of an answer that are looked at. */
const answerLimit = 64;

export interface Answer {
  readonly type: string;
  readonly ttlSec: number;
  readonly data: string;
}

/** A question, alone or with its answer. Reused: valid only inside the call. */
export class NameMessage {
  isResponse = false;
  id = 0;
  /** `NOERROR`, `NXDOMAIN`, …; of a question always the first. */
  rcode = '';
  wantsRecursion = false;
  isTruncated = false;
  /** In lower case, without a last dot. */
  name = '';
  /** `A`, `TXT`, … */
  type = '';
  /** Bytes of the message. */
  bytes = 0;
  /** Largest answer that the sender takes over UDP; 0: it did not say. */
  ednsBytes = 0;
  isDnssecOk = false;
  answers: readonly Answer[] = [];
  #addresses: readonly AnsweredAddress[] | null = null;
  /** Where the registered domain begins, and where what belongs to one owner begins. */
  registeredAt = 0;
  ownedAt = 0;
  nameHash = 0;
  ownedHash = 0;

  /** Addresses of the answers, read when they are asked for. */
  get addresses(): readonly AnsweredAddress[] {
    this.#addresses ??= this.answers.map(addressOf).filter((one) => one !== null);
    return this.#addresses;
  }

  /** What follows is another message. */
  renew(): void {
    this.#addresses = null;
  }

  get registered(): string {
    return this.name.slice(this.registeredAt);
  }

  /** Domain of one owner. */
  get owned(): string {
    return this.name.slice(this.ownedAt);
  }

  /** What stands before it, without the dot. */
  get below(): string {
    return this.name.slice(0, Math.max(0, this.ownedAt - 1));
  }

  /** Names that say an address or a host: `4.3.2.1.in-addr.arpa`. */
  get isReverse(): boolean {
    return this.name.endsWith('.arpa');
  }
}

class Reader {
  readonly #message = new NameMessage();
  #event: AnyEvent | null = null;
  #isRead = false;

  /** The message of an event; null when it asks nothing, or is the whole transaction told again. */
  read(event: AnyEvent, place: EventPlace): NameMessage | null {
    if (place.only === 'log') return null;
    if (event !== this.#event) {
      this.#event = event;
      this.#isRead = fill(this.#message, event);
    }
    return this.#isRead ? this.#message : null;
  }
}

/** The reader that all detectors of a run have together. */
export function readerOf(around: Pick<Surroundings, 'shared'>): Reader {
  return around.shared('names.reader', () => new Reader());
}

function fill(m: NameMessage, event: AnyEvent): boolean {
  const asked = firstOf(event.queries) ?? firstOf(event.answers);
  if (asked === null || typeof asked.rrname !== 'string') return false;
  const name = asked.rrname.slice(0, nameLimit).toLowerCase();
  m.renew();
  m.name = name.endsWith('.') ? name.slice(0, -1) : name;
  m.type = typeof asked.rrtype === 'string' ? asked.rrtype : '';
  m.isResponse = event.type === 'response';
  m.id = numberOf(event.id);
  m.rcode = typeof event.rcode === 'string' ? event.rcode : '';
  m.wantsRecursion = event.rd === true;
  m.isTruncated = event.tc === true;
  m.bytes = numberOf(event.messageBytes);
  m.ednsBytes = numberOf(event.ednsBytes);
  m.isDnssecOk = event.isDnssecOk === true;
  m.answers = m.isResponse && Array.isArray(event.answers) ? answersOf(event.answers) : [];
  m.registeredAt = registeredAt(m.name);
  m.ownedAt = ownedAt(m.name);
  m.nameHash = hashText(m.name);
  m.ownedHash = m.ownedAt === 0 ? m.nameHash : hashText(m.owned);
  return true;
}

function firstOf(list: unknown): AnyEvent | null {
  return Array.isArray(list) && list.length > 0 ? (list[0] as AnyEvent) : null;
}

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);

function answersOf(list: readonly AnyEvent[]): Answer[] {
  const all: Answer[] = [];
  for (let i = 0; i < list.length && i < answerLimit; i++) {
    const { rrtype, ttl, rdata } = list[i];
    if (typeof rrtype !== 'string') continue;
    all.push({ type: rrtype, ttlSec: numberOf(ttl), data: typeof rdata === 'string' ? rdata : '' });
  }
  return all;
}

/** Whether both sides are one host: a test, not a network. */
export const isAlone = (place: EventPlace): boolean =>
  place.c0 === place.s0 && place.c1 === place.s1 && place.c2 === place.s2 && place.c3 === place.s3;
