// How logins of Telnet, VNC (RFC 6143 §7.1.3), SOCKS (RFC 1929), RADIUS (RFC 2865) and message brokers went.

import type { AnyEvent } from '../../../../core/index.ts';
import { failed, type Outcome, passed, type Readers } from '../attempt.ts';

function loggedIn(event: AnyEvent): Outcome | null {
  return event.isLoggedIn === true ? passed(event.user) : event.isLoggedIn === false ? failed(event.user) : null;
}

function socks(event: AnyEvent): Outcome | null {
  if (event.password === undefined) return null;
  const status = String(event.status);
  if (status === 'succeeded') return passed(event.user);
  return status === 'login refused' ? failed(event.user) : null;
}

function radius(event: AnyEvent, place: { only: string }): Outcome | null {
  if (place.only !== 'eve') return null;
  return event.response === 'Access-Reject'
    ? failed(event.userName)
    : event.response === 'Access-Accept'
      ? passed(event.userName)
      : null;
}

/** Return codes of CONNACK: bad name or password, not authorised; in version 3 and 5 (MQTT 5.0 §3.2.2.2). */
const mqttRefusals = new Set([4, 5, 0x86, 0x87]);

function mqtt(event: AnyEvent): Outcome | null {
  const { connack } = event as { connack?: { return_code?: unknown } | null };
  if (connack === undefined || connack === null) return null;
  if (connack.return_code === 0) return event.user === undefined ? null : passed(event.user);
  return mqttRefusals.has(Number(connack.return_code)) ? failed(event.user) : null;
}

/** ACCESS_REFUSED (AMQP 0-9-1 §1.5). */
const amqpRefused = 403;

function amqp(event: AnyEvent): Outcome | null {
  const method = String(event.method);
  if (event.replyCode === amqpRefused && method.startsWith('connection.')) return failed(event.user);
  return method === 'connection.open' && event.success === true ? passed(event.user) : null;
}

export const telnetReaders: Readers = { telnet: loggedIn };
export const vncReaders: Readers = { vnc: loggedIn };
export const socksReaders: Readers = { socks };
export const radiusReaders: Readers = { radius };
export const brokerReaders: Readers = { mqtt, amqp };
