// Pages for browsers: the printed link, the login page, and the dashboard for whoever came in.

import type { Password } from '../access/password.ts';
import { setSession } from '../access/session-cookie.ts';
import type { Sessions } from '../access/sessions.ts';
import { apiBase } from '../api-base.ts';
import type { ServerParts } from '../parts.ts';
import type { Api, Asked } from '../routes/route.ts';
import { headlessPage } from './headless-page.ts';
import { loginPage, loginPath, loginStyle, loginStylePath, onwardPage } from './login-page.ts';
import { type StaticFiles, staticFiles } from './static-files.ts';

export interface PageOptions {
  readonly sessions: Sessions;
  readonly password: Password | null;
  /** A link was used up; there is a new one. */
  readonly linkUsed: () => void;
}

interface Pages extends PageOptions {
  readonly isKnown: (asked: Asked) => boolean;
}

/** Paths that anybody may ask for: nothing that was captured is there. */
export const openPaths: readonly string[] = ['/', loginPath, loginStylePath, `${apiBase}/login`];

/** Whether a request is for a page, or a file of one, and not for the API. */
export function isPage({ req: { path, method } }: Asked): boolean {
  return ['GET', 'HEAD'].includes(method) && !path.startsWith('/api/') && path !== '/api' && path !== '/metrics';
}

/** Whether whoever asks would rather read a page than a Problem. */
export function wantsPage(asked: Asked): boolean {
  return isPage(asked) && (asked.req.header('accept') ?? '').includes('text/html');
}

/** The page for those who are not known. */
export function loginAnswer(asked: Asked, password: Password | null, trouble: string | null, status: 200 | 401 | 429) {
  if (trouble === null && comesFromElsewhere(asked)) return asked.html(onwardPage);
  // Without this a browser does not say where the form was, and the door would not open for it.
  asked.header('Referrer-Policy', 'same-origin');
  return asked.html(loginPage({ hasPassword: password !== null, trouble }), status);
}

export function addPages(root: Api, { web, version }: ServerParts, pages: Pages): void {
  const files = web === null ? null : staticFiles(web);
  addFirstPage(root, files, version, pages);
  addLogin(root, pages);
  if (files === null) return;
  root.get('*', async (asked, next) => {
    if (!isPage(asked)) return await next();
    const file = files.answer(asked.req.path, asked);
    if (file !== null) return file;
    // A script or picture that is not there is no view; what somebody opens is.
    const looksLikeFile = /\.[a-z][a-z0-9]{1,10}$/.test(asked.req.path);
    const view = looksLikeFile && !wantsPage(asked) ? null : files.answer('/index.html', asked);
    return view ?? (await next());
  });
}

/** Takes the link's token; else the dashboard, or what there is instead. */
function addFirstPage(root: Api, files: StaticFiles | null, version: string, pages: Pages): void {
  const { sessions, password, linkUsed, isKnown } = pages;
  root.get('/', (asked) => {
    const given = asked.req.query('token');
    if (given !== undefined) {
      const session = sessions.openByLink(given);
      if (session !== null) {
        setSession(asked, session);
        linkUsed();
        return comesFromElsewhere(asked) ? asked.html(toFirstPage) : asked.redirect('/', 303);
      }
      // A link that is opened again where it was opened before leads to where it led then.
      return isKnown(asked) ? asked.redirect('/', 303) : loginAnswer(asked, password, usedLink, 401);
    }
    if (files === null) return asked.html(headlessPage(version));
    if (!isKnown(asked)) return loginAnswer(asked, password, null, 401);
    return files.answer('/index.html', asked) ?? asked.html(headlessPage(version));
  });
}

const comesFromElsewhere = (asked: Asked): boolean => asked.req.header('sec-fetch-site') === 'cross-site';

/** Without the token in it. */
const toFirstPage = onwardPage.replace('content="0"', 'content="0;url=/"').replace('href=""', 'href="/"');

const usedLink = 'This link was used before, or is of an earlier start. Use the newest one that was printed.';

const troubles = {
  wrong: { said: 'The password is wrong. Try again.', status: 401 },
  wait: { said: 'Too many tries. Wait a minute, then try again.', status: 429 },
} as const;

function addLogin(root: Api, { sessions, password, isKnown }: Pages): void {
  root.get(loginStylePath, (asked) =>
    asked.body(loginStyle, 200, { 'Content-Type': 'text/css; charset=utf-8', 'Cache-Control': 'no-cache' }),
  );
  root.get(loginPath, (asked) => (isKnown(asked) ? asked.redirect('/', 303) : loginAnswer(asked, password, null, 200)));
  root.post(loginPath, async (asked: Asked) => {
    const given = new URLSearchParams(await asked.req.text()).get('password') ?? '';
    if (password === null || given === '' || given.length > 1000) return loginAnswer(asked, password, null, 401);
    const verdict = await password.try(given, asked.env.incoming.socket.remoteAddress ?? '');
    if (verdict !== 'right') return loginAnswer(asked, password, troubles[verdict].said, troubles[verdict].status);
    setSession(asked, sessions.open());
    return asked.redirect('/', 303);
  });
}
