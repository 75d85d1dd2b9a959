// Ways in: the printed link, the password, and out again; and the first page.

import { z } from '@hono/zod-openapi';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { Failure } from '../../../core/index.ts';
import { cookieName } from '../access/door.ts';
import type { Password } from '../access/password.ts';
import type { Sessions } from '../access/sessions.ts';
import { Refusal } from '../refusals.ts';
import { type Api, type Asked, addRoute } from './route.ts';

export interface EntryOptions {
  readonly sessions: Sessions;
  readonly password: Password | null;
  readonly version: string;
  /** A link was used up; there is a new one. */
  readonly linkUsed: () => void;
}

function setSession(asked: Asked, session: string): void {
  setCookie(asked, cookieName(asked), session, { httpOnly: true, sameSite: 'Strict', path: '/' });
}

/** The first page: takes the link's token, then says what is here. */
export function addFirstPage(root: Api, { sessions, version, linkUsed }: EntryOptions): void {
  root.get('/', (asked) => {
    const given = asked.req.query('token');
    if (given === undefined) return asked.html(firstPage(version));
    const session = sessions.openByLink(given);
    if (session === null) {
      const hint = 'Each link opens one session: use the newest one that was printed.';
      throw new Refusal('LOGIN_NEEDED', 'this link was used before, or is of an earlier start', hint);
    }
    setSession(asked, session);
    linkUsed();
    return asked.redirect('/', 303);
  });
}

const firstPage = (version: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Taplight ${version}</title>
<h1>Taplight ${version}</h1>
<p>This server runs without a dashboard. It answers programs:</p>
<ul>
<li><a href="/api/v1/status">/api/v1/status</a> what runs here</li>
<li><a href="/api/v1/live">/api/v1/live</a> the latest snapshot</li>
<li><a href="/api/v1/alerts">/api/v1/alerts</a> alerts that were kept</li>
<li><a href="/metrics">/metrics</a> counters for Prometheus</li>
<li><a href="/api/v1/openapi.json">/api/v1/openapi.json</a> all of it, described</li>
</ul>
</html>
`;

const loginBody = z.strictObject({ password: z.string().min(1).max(1000) }).openapi('Login');

export function addEntryRoutes(api: Api, { sessions, password }: EntryOptions): void {
  addRoute(api, {
    method: 'post',
    path: '/login',
    tag: 'door',
    summary: 'Opens a session with the password; the cookie is in the answer',
    body: loginBody,
    gives: [],
    status: 204,
    isOpen: true,
    answer: async ({ body }, asked) => {
      if (password === null) {
        throw new Failure('UNSUPPORTED', 'there is no password here', 'Open the link that was printed.');
      }
      const verdict = await password.try(body.password, asked.env.incoming.socket.remoteAddress ?? '');
      if (verdict === 'wait') {
        throw new Refusal('TOO_MANY_TRIES', 'too many tries', 'Wait a minute, then try again.');
      }
      if (verdict === 'wrong') throw new Refusal('WRONG_PASSWORD', 'the password is wrong', 'Try again.');
      setSession(asked, sessions.open());
      return asked.body(null, 204);
    },
  });
  addRoute(api, {
    method: 'post',
    path: '/logout',
    tag: 'door',
    summary: 'Ends the session',
    gives: [],
    status: 204,
    answer: (_, asked) => {
      const session = getCookie(asked, cookieName(asked));
      if (session !== undefined) sessions.close(session);
      deleteCookie(asked, cookieName(asked), { path: '/' });
      return asked.body(null, 204);
    },
  });
}
