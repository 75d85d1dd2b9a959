// Addresses in answers: text into words, and which of them mean an inner network.

import { parseAddress } from '../../../../core/index.ts';
import type { Answer } from '../message.ts';

export interface AnsweredAddress {
  readonly ipVersion: 4 | 6;
  readonly words: readonly [number, number, number, number];
  /** Private (RFC 1918, 4193), of this link (RFC 3927, 4291) or of this machine. */
  readonly isInner: boolean;
  /** Neither that nor anything special: 0.0.0.0/8 is what filters answer for names they block. */
  readonly isPublic: boolean;
  readonly ttlSec: number;
}

/** The address of a record, null when it is none. */
export function addressOf(answer: Answer): AnsweredAddress | null {
  if (answer.type !== 'A' && answer.type !== 'AAAA') return null;
  const address = parseAddress(answer.data);
  if (address === null) return null;
  const { ttlSec } = answer;
  const { ipVersion, words } = address;
  const [first] = words;
  if (ipVersion === 6) {
    const isLoopback = words[0] === 0 && words[1] === 0 && words[2] === 0 && words[3] === 1;
    const isInner = isLoopback || first >>> 25 === 0x7e || first >>> 22 === 0x3fa;
    return { ...address, ttlSec, isInner, isPublic: first >>> 29 === 1 };
  }
  const byte = first >>> 24;
  const two = first >>> 16;
  const isInner = byte === 10 || byte === 127 || first >>> 20 === 0xac1 || two === 0xc0a8 || two === 0xa9fe;
  const isPublic = !isInner && byte !== 0 && byte < 224 && first >>> 22 !== 0x191;
  return { ...address, ttlSec, isInner, isPublic };
}
