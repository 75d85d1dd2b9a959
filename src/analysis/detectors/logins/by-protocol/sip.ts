// Password guessing by SIP (RFC 3261 §22): requests with credentials that are refused, and names that do not exist.

import type { AnyEvent, EventPlace } from '../../../../core/index.ts';
import { failed, nameOf, type Outcome, passed, type Reader } from '../attempt.ts';
import { defineGuessing } from '../guessing.ts';

/** Requests that wait for their answer, at the most. */
const askedMost = 1024;
/** Characters of a header that are looked at. */
const headerChars = 256;
const userPart = /sips?:([^@;>\s]{1,64})@/i;

interface Asked {
  readonly isRegister: boolean;
  readonly hasProof: boolean;
  readonly user: string;
}

const cut = (text: unknown): string => (typeof text === 'string' ? text.slice(0, headerChars) : '');

/** A reader with a memory: an answer does not say what was asked. */
function sipReader(): Reader {
  const asked = new Map<string, Asked>();
  return (event: AnyEvent, place: EventPlace): Outcome | null => {
    if (place.only !== 'eve' || typeof event.cseq !== 'string') return null;
    const key = `${cut(event.callId)} ${cut(event.cseq)}`;
    if (typeof event.method === 'string' && event.code === undefined) {
      const user = nameOf(event.user) || nameOf(userPart.exec(cut(event.requestTo))?.[1]);
      const first = asked.keys().next();
      if (asked.size >= askedMost && first.done === false) asked.delete(first.value);
      asked.set(key, { isRegister: event.method === 'REGISTER', hasProof: event.authorization !== undefined, user });
      return null;
    }
    const request = asked.get(key);
    const code = Number(event.code);
    if (request === undefined || !(code >= 200)) return null;
    asked.delete(key);
    const { isRegister, hasProof, user } = request;
    if (code < 300) return isRegister && hasProof ? passed(user) : null;
    // A first 401 asks for the password; who sent it and is asked again had the wrong one.
    if ((code === 401 || code === 407) && hasProof) return failed(user);
    return code === 403 || (code === 404 && isRegister) ? failed(user) : null;
  };
}

export const bruteSip = defineGuessing({
  name: 'brute.sip',
  title: 'Password guessing by SIP',
  service: 'sip',
  severity: 'medium',
  failures: 10,
  windowSec: 300,
  benign: 'A telephone with an old password registers again and again.',
  readers: () => ({ sip: sipReader() }),
});
