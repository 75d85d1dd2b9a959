// Conversations of the web, of mail and of logins that carry a secret: in clear, in a digest, or packed.

import { bytesOf, type Setting, type Step } from '../../src/analysis/protocols/golden/converse.ts';
import type { Side } from '../../src/analysis/protocols/index.ts';
import { big, joined, ntlmMessage } from '../../src/analysis/protocols/windows/mutations.ts';
import { base64, hex, percent, secret, user } from './secret-marks.ts';

export interface SecretCase {
  readonly protocol: string;
  readonly what: string;
  readonly steps: readonly Step[];
  readonly setting?: Setting;
  /** Secrets besides the usual one. */
  readonly secrets?: readonly string[];
  /** False: what is said names nobody. */
  readonly hasUser?: boolean;
}

const say = (side: Side, ...parts: (string | Uint8Array)[]): Step => ({
  side,
  bytes: joined(...parts.map((part) => (typeof part === 'string' ? bytesOf(`'${part}`) : part))),
});
const raw = (side: Side, ...parts: (string | Uint8Array)[]): Step => ({ side, bytes: bytesOf(...parts) });
/** Lines, each in a step of its own: `C: …` the client's, `S: …` the server's. */
const lines = (...texts: readonly string[]): Step[] =>
  texts.map((text) => say(text.startsWith('C') ? 0 : 1, `${text.slice(3)}\r\n`));

const jwt = `eyJhbGciOiJIUzI1NiJ9.${base64(JSON.stringify({ sub: secret })).replace(/=+$/, '')}.${secret}`;
const plain = base64(`\0${user}\0${secret}`);
/** Bytes of the proof that {@link ntlmMessage} makes up. */
const proof = 'Z'.repeat(8);

// --- the web ---------------------------------------------------------------------------------------------------------

const get = (target: string, ...headers: string[]): Step =>
  say(0, [`GET ${target} HTTP/1.1`, 'Host: example.org', ...headers, '', ''].join('\r\n'));
const answer = (...headers: string[]): Step =>
  say(1, ['HTTP/1.1 200 OK', 'Content-Length: 0', ...headers, '', ''].join('\r\n'));
const basic = `Authorization: Basic ${base64(`${user}:${secret}`)}`;

