// The page for those who are not known yet: what to do, or a form for the password. Works without JavaScript.

import { pageSurfaces } from '../../../screens/present/index.ts';

export const loginPath = '/login';
export const loginStylePath = '/login.css';

export interface LoginPage {
  readonly hasPassword: boolean;
  /** What went wrong, in a sentence of ours; null: nothing. */
  readonly trouble: string | null;
}

export function loginPage({ hasPassword, trouble }: LoginPage): string {
  const said = trouble === null ? '' : `<p id="trouble" class="trouble" role="alert">${trouble}</p>\n`;
  const way = hasPassword ? passwordForm(trouble !== null) : linkWords;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="dark light">
<title>Taplight: log in</title>
<link rel="stylesheet" href="${loginStylePath}">
</head>
<body>
<main>
<h1>Taplight</h1>
${said}${way}</main>
</body>
</html>
`;
}

const linkWords = `<p>Open the link that was printed where Taplight was started:</p>
<pre>browser   http://127.0.0.1:…/?token=…</pre>
<p>Each link opens one browser; the next one is printed then. Is it gone? Start
<code>taplight serve</code> again.</p>
`;

const passwordForm = (isAgain: boolean): string => `<form method="post" action="${loginPath}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="1000" autofocus${
  isAgain ? ' aria-invalid="true" aria-describedby="trouble"' : ''
}>
<button type="submit">Log in</button>
</form>
<p>The link that was printed where Taplight was started opens it without a password, once.</p>
`;

const variables = (surface: Readonly<Record<string, string>>): string =>
  Object.entries(surface)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(';');

/** Its style, apart from it: pages here carry none inside. */
export const loginStyle = `:root{color-scheme:dark light;${variables(pageSurfaces.dark)}}
@media (prefers-color-scheme:light){:root{${variables(pageSurfaces.light)}}}
@media (prefers-contrast:more){:root{${variables(pageSurfaces.contrast)}}}
body{margin:0;background:var(--base);color:var(--text);font:1rem/1.5 system-ui,sans-serif}
main{max-width:26rem;margin:12vh auto;padding:1.5rem}
h1{font-size:1.5rem;margin:0 0 1rem}
p,pre{margin:0 0 1rem}
pre{padding:.75rem;background:var(--raised);border:1px solid var(--hairline);white-space:pre-wrap}
form{display:grid;gap:.5rem;margin:0 0 1rem}
input,button{font:inherit;padding:.6rem .75rem;color:var(--text);background:var(--raised);border:1px solid var(--control);border-radius:4px}
button{cursor:pointer;font-weight:600}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px}
.trouble{padding:.75rem;border:1px solid var(--control);border-inline-start-width:6px;font-weight:600}
`;

/**
 * For somebody who comes from a page elsewhere: the browser keeps the session back until a page of ours asks for the same
 * once more.
 */
export const onwardPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="0">
<title>Taplight</title>
<link rel="stylesheet" href="${loginStylePath}">
</head>
<body><main><p><a href="">Go on to Taplight</a></p></main></body>
</html>
`;
