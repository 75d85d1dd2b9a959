// How logins of MySQL, PostgreSQL, MongoDB and Redis went, by the error codes of each.

import type { AnyEvent } from '../../../../core/index.ts';
import { failed, type Outcome, passed, type Readers } from '../attempt.ts';

/** ER_ACCESS_DENIED_ERROR, and the same without a password given. */
const mysqlRefusals = new Set([1045, 1698]);

function mysql(event: AnyEvent, place: { only: string }): Outcome | null {
  if (place.only === 'eve' || (event.command !== 'login' && event.command !== 'change_user')) return null;
  if (mysqlRefusals.has(Number(event.errorCode))) return failed(event.user ?? event.argument);
  return event.success === true ? passed(event.user ?? event.argument) : null;
}

/** SQLSTATE of a wrong password, and of a user that may not log in. */
const postgresqlRefusals = new Set(['28P01', '28000']);

function postgresql(event: AnyEvent, place: { only: string }): Outcome | null {
  if (place.only !== 'log') return null;
  if (postgresqlRefusals.has(String(event.errorCode))) return failed(event.user);
  const isLogin = event.success === true && String(event.backend).includes('authentication');
  return isLogin ? passed(event.user) : null;
}

/** AuthenticationFailed. */
const mongodbRefusal = 18;
const mongodbLogins = new Set(['saslStart', 'saslContinue', 'authenticate']);

function mongodb(event: AnyEvent): Outcome | null {
  if (!mongodbLogins.has(String(event.command))) return null;
  if (event.errorCode === mongodbRefusal) return failed(event.user);
  return event.success === true && event.command !== 'saslStart' ? passed(event.user) : null;
}

function redis(event: AnyEvent): Outcome | null {
  if (event.command !== 'AUTH' || event.success === undefined) return null;
  return event.success === true ? passed(event.user) : failed(event.user);
}

export const sqlReaders: Readers = { mysql, postgresql, mongodb, redis };
