// SIP (RFC 3261) over UDP and TCP: requests, responses, sessions they describe. The calls they make are told as `sip-call`.

import { hasAscii } from '../../../../core/index.ts';
import { defineProtocol, isAsciiLetter, type ProbeHint, probed, startingWith } from '../../protocol.ts';
import { sipFields } from './fields.ts';
import { isKeepAlive, mayBeSip } from './first-bytes.ts';
import { SipTalk } from './sip-talk.ts';

export const sip = defineProtocol({
  name: 'sip',
  title: 'SIP',
  family: 'media',
  ports: { tcp: [5060], udp: [5060] },
  zeekLog: 'sip',
  zeekService: 'sip',
  fields: sipFields,
  // A method or version, or what keeps a way open.
  probe: startingWith(
    (first) => isAsciiLetter(first) || first === 0 || first === 0x0a || first === 0x0d || first === 0x20,
    probe,
  ),
  open: (conversation) => new SipTalk(conversation),
});

function probe(b: Uint8Array, at: number, end: number, hint: ProbeHint): number {
  if (hint.proto === 17) {
    if (hint.isPort && isKeepAlive(b, at, end)) return probed.yes;
    return mayBeSip(b, at, end, true) === probed.yes ? probed.yes : probed.no;
  }
  // Phones open a way through a firewall with empty lines.
  let from = at;
  while (from < end && from < at + 8 && (b[from] === 0x0d || b[from] === 0x0a)) from++;
  if (from === end) return hint.isPort && from > at ? probed.maybe : probed.no;
  const verdict = mayBeSip(b, from, end, false);
  return verdict === probed.yes && hasAscii(b, from, end, 'SIP/') && !hint.isPort && from > at ? probed.no : verdict;
}
