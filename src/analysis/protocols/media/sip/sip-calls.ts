// Calls followed from the invitation to the end (RFC 3261 §13, §15), each told once.

import { type EventOf, flag, number, text, texts } from '../../../../core/index.ts';
import { type Conversation, defineProtocol, type Side } from '../../protocol.ts';
import { isSecureProfile, type Media } from '../sdp.ts';
import type { sipFields } from './fields.ts';

/** One call as a whole: told when it is over, or no more is seen of it. */
export const sipCall = defineProtocol({
  name: 'sip-call',
  title: 'SIP call',
  family: 'media',
  eveType: 'sip_call',
  fields: {
    callId: text('Call'),
    from: text('Who calls'),
    to: text('Who is called'),
    outcome: text('How it went: answered, busy, declined, cancelled, no answer, failed, redirected, open'),
    code: number('Last status code of the invitation'),
    ringDelayUs: number('From the invitation to the ringing', { unit: 'us' }),
    answerDelayUs: number('From the invitation to the answer', { unit: 'us' }),
    talkUs: number('From the answer to the end', { unit: 'us' }),
    endedBy: text('Who ended it: caller or callee'),
    codecs: texts('Codecs of the answer, else of the offer'),
    media: texts('Kinds of media'),
    isSecure: flag('All media encrypted as SRTP'),
    user: text('User that signed in for it'),
  },
});

/** Calls followed at a time: a trunk between two exchanges carries many. */
const callLimit = 1024;

interface Call {
  readonly callId: string;
  readonly from: string;
  readonly to: string;
  readonly side: Side;
  readonly startUs: number;
  ringUs: number;
  answerUs: number;
  code: number;
  isCancelled: boolean;
  user: string | undefined;
  codecs: string[];
  media: string[];
  isSecure: boolean;
}

/** What a message says that calls go by. */
export interface CallMessage {
  readonly callId: string;
  readonly method: string;
  readonly from: string;
  readonly to: string;
  readonly user: string | undefined;
  readonly media: readonly Media[];
}

export class SipCalls {
  readonly #conversation: Conversation<typeof sipFields>;
  readonly #calls = new Map<string, Call>();

  constructor(conversation: Conversation<typeof sipFields>) {
    this.#conversation = conversation;
  }

  request(side: Side, message: CallMessage): void {
    const call = this.#calls.get(message.callId);
    if (message.method === 'INVITE') this.#invited(side, message, call);
    else if (call === undefined) return;
    else if (message.method === 'CANCEL') call.isCancelled = true;
    else if (message.method === 'BYE') this.#end(call, side === call.side ? 'caller' : 'callee');
  }

  #invited(side: Side, message: CallMessage, known: Call | undefined): void {
    // Once more: after a challenge, or to change a call that goes on.
    if (known !== undefined) {
      known.user = message.user ?? known.user;
      return;
    }
    // Both ends have a tag: the call began before the capture.
    if (/;\s?tag=/.test(message.to)) return;
    if (this.#calls.size >= callLimit) this.#endOldest();
    const call: Call = {
      callId: message.callId,
      from: partyOf(message.from),
      to: partyOf(message.to),
      side,
      startUs: this.#conversation.timeUs,
      ringUs: -1,
      answerUs: -1,
      code: 0,
      isCancelled: false,
      user: message.user,
      codecs: [],
      media: [],
      isSecure: false,
    };
    describe(call, message.media);
    this.#calls.set(message.callId, call);
  }

  response(code: number, message: CallMessage): void {
    const call = this.#calls.get(message.callId);
    if (call === undefined || message.method !== 'INVITE') return;
    const now = this.#conversation.timeUs;
    call.code = code;
    if (code === 180 || code === 183) {
      if (call.ringUs < 0) call.ringUs = now;
    } else if (code >= 200 && code < 300) {
      if (call.answerUs < 0) call.answerUs = now;
      if (message.media.length > 0) describe(call, message.media);
    } else if (code >= 300 && code !== 401 && code !== 407 && call.answerUs < 0) this.#end(call, null);
  }

  #endOldest(): void {
    for (const oldest of this.#calls.values()) {
      this.#end(oldest, null);
      return;
    }
  }

  #end(call: Call, endedBy: 'caller' | 'callee' | null): void {
    this.#calls.delete(call.callId);
    this.#tell(call, endedBy, outcomeOf(call));
  }

  #tell(call: Call, endedBy: 'caller' | 'callee' | null, outcome: string): void {
    const { timeUs } = this.#conversation;
    const event: EventOf<typeof sipCall.fields> = { callId: call.callId, from: call.from, to: call.to, outcome };
    if (call.code > 0) event.code = call.code;
    if (call.ringUs >= 0) event.ringDelayUs = Math.max(0, Math.round(call.ringUs - call.startUs));
    if (call.answerUs >= 0) {
      event.answerDelayUs = Math.max(0, Math.round(call.answerUs - call.startUs));
      event.talkUs = Math.max(0, Math.round(timeUs - call.answerUs));
    }
    if (endedBy !== null) event.endedBy = endedBy;
    if (call.codecs.length > 0) event.codecs = call.codecs;
    if (call.media.length > 0) {
      event.media = call.media;
      event.isSecure = call.isSecure;
    }
    if (call.user !== undefined) event.user = call.user;
    this.#conversation.emitAs(sipCall, event, { side: call.side });
  }

  /** Tells the calls that nobody ended. */
  end(): void {
    for (const call of this.#calls.values()) this.#tell(call, null, call.answerUs >= 0 ? 'answered' : 'open');
    this.#calls.clear();
  }
}

function outcomeOf(call: Call): string {
  const { code } = call;
  if (call.answerUs >= 0) return 'answered';
  if (call.isCancelled || code === 487) return 'cancelled';
  if (code === 486 || code === 600) return 'busy';
  if (code === 603) return 'declined';
  if (code === 408 || code === 480) return 'no answer';
  if (code >= 300 && code < 400) return 'redirected';
  return code >= 400 ? 'failed' : 'open';
}

function describe(call: Call, media: readonly Media[]): void {
  const used = media.filter(({ port }) => port > 0);
  if (used.length === 0) return;
  call.media = [...new Set(used.map(({ kind }) => kind))];
  call.codecs = [...new Set(used.flatMap(({ codecs }) => [...codecs.values()].map(({ name }) => name)))].filter(
    Boolean,
  );
  call.isSecure = used.every(({ profile }) => isSecureProfile(profile));
}

/** `sip:alice@example.org` of `"Alice" <sip:alice@example.org;user=phone>;tag=1`. */
function partyOf(value: string): string {
  const open = value.indexOf('<');
  const inside = open < 0 ? value : value.slice(open + 1).split('>', 1)[0];
  return inside.split(';', 1)[0].trim().slice(0, 256);
}
