// SMTP (RFC 5321) with pipelining (RFC 2920), CHUNKING (RFC 3030), STARTTLS (RFC 3207) and AUTH (RFC 4954): one event a mail.

import { hasAsciiAnyCase, wireText } from '../../../core/index.ts';
import { defineProtocol, isAsciiDigit, isAsciiLetter, type ProbeHint, probed, startingWith } from '../protocol.ts';
import { smtpFields } from './smtp-mail.ts';
import { SmtpTalk } from './smtp-talk.ts';
import { replyCode, verbs } from './smtp-words.ts';

function probe(b: Uint8Array, at: number, end: number, hint: ProbeHint): number {
  if (end - at < 4) return hint.isPort && end > at ? probed.maybe : probed.no;
  if (b[at] === 0x32 && b[at + 1] === 0x32 && b[at + 2] === 0x30) {
    if (b[at + 3] !== 0x20 && b[at + 3] !== 0x2d) return probed.no;
    return hint.isPort || saysSmtp(b, at + 4, end) ? probed.yes : probed.no;
  }
  if (hasAsciiAnyCase(b, at, end, 'ehlo ') || hasAsciiAnyCase(b, at, end, 'helo ')) return probed.yes;
  if (!hint.isPort) return probed.no;
  if (replyCode(b, at, end) >= 0 && (b[at + 3] === 0x20 || b[at + 3] === 0x2d)) return probed.yes;
  let word = at;
  while (word < end && word < at + 9 && b[word] > 0x20) word++;
  return word < end && verbs.has(wireText(b, at, word).toUpperCase()) ? probed.yes : probed.no;
}

/** Whether the greeting line names the protocol: `220 host ESMTP Postfix`. */
function saysSmtp(b: Uint8Array, at: number, end: number): boolean {
  for (let o = at; o < Math.min(end, at + 256) && b[o] !== 0x0a; o++) {
    if (hasAsciiAnyCase(b, o, end, 'smtp')) return true;
  }
  return false;
}

export const smtp = defineProtocol({
  name: 'smtp',
  title: 'SMTP',
  family: 'mail',
  ports: { tcp: [25, 587] },
  zeekLog: 'smtp',
  zeekService: 'smtp',
  fields: smtpFields,
  probe: startingWith((first) => isAsciiLetter(first) || isAsciiDigit(first), probe),
  open: (conversation) => new SmtpTalk(conversation),
});
