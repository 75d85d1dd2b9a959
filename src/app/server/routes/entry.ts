// The way in by the password for programs of a browser, and the way out.

import { z } from '@hono/zod-openapi';
import { Failure } from '../../../core/index.ts';
import type { Password } from '../access/password.ts';
import { forgetSession, sessionOf, setSession } from '../access/session-cookie.ts';
import type { Sessions } from '../access/sessions.ts';
import { Refusal } from '../refusals.ts';
import { type Api, addRoute } from './route.ts';

export interface EntryOptions {
  readonly sessions: Sessions;
  readonly password: Password | null;
}

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
      const session = sessionOf(asked);
      if (session !== undefined) sessions.close(session);
      forgetSession(asked);
      return asked.body(null, 204);
    },
  });
}
