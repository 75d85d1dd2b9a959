// The cookie that a session is known by: scripts cannot read it, other sites cannot send it.

import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { Asked } from '../routes/route.ts';

/** Cookies know no ports: the name does, so that two servers on one machine do not log each other out. */
const cookieName = (asked: Asked): string => `taplight_${asked.env.incoming.socket.localPort ?? 0}`;

export const sessionOf = (asked: Asked): string | undefined => getCookie(asked, cookieName(asked));

export function setSession(asked: Asked, session: string): void {
  setCookie(asked, cookieName(asked), session, { httpOnly: true, sameSite: 'Strict', path: '/' });
}

export function forgetSession(asked: Asked): void {
  deleteCookie(asked, cookieName(asked), { path: '/' });
}
