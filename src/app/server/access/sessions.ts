// Who may ask: sessions of browsers by cookie, a token for programs, and links that open one session each.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 bits, safe in URLs, headers and cookies. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether two secrets are the same; takes as long whichever letters differ. */
export function isSameSecret(given: string, wanted: string): boolean {
  return timingSafeEqual(digest(given), digest(wanted));
}

const mostSessions = 1000;

export interface Sessions {
  /** The token for `Authorization: Bearer`. */
  readonly token: string;
  /** The link that was not used yet. */
  link(): string;
  /** Uses a link up: a new session, or null when it is not the one. */
  openByLink(secret: string): string | null;
  /** A new session for someone who showed that they may. */
  open(): string;
  isOpen(session: string): boolean;
  isToken(text: string): boolean;
  close(session: string): void;
}

/** Sessions of one run of the server; kept in memory only. */
export function sessions(token = newSecret()): Sessions {
  // By digest, so that looking one up tells nothing about it by the time it takes.
  const open = new Set<string>();
  const nameOf = (session: string): string => digest(session).toString('base64');
  let link = newSecret();
  const add = (): string => {
    const session = newSecret();
    if (open.size >= mostSessions) open.delete(open.values().next().value ?? '');
    open.add(nameOf(session));
    return session;
  };
  return {
    token,
    link: () => link,
    openByLink: (secret) => {
      if (!isSameSecret(secret, link)) return null;
      link = newSecret();
      return add();
    },
    open: add,
    isOpen: (session) => open.has(nameOf(session)),
    isToken: (text) => isSameSecret(text, token),
    close: (session) => open.delete(nameOf(session)),
  };
}
