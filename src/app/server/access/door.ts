// The door to the network: every request is looked at here before anything answers it.

import type { MiddlewareHandler } from 'hono';
import { Refusal } from '../refusals.ts';
import type { ApiEnv, Asked } from '../routes/route.ts';
import { limits } from '../shapes/limits.ts';
import { isOwnOrigin } from './hosts.ts';
import { sessionOf } from './session-cookie.ts';
import type { Sessions } from './sessions.ts';

export interface DoorOptions {
  /** Whether a Host header names this server. */
  readonly isOwnHost: (header: string | undefined) => boolean;
  /** Whether who asks has a session or the token. */
  readonly isKnown: (asked: Asked) => boolean;
  /** Paths that anybody may ask for. */
  readonly open: readonly string[];
  /** Whether a link on another page may lead there: it is answered as to somebody who is not known. */
  readonly isPage: (asked: Asked) => boolean;
  /** The page for those who are not known; null: who asks gets a Problem. */
  readonly turnAway: (asked: Asked) => Response | Promise<Response> | null;
}

/** Refuses bodies whose length is not told beforehand, or too large; `upload` may be larger. */
export function bodyCheck(upload: { readonly path: string; readonly maxBytes: number }): MiddlewareHandler<ApiEnv> {
  return async (asked, next) => {
    const { headers } = asked.env.incoming;
    const most = asked.req.path === upload.path ? upload.maxBytes : limits.bodyBytes;
    const hint = `Send at most ${most} bytes with a Content-Length.`;
    if (headers['transfer-encoding'] !== undefined) {
      throw new Refusal('LENGTH_NEEDED', 'the length of the body is not told', hint);
    }
    if (Number(headers['content-length'] ?? 0) > most) {
      throw new Refusal('BODY_TOO_LARGE', 'the body is too large', hint);
    }
    await next();
  };
}

/** Host, origin, then session or token. */
export function door({ isOwnHost, isKnown, open, isPage, turnAway }: DoorOptions): MiddlewareHandler<ApiEnv> {
  return async (asked, next) => {
    const { headers } = asked.env.incoming;
    const { host, origin } = headers;
    if (!isOwnHost(host)) {
      const hint = 'Use the address that was printed, or name this one with --allow-host.';
      throw new Refusal('WRONG_HOST', 'this server does not go by that name', hint);
    }
    const site = headers['sec-fetch-site'];
    // A link on another page may lead here; the browser leaves the cookie out then.
    const isVisit = isPage(asked) && headers['sec-fetch-mode'] === 'navigate';
    if (!isVisit && !isOwnOrigin(origin, host, typeof site === 'string' ? site : undefined)) {
      throw new Refusal('WRONG_ORIGIN', 'pages of other sites may not ask here', 'Open the dashboard itself.');
    }
    if (!open.includes(asked.req.path) && !isKnown(asked)) {
      const page = turnAway(asked);
      if (page !== null) return page;
      const hint = 'Open the link that was printed, log in, or send `Authorization: Bearer` with the token.';
      throw new Refusal('LOGIN_NEEDED', 'who asks is not known', hint);
    }
    return await next();
  };
}

/** Whether a request comes with a session or the token. */
export function knownBy(sessions: Sessions): (asked: Asked) => boolean {
  return (asked) => {
    const session = sessionOf(asked);
    if (session !== undefined && sessions.isOpen(session)) return true;
    const bearer = /^Bearer +([\w.~+/=-]+)$/i.exec(asked.req.header('authorization') ?? '')?.[1];
    return bearer !== undefined && sessions.isToken(bearer);
  };
}
