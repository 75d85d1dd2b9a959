// What a security token of GSS-API (RFC 2743) or SPNEGO (RFC 4178) carries: an NTLM message or a Kerberos ticket.
//
//    [application 0] OID of the mechanism, then its token;   SPNEGO: [0] offer or [1] answer, with the token inside

import type { Conversation } from '../protocol.ts';
import { type BerElement, element, findElement, findInside } from './ber.ts';
import { findNtlm, type NtlmMessage, readNtlm } from './ntlm.ts';

export interface SecurityToken {
  /** Wrapped by GSS-API or SPNEGO, not bare. */
  readonly isWrapped: boolean;
  readonly ntlm: NtlmMessage | null;
  /** A Kerberos AP-REQ, whole with its tag; null when there is none. */
  readonly apReqAt: number;
  readonly apReqEnd: number;
}

const apReqTag = 0x6e;
/** How deep tokens are wrapped into each other. */
const depthLimit = 4;
const nothing: SecurityToken = { isWrapped: false, ntlm: null, apReqAt: -1, apReqEnd: -1 };

export function readSecurityToken(b: Uint8Array, at: number, end: number): SecurityToken {
  if (end - at < 8) return nothing;
  if (b[at] === 0x4e) return { ...nothing, ntlm: readNtlm(b, at, end) };
  const isWrapped = b[at] === 0x60 || b[at] === 0xa0 || b[at] === 0xa1;
  const apReq = findApReq(b, at, end, 0);
  if (apReq !== null) return { isWrapped, ntlm: null, apReqAt: apReq.at, apReqEnd: apReq.end };
  const ntlmAt = findNtlm(b, at, end);
  return { ...nothing, isWrapped, ntlm: ntlmAt < 0 ? null : readNtlm(b, ntlmAt, end) };
}

/** Names the flow after the logins that a token carries. */
export function nameLogins(conversation: Conversation, { isWrapped, ntlm, apReqAt }: SecurityToken): void {
  if (isWrapped) conversation.carries('gssapi');
  if (ntlm !== null) conversation.carries('ntlm');
  if (apReqAt >= 0) conversation.carries('krb');
}

function findApReq(b: Uint8Array, at: number, end: number, depth: number): { at: number; end: number } | null {
  if (depth >= depthLimit) return null;
  const outer = element(b, at, end);
  if (outer === null) return null;
  // What begins with the letter n is no ticket yet: SCRAM does.
  if (outer.tag === apReqTag) return b[outer.at] === 0x30 ? { at, end: outer.end } : null;
  if (outer.tag === 0x60) {
    const mechanism = element(b, outer.at, outer.end);
    if (mechanism === null || mechanism.tag !== 0x06 || mechanism.next >= outer.end) return null;
    // A Kerberos token begins with two bytes that say which one it is: 01 00 for AP-REQ.
    const inside = mechanism.next;
    if (b[inside] === 0x01 && b[inside + 1] === 0x00) return findApReq(b, inside + 2, outer.end, depth + 1);
    return findApReq(b, inside, outer.end, depth + 1);
  }
  const token = spnegoToken(b, outer);
  return token === null ? null : findApReq(b, token.at, token.end, depth + 1);
}

/** Offer: mechToken [2]; answer: responseToken [2]. */
function spnegoToken(b: Uint8Array, outer: BerElement): BerElement | null {
  if (outer.tag !== 0xa0 && outer.tag !== 0xa1) return null;
  const sequence = findElement(b, outer.at, outer.end, 0x30);
  return sequence === null ? null : findInside(b, sequence.at, sequence.end, 0xa2, 0x04);
}
