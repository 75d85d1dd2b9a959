// SASL as mail protocols carry it (RFC 4422): who logs in; the secret is never kept.

import { base64Text } from '../../../core/index.ts';
import { readNtlm } from '../windows/ntlm.ts';

/** Characters of an answer that are looked at. */
const answerChars = 4096;
/** Characters of a user's name that are kept. */
const nameChars = 256;

/** Follows one login: mechanism, then the client's answers in base64. */
export class SaslLogin {
  readonly mechanism: string;
  user: string | null = null;
  #answers = 0;

  constructor(mechanism: string) {
    this.mechanism = mechanism.slice(0, 32).toUpperCase();
  }

  /** @param answer base64 text; `*` gives up, `=` is an empty one */
  answered(answer: string): void {
    this.#answers++;
    if (this.user !== null || answer.length > answerChars) return;
    const plain = base64Text(answer);
    if (plain === null) return;
    const user = this.#userOf(plain);
    if (user !== null && user !== '') this.user = printable(user.slice(0, nameChars));
  }

  #userOf(plain: string): string | null {
    switch (this.mechanism) {
      case 'PLAIN':
        return plainUser(plain);
      case 'LOGIN':
        return this.#answers === 1 ? plain : null;
      case 'CRAM-MD5':
        return plain.slice(0, Math.max(0, plain.lastIndexOf(' ')));
      case 'NTLM':
        return ntlmUser(plain);
      case 'DIGEST-MD5':
        return between(plain, 'username="', '"');
      case 'XOAUTH2':
        return between(plain, 'user=', '\x01');
      case 'OAUTHBEARER':
        return between(plain, 'a=', ',');
      default:
        return plain.startsWith('n,') && plain.includes('n=') ? between(plain.slice(2), 'n=', ',') : null;
    }
  }
}

/** Identity, user and password (RFC 4616); with one of them left out a user cannot be told from a password. */
function plainUser(plain: string): string | null {
  const parts = plain.split('\0');
  return parts.length === 3 ? parts[1] : null;
}

/** The user of the third NTLM message. */
function ntlmUser(plain: string): string | null {
  const bytes = Uint8Array.from(plain, (c) => c.charCodeAt(0));
  return readNtlm(bytes, 0, bytes.length)?.answer?.user ?? null;
}

function between(text: string, before: string, after: string): string | null {
  const at = text.indexOf(before);
  if (at < 0) return null;
  const end = text.indexOf(after, at + before.length);
  return text.slice(at + before.length, end < 0 ? text.length : end);
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
