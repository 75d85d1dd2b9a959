// How logins of SMB, Kerberos (RFC 4120 §7.5.9), LDAP (RFC 4511 §4.2) and NTLM went.

import type { AnyEvent } from '../../../../core/index.ts';
import { failed, nameOf, type Outcome, passed, type Reader, type Readers } from '../attempt.ts';

/** NT statuses of a login that was refused (MS-ERREF §2.3). */
const refusals = new Set([
  'STATUS_LOGON_FAILURE',
  'STATUS_WRONG_PASSWORD',
  'STATUS_NO_SUCH_USER',
  'STATUS_ACCOUNT_LOCKED_OUT',
  'STATUS_ACCOUNT_DISABLED',
  'STATUS_ACCOUNT_RESTRICTION',
  'STATUS_ACCOUNT_EXPIRED',
  'STATUS_PASSWORD_EXPIRED',
  'STATUS_LOGON_TYPE_NOT_GRANTED',
  'STATUS_INVALID_LOGON_HOURS',
]);

function smb(event: AnyEvent): Outcome | null {
  const status = String(event.status);
  const user = (event.ntlmssp as { user?: unknown } | undefined | null)?.user;
  if (event.isLogin === true) return passed(user);
  if (!String(event.command).includes('SESSION_SETUP')) return null;
  return refusals.has(status) ? failed(user) : null;
}

/** Wrong password, account locked. That proof of the key is asked for (25) is no failure. */
const kerberosFailures = new Set(['KDC_ERR_PREAUTH_FAILED', 'KDC_ERR_CLIENT_REVOKED']);
const unknownUser = 'KDC_ERR_C_PRINCIPAL_UNKNOWN';
/** Unknown users that are remembered, at the most. */
const unknownMost = 4096;

/** A user that there is not counts once: who asks for it again and again has a wrong setting, who asks for many looks for users. */
function kerberosReader(): Reader {
  const unknown = new Set<string>();
  return (event, place) => {
    if (place.only !== 'log' || event.requestType !== 'AS') return null;
    if (event.isSuccess === true) return passed(event.client);
    if (kerberosFailures.has(String(event.error))) return failed(event.client);
    if (event.error !== unknownUser) return null;
    const key = `${place.c0} ${place.c3} ${nameOf(event.client)}`;
    if (unknown.has(key)) return null;
    if (unknown.size >= unknownMost) unknown.clear();
    unknown.add(key);
    return failed(event.client);
  };
}

function ldap(event: AnyEvent, place: { only: string }): Outcome | null {
  if (place.only !== 'log' || !String(event.operation).startsWith('bind')) return null;
  if (event.result === 'invalid credentials') return failed(event.object);
  return event.result === 'success' && event.object !== undefined ? passed(event.object) : null;
}

const smbPorts = new Set([139, 445]);

/** SMB tells its own. */
function ntlm(event: AnyEvent, place: { sPort: number }): Outcome | null {
  if (smbPorts.has(place.sPort)) return null;
  return event.isSuccess === true ? passed(event.user) : event.isSuccess === false ? failed(event.user) : null;
}

export const smbReaders: Readers = { smb };
export const kerberosReaders = (): Readers => ({ kerberos: kerberosReader() });
export const ldapReaders: Readers = { ldap };
export const ntlmReaders: Readers = { ntlm };
