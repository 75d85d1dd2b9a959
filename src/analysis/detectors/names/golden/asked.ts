// Questions and answers of DNS for detectors' tests, as the protocol tells them.

import type { AnyEvent } from '../../../../core/index.ts';
import type { PlayedPlace, Stage } from '../../golden/stage.ts';

export const resolver: PlayedPlace = { from: '10.0.0.1', to: '10.0.0.53', proto: 17, sPort: 53, only: 'eve' };

export interface Played extends PlayedPlace {
  readonly type?: string;
  readonly id?: number;
  readonly event?: AnyEvent;
}

/** A question of 10.0.0.1 to 10.0.0.53 unless told otherwise. */
export function ask(stage: Stage, name: string, played: Played = {}): Stage {
  const { type = 'A', id = 1, event = {}, ...place } = played;
  return stage.event(
    'dns',
    {
      type: 'request',
      id,
      rcode: 'NOERROR',
      rd: true,
      messageBytes: 18 + name.length,
      queries: [{ rrname: name, rrtype: type }],
      ...event,
    },
    { ...resolver, side: 0, ...place },
  );
}

/** Its answer: addresses or texts, or a code. */
export function answer(stage: Stage, name: string, data: readonly string[] | string, played: Played = {}): Stage {
  const { type = 'A', id = 1, event = {}, ...place } = played;
  const records = typeof data === 'string' ? [] : data;
  return stage.event(
    'dns',
    {
      type: 'response',
      id,
      rcode: typeof data === 'string' ? data : 'NOERROR',
      messageBytes: 18 + name.length + records.reduce((sum, one) => sum + 12 + one.length, 0),
      queries: [{ rrname: name, rrtype: type }],
      answers: records.map((rdata) => ({ rrname: name, rrtype: type, ttl: 60, rdata })),
      ...event,
    },
    { ...resolver, side: 1, ...place },
  );
}

/** Letters and digits drawn by lot, always the same ones. */
export function drawn(length: number, seed: number, signs = 'abcdefghijklmnopqrstuvwxyz234567'): string {
  let state = (seed + 1) * 0x9e3779b1;
  let text = '';
  while (text.length < length) {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x1234567) | 0;
    text += signs[(state >>> 7) % signs.length];
  }
  return text;
}
