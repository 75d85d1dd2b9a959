// The door to the network: every request is looked at here before anything answers it.

import type { MiddlewareHandler } from 'hono';
import { getCookie } from 'hono/cookie';
import { Refusal } from '../refusals.ts';
import type { ApiEnv, Asked } from '../routes/route.ts';
import { limits } from '../shapes/limits.ts';
import { isOwnOrigin } from './hosts.ts';
import type { Sessions } from './sessions.ts';

export interface DoorOptions {
  readonly sessions: Sessions;
  /** Whether a Host header names this server. */
  readonly isOwnHost: (header: string | undefined) => boolean;
  /** Paths that anybody may ask for. */
  readonly open: readonly string[];
}

/** Cookies know no ports: the name does, so that two servers on one machine do not log each other out. */
export const cookieName = (asked: Asked): string => `taplight_${asked.env.incoming.socket.localPort ?? 0}`;

/** Refuses bodies whose length is not told beforehand, or too large. */
export const bodyCheck: MiddlewareHandler<ApiEnv> = async (asked, next) => {
  const { headers } = asked.env.incoming;
  const hint = `Send at most ${limits.bodyBytes} bytes with a Content-Length.`;
  if (headers['transfer-encoding'] !== undefined) {
    throw new Refusal('LENGTH_NEEDED', 'the length of the body is not told', hint);
  }
  if (Number(headers['content-length'] ?? 0) > limits.bodyBytes) {
    throw new Refusal('BODY_TOO_LARGE', 'the body is too large', hint);
  }
  await next();
};

/** Host, origin, then session or token. */
export function door({ sessions, isOwnHost, open }: DoorOptions): MiddlewareHandler<ApiEnv> {
  return async (asked, next) => {
    const { headers } = asked.env.incoming;
    const { host, origin } = headers;
    if (!isOwnHost(host)) {
      const hint = 'Use the address that was printed, or name this one with --allow-host.';
      throw new Refusal('WRONG_HOST', 'this server does not go by that name', hint);
    }
    const site = headers['sec-fetch-site'];
    // A link on another page may lead to the first page, which shows nothing that was captured.
    const isVisit = asked.req.path === '/' && headers['sec-fetch-mode'] === 'navigate';
    if (!isVisit && !isOwnOrigin(origin, host, typeof site === 'string' ? site : undefined)) {
      throw new Refusal('WRONG_ORIGIN', 'pages of other sites may not ask here', 'Open the dashboard itself.');
    }
    if (!open.includes(asked.req.path) && !isKnown(asked, sessions)) {
      const hint = 'Open the link that was printed, log in, or send `Authorization: Bearer` with the token.';
      throw new Refusal('LOGIN_NEEDED', 'who asks is not known', hint);
    }
    await next();
  };
}

function isKnown(asked: Asked, sessions: Sessions): boolean {
  const session = getCookie(asked, cookieName(asked));
  if (session !== undefined && sessions.isOpen(session)) return true;
  const bearer = /^Bearer +([\w.~+/=-]+)$/i.exec(asked.req.header('authorization') ?? '')?.[1];
  return bearer !== undefined && sessions.isToken(bearer);
}
