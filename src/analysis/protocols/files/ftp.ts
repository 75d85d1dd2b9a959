// FTP control connections (RFC 959, 2228, 2428, 3659): one event a command; its data connections are announced.

import { hasAsciiAnyCase, wireText } from '../../../core/index.ts';
import { defineProtocol, isAsciiDigit, isAsciiLetter, type ProbeHint, probed, startingWith } from '../protocol.ts';
import { ftpFields } from './ftp-command.ts';
import { FtpTalk } from './ftp-talk.ts';

/** Commands a client begins with, and of them those that no other protocol has. */
const first = new Set(
  'USER PASS AUTH FEAT SYST OPTS HOST CLNT HELP QUIT PBSZ CWD PWD TYPE PASV PORT EPSV EPRT LIST'.split(' '),
);
const only = ['auth tls', 'auth ssl', 'opts utf8', 'user anonymous', 'user ftp\r'];

function probe(b: Uint8Array, at: number, end: number, hint: ProbeHint): number {
  const c = b[at];
  if (c >= 0x31 && c <= 0x35) return probeReply(b, at, end, hint);
  if ((c | 0x20) < 0x61 || (c | 0x20) > 0x7a) return probed.no;
  for (const text of only) if (hasAsciiAnyCase(b, at, end, text)) return probed.yes;
  let word = at;
  while (word < end && word < at + 5 && b[word] > 0x20) word++;
  if (word === end) return hint.isPort && end - at < 5 ? probed.maybe : probed.no;
  if (hint.isPort) return first.has(wireText(b, at, word).toUpperCase()) ? probed.yes : probed.no;
  return isLoneUser(b, at, end) ? probed.yes : probed.no;
}

/** `220 ` or `220-`; anywhere else than at the usual port the line must name the protocol. */
function probeReply(b: Uint8Array, at: number, end: number, hint: ProbeHint): number {
  if (end - at < 4) return hint.isPort ? probed.maybe : probed.no;
  if (b[at + 3] !== 0x20 && b[at + 3] !== 0x2d) return probed.no;
  if (b[at + 1] < 0x30 || b[at + 1] > 0x39 || b[at + 2] < 0x30 || b[at + 2] > 0x39) return probed.no;
  if (hint.isPort) return probed.yes;
  if (b[at] !== 0x32 || b[at + 1] !== 0x32 || b[at + 2] !== 0x30) return probed.no;
  for (let o = at + 4; o < Math.min(end, at + 512); o++) if (hasAsciiAnyCase(b, o, end, 'ftp')) return probed.yes;
  return probed.maybe;
}

/** `USER name`: of IRC it would have four words, before POP3 the server has spoken. */
function isLoneUser(b: Uint8Array, at: number, end: number): boolean {
  if (!hasAsciiAnyCase(b, at, end, 'user ')) return false;
  for (let o = at + 5; o < end; o++) {
    if (b[o] === 0x20) return false;
    if (b[o] === 0x0d) return o > at + 5 && o + 2 === end;
  }
  return false;
}

export const ftp = defineProtocol({
  name: 'ftp',
  title: 'FTP',
  family: 'files',
  ports: { tcp: [21, 2811] },
  zeekLog: 'ftp',
  zeekService: 'ftp',
  fields: ftpFields,
  probe: startingWith((first) => isAsciiLetter(first) || isAsciiDigit(first), probe),
  open: (conversation) => new FtpTalk(conversation),
});
