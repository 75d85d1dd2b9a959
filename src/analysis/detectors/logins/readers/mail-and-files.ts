// How logins of FTP (RFC 959), SMTP (RFC 4954), POP3 (RFC 1939) and IMAP (RFC 9051) went.

import type { AnyEvent } from '../../../../core/index.ts';
import { failed, type Outcome, passed, type Readers } from '../attempt.ts';

/** Commands that end a login. A server that lets nobody in may refuse the user name already. */
const ftpVerbs = new Set(['USER', 'PASS', 'ACCT']);

function ftp(event: AnyEvent, place: { only: string }): Outcome | null {
  if (place.only === 'log' || !ftpVerbs.has(String(event.command))) return null;
  const codes = event.codes;
  const code = Array.isArray(codes) ? String(codes.at(-1)) : '';
  if (code === '530' || code === '430') return failed(event.user);
  return code === '230' || code === '232' ? passed(event.user) : null;
}

function smtp(event: AnyEvent, place: { only: string }): Outcome | null {
  if (place.only !== 'step') return null;
  return event.isLoggedIn === true ? passed(event.user) : event.isLoggedIn === false ? failed(event.user) : null;
}

const pop3Verbs = new Set(['PASS', 'APOP', 'AUTH']);

function pop3(event: AnyEvent): Outcome | null {
  const { request, response } = event as {
    request?: { command?: unknown } | null;
    response?: { success?: unknown } | null;
  };
  if (!pop3Verbs.has(String(request?.command)) || response === undefined || response === null) return null;
  return response.success === true ? passed(event.user) : failed(event.user);
}

const imapVerbs = new Set(['LOGIN', 'AUTHENTICATE']);

function imap(event: AnyEvent): Outcome | null {
  if (!imapVerbs.has(String(event.command))) return null;
  return event.status === 'OK' ? passed(event.user) : event.status === 'NO' ? failed(event.user) : null;
}

export const ftpReaders: Readers = { ftp };
export const smtpReaders: Readers = { smtp };
export const pop3Readers: Readers = { pop3 };
export const imapReaders: Readers = { imap };
