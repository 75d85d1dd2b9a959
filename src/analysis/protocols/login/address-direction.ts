// Which way a login goes across the border of a site, as Zeek's `direction` columns say it.

import type { Conversation } from '../protocol.ts';

/** `OUTBOUND` from a private address to a public one, `INBOUND` the other way, null when both are of one kind. */
export function addressDirection(conversation: Conversation): 'INBOUND' | 'OUTBOUND' | null {
  const { ipVersion } = conversation;
  const isFromInside = isPrivate(ipVersion, conversation.addressWords(0));
  if (isFromInside === isPrivate(ipVersion, conversation.addressWords(1))) return null;
  return isFromInside ? 'OUTBOUND' : 'INBOUND';
}

/** Private, shared, link-local and loopback addresses (RFC 1918, 6598, 3927, 4193, 4291). */
function isPrivate(ipVersion: number, words: readonly [number, number, number, number]): boolean {
  const w = words[0] >>> 0;
  if (ipVersion === 4) {
    const first = w >>> 24;
    if (first === 10 || first === 127) return true;
    const two = w >>> 16;
    return two === 0xc0a8 || two === 0xa9fe || (two & 0xfff0) === 0xac10 || (two & 0xffc0) === 0x6440;
  }
  if (w >>> 25 === 0x7e || w >>> 22 === 0x3fa) return true;
  return w === 0 && words[1] === 0 && words[2] === 0 && words[3] === 1;
}