const targets: readonly string[] = [
  `/a?user=${user}&password=${secret}&x=1`,
  `/a?access_token=${secret}#id_token=${secret}`,
  `/a?%70assword=${percent(secret)}`,
  `/a?next=%2Fb%3Fapi_key%3D${percent(secret)}%26x%3D1&sig=${secret}`,
  `/a;jsessionid=${secret}?b=1`,
  `http://${user}:${secret}@example.org/`,
  `/a?u=ftp%3A%2F%2F${user}%3A${secret}%40example.org`,
  `/user=${user}&pwd=${secret}&channel=1`,
  `/a?X-Amz-Signature=${secret}&data[secret]=${secret}`,
  `/a?assertion=${jwt}`,
];
const headers: readonly string[] = [
  `Authorization: Bearer ${secret}`,
  `Authorization: ${secret}`,
  `Authorization: Digest username="${user}", realm="r", response="${secret}", cnonce="${secret}"`,
  `Authorization: AWS4-HMAC-SHA256 Credential=AKIA/x, Signature=${secret}`,
  `Proxy-Authorization: Basic ${base64(`${user}:${secret}`)}`,
  `Cookie: session=${secret}`,
  `X-Api-Key: ${secret}`,
  `X-Auth-Token: ${jwt}`,
  `Referer: https://${user}:${secret}@example.org/?token=${secret}`,
  `Origin: https://${user}:${secret}@example.org`,
  `Host: ${user}:${secret}@example.org`,
  `Forwarded: for="http://${user}:${secret}@proxy"`,
];
const web: SecretCase[] = [
  ...targets.map((target) => ({ protocol: 'http', what: target, steps: [get(target, basic), answer()] })),
  ...headers.map((one) => ({ protocol: 'http', what: one, steps: [get('/', one), answer()], hasUser: false })),
  {
    protocol: 'http',
    what: 'NTLM',
    steps: [get('/', `Authorization: NTLM ${Buffer.from(ntlmMessage(3)).toString('base64')}`), answer()],
    secrets: [proof],
  },
  {
    protocol: 'http',
    what: 'what the server says',
    steps: [
      get('/', basic),
      answer(`Set-Cookie: a=${secret}`, `Location: https://x.org/?code=1&access_token=${secret}`),
    ],
  },
  {
    protocol: 'http',
    what: 'a form and the file that it is',
    steps: [
      say(0, `POST /login?auth=${secret} HTTP/1.1\r\n${basic}\r\nContent-Length: 26\r\n\r\npass=${secret}&user=x1`),
      answer(),
    ],
  },
  {
    protocol: 'http',
    what: 'CONNECT with a user',
    steps: [say(0, `CONNECT ${user}:${secret}@example.org:443 HTTP/1.1\r\n${basic}\r\n\r\n`), answer()],
  },
  {
    protocol: 'file',
    what: 'a page behind a password',
    steps: [get(`/a.txt?token=${secret}`, basic), say(1, 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello')],
    setting: { rPort: 80 },
  },
  {
    protocol: 'websocket',
    what: 'tokens among subprotocols and in the target',
    steps: [
      get(
        `/s?user=${user}&token=${secret}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        `Sec-WebSocket-Protocol: chat, access_token, ${secret}, bearer.${secret}, ${jwt}`,
      ),
      say(1, 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'),
      raw(0, '81 85 01 02 03 04 69 67 6f 68 6e'),
    ],
  },
];

const field = (name: string, value: string): Uint8Array =>
  joined(Uint8Array.of(0, name.length), bytesOf(`'${name}`), Uint8Array.of(value.length), bytesOf(`'${value}`));
const frame2 = (type: number, flags: number, stream: number, body: Uint8Array): Uint8Array =>
  joined(big(body.length, 3), Uint8Array.of(type, flags), big(stream, 4), body);
const http2Fields = joined(
  field(':method', 'GET'),
  field(':scheme', 'https'),
  field(':authority', `${user}:${secret}@x.org`),
  field(':path', `/?access_token=${secret}`),
  field('authorization', `Basic ${base64(`${user}:${secret}`)}`),
  ...['cookie', 'x-api-key', 'x-auth-token', 'x-auth', 'x-vault-token', 'x-amz-signature'].map((name) =>
    field(name, secret),
  ),
  field('referer', `https://x.org/?sig=${secret}`),
  field('x-assertion', jwt.slice(0, 120)),
  field('sec-websocket-protocol', `token, ${secret}`),
);
web.push({
  protocol: 'http2',
  what: 'fields',
  steps: [
    say(0, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', frame2(4, 0, 0, new Uint8Array(0)), frame2(1, 5, 1, http2Fields)),
    say(
      1,
      frame2(
        1,
        5,
        1,
        joined(field(':status', '302'), field('set-cookie', secret), field('location', `/?sid=${secret}`)),
      ),
    ),
  ],
});

// --- mail, files, logins ---------------------------------------------------------------------------------------------

const smtp = (...login: string[]): Step[] => lines('S: 220 mail ESMTP', 'C: EHLO me', 'S: 250 AUTH PLAIN', ...login);
const cram = base64(`${user} ${hex(secret)}`);
const logins: SecretCase[] = [
  { protocol: 'smtp', what: 'PLAIN', steps: smtp(`C: AUTH PLAIN ${plain}`, 'S: 235 ok', 'C: QUIT', 'S: 221 bye') },
  {
    protocol: 'smtp',
    what: 'PLAIN without an identity before the user',
    steps: smtp(`C: AUTH PLAIN ${base64(`${user}\0${secret}`)}`, 'S: 535 no', 'C: QUIT', 'S: 221 bye'),
    hasUser: false,
  },
  {
    protocol: 'smtp',
    what: 'LOGIN',
    steps: smtp(
      'C: AUTH LOGIN',
      'S: 334 VXNlcm5hbWU6',
      `C: ${base64(user)}`,
      'S: 334 UGFzc3dvcmQ6',
      `C: ${base64(secret)}`,
      'S: 235 ok',
    ),
  },
  { protocol: 'smtp', what: 'CRAM-MD5', steps: smtp('C: AUTH CRAM-MD5', 'S: 334 PDFAYT4=', `C: ${cram}`, 'S: 235 ok') },
  {
    protocol: 'smtp',
    what: 'XOAUTH2',
    steps: smtp(`C: AUTH XOAUTH2 ${base64(`user=${user}\x01auth=Bearer ${secret}\x01\x01`)}`, 'S: 235 ok'),
  },
  {
    protocol: 'smtp',
    what: 'SCRAM',
    steps: smtp(
      `C: AUTH SCRAM-SHA-256 ${base64(`n,,n=${user},r=${secret}`)}`,
      'S: 334 cj14',
      `C: ${base64(`c=biws,r=x,p=${secret}`)}`,
      'S: 235 ok',
    ),
  },
  {
    protocol: 'pop3',
    what: 'USER and PASS, also wrongly written',
    steps: lines(
      'S: +OK POP3',
      `C: USER ${user}`,
      'S: +OK',
      `C: PASS\t${secret}`,
      'S: -ERR',
      `C: pass ${secret}`,
      'S: +OK in',
    ),
  },
  { protocol: 'pop3', what: 'APOP', steps: lines('S: +OK <1@a>', `C: APOP ${user} ${hex(secret)}`, 'S: +OK in') },
  { protocol: 'pop3', what: 'AUTH', steps: lines('S: +OK POP3', `C: AUTH PLAIN ${plain}`, 'S: +OK in') },
  {
    protocol: 'pop3',
    what: 'AUTH whose prompt is not seen',
    steps: lines('S: +OK POP3', `C: USER ${user}`, 'S: +OK', 'C: AUTH PLAIN', `C: ${plain}`, 'C: QUIT', 'S: +OK'),
  },
  { protocol: 'imap', what: 'LOGIN', steps: lines('S: * OK IMAP', `C: a LOGIN ${user} "${secret}"`, 'S: a OK in') },
  {
    protocol: 'imap',
    what: 'LOGIN with literals',
    steps: lines('S: * OK IMAP', `C: a LOGIN ${user} {${secret.length}}`, 'S: + go', `C: ${secret}`, 'S: a OK in'),
  },
  {
    protocol: 'imap',
    what: 'AUTHENTICATE',
    steps: lines(
      'S: * OK IMAP',
      'C: a AUTHENTICATE PLAIN',
      'S: + ',
      `C: ${plain}`,
      'S: a OK in',
      'C: b NOOP',
      'S: b OK',
    ),
  },
  {
    protocol: 'ftp',
    what: 'PASS, ACCT, ADAT and SITE',
    steps: lines(
      'S: 220 ftp',
      `C: USER ${user}`,
      'S: 331 password',
      `C: PASS ${secret}`,
      'S: 332 account',
      `C: ACCT ${secret}`,
      'S: 230 in',
      `C: SITE PSWD ${secret} ${secret}2`,
      'S: 200 ok',
      `C: MIC ${base64(`PASS ${secret}`)}`,
      'S: 200 ok',
      `C: DELE a`,
      'S: 250 ok',
    ),
  },
  {
    protocol: 'ftp',
    what: 'an account by the name of guest',
    steps: lines('S: 220 ftp', 'C: USER guest', 'S: 331', `C: PASS ${secret}`, 'S: 230 in', 'C: DELE a', 'S: 250 ok'),
    hasUser: false,
  },
  {
    protocol: 'telnet',
    what: 'a login',
    steps: [
      raw(1, "ff fd 18 ff fb 01 'login: "),
      say(0, `${user}\r\n`),
      say(1, 'Password for user: '),
      say(0, `${secret}\r\n`),
      say(1, '\r\nlogin: '),
      say(0, `${user}\r\n`),
      say(1, 'Password: '),
      say(0, `${secret}\r\n`),
      say(1, '\r\n$ '),
    ],
    setting: { rPort: 23 },
  },
  {
    protocol: 'vnc',
    what: 'challenge and answer',
    steps: [
      say(1, 'RFB 003.008\n'),
      say(0, 'RFB 003.008\n'),
      raw(1, '01 02'),
      raw(0, '02'),
      raw(1, '00'.repeat(16)),
      say(0, `${secret}xyz`),
      raw(1, '00000000'),
      raw(0, '01'),
      raw(1, '0400 0300', '00'.repeat(16), '00000004', `'${user}`),
    ],
    setting: { rPort: 5900 },
  },
  {
    protocol: 'irc',
    what: 'PASS, OPER, keys, NickServ and SASL',
    steps: lines(
      `C: PASS ${secret}`,
      `C: NICK ${user}`,
      `C: USER ${user} 0 * :x`,
      `S: :s 001 ${user} :hi`,
      `C: OPER ${user} ${secret}`,
      `C: JOIN #a,#b ${secret},${secret}`,
      `C: PRIVMSG NickServ :IDENTIFY ${secret}`,
      `C: AUTHENTICATE ${plain}`,
    ),
  },
  {
    protocol: 'xmpp',
    what: 'SASL',
    steps: [
      say(0, `<stream:stream to='${user}.example.org' xmlns='jabber:client'>`),
      say(1, "<stream:stream from='x'>"),
      say(0, `<auth xmlns='urn:x' mechanism='PLAIN'>${plain}</auth>`),
    ],
  },
  {
    protocol: 'socks',
    what: 'user and password',
    steps: [
      raw(0, '05 01 02'),
      raw(1, '05 02'),
      say(0, Uint8Array.of(1, user.length), user, Uint8Array.of(secret.length), secret),
      raw(1, '01 00'),
      raw(0, '05 01 00 01 c0000201 0050'),
      raw(1, '05 00 00 01 c0000202 0050'),
    ],
  },
];

export const webCases: readonly SecretCase[] = web;
export const loginCases: readonly SecretCase[] = logins;
export { basic, plain, proof, raw, say };
