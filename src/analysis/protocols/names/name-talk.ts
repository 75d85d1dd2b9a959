// Messages out of a flow: datagrams as they are, streams by their length in front (RFC 1035 §4.2.2, RFC 7766 §8).
//
//   stream:  00 1d <29 bytes of message> 00 2f <47 bytes of message> …

import { u16 } from '../../../core/index.ts';
import { type Conversation, notMine, otherSide, type Side, type Talk } from '../protocol.ts';
import { headerBytes, type Message, readMessage } from './message.ts';

/** Anomalies told of one flow. */
const weirdLimit = 4;
/** The longest message that the buffer of a side can hold together with its length. */
const messageLimit = 65_534;

/** SIG and RRSIG records (RFC 2535 §4.1, RFC 4034 §3) with this much data are no signatures. */
const signatureTypes: ReadonlySet<number> = new Set([24, 46]);
const signatureLimit = 16_384;

export interface NameTalk {
  /** The server's usual port. */
  readonly port: number;
  /** Whether the sides may be exchanged when the first message is of the other kind. */
  readonly canSwap: boolean;
  hear(b: Uint8Array, message: Message, side: Side): void;
  /** Whether bytes after a hole begin with a message. */
  fits(b: Uint8Array, at: number, end: number): boolean;
  end(): void;
}

export function nameTalk(conversation: Conversation, talk: NameTalk): Talk {
  let isFirst = true;
  let weirdLeft = weirdLimit;
  const isLost: [boolean, boolean] = [false, false];

  const take = (b: Uint8Array, at: number, end: number, side: Side): boolean => {
    const message = readMessage(b, at, end);
    if (message === null) {
      if (isFirst) return false;
      if (weirdLeft-- > 0) conversation.weird('DNS_truncated_len_lt_hdr_len');
      return true;
    }
    let from = side;
    if (isFirst && isReversed(message, side)) {
      conversation.swap();
      from = otherSide(side);
    }
    isFirst = false;
    if (message.problem !== null && conversation.missing === 0 && weirdLeft-- > 0) conversation.weird(message.problem);
    for (const { type, at: from, end: to } of message.answers) {
      if (to - from > signatureLimit && signatureTypes.has(type))
        conversation.weird('dns_signature_too_long', String(to - from));
    }
    talk.hear(b, message, from);
    return true;
  };

  const isReversed = (message: Message, side: Side): boolean => {
    if (!talk.canSwap) return false;
    const { oPort, rPort } = conversation;
    // Who has the usual port all by itself is the server, whatever it says.
    const isSure = (oPort === talk.port) !== (rPort === talk.port);
    return isSure ? oPort === talk.port : message.isResponse === (side === 0);
  };

  const stream = (side: Side, b: Uint8Array, at: number, end: number): number => {
    const start = at;
    if (isLost[side]) {
      if (end - at < headerBytes + 2) return 0;
      if (!talk.fits(b, at + 2, end)) return end - at;
      isLost[side] = false;
    }
    while (end - at >= 2) {
      const length = u16(b, at);
      if (length < headerBytes) {
        if (isFirst) return notMine;
        conversation.done();
        break;
      }
      if (end - at < 2 + length) {
        if (length > messageLimit) return 2 + length + at - start;
        break;
      }
      take(b, at + 2, at + 2 + length, side);
      at += 2 + length;
    }
    return at - start;
  };

  return {
    data(side, b, at, end) {
      if (conversation.proto === 6) return stream(side, b, at, end);
      return take(b, at, end, side) ? end - at : notMine;
    },
    gap(side) {
      isLost[side] = true;
    },
    end: () => talk.end(),
  };
}
