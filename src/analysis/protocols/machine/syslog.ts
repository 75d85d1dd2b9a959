// Syslog (RFC 5424, and the older form of RFC 3164), over UDP and TCP (RFC 6587).
//
//   <34>Oct 11 22:14:15 host su: …           <165>1 2003-10-11T22:14:15Z host app …
//   stream: each line a message, or `58 <34>…`: the length, a blank, the message

import { type AnyEvent, findByte, number, text, wireText } from '../../../core/index.ts';
import {
  type Conversation,
  defineProtocol,
  notMine,
  type ProbeHint,
  probed,
  startingWith,
  type Talk,
} from '../protocol.ts';

/** Characters told of a message. */
const messageLimit = 2048;
/** The longest message of a stream. */
const streamLimit = 32_768;

const fields = {
  facility: text('What kind of program speaks', { zeek: 'facility' }),
  severity: text('How bad it is', { zeek: 'severity' }),
  message: text('What it says', { zeek: 'message', filter: 'syslog.msg' }),
  priority: number('Facility and severity as one number'),
};

const facilities = [
  'KERN',
  'USER',
  'MAIL',
  'DAEMON',
  'AUTH',
  'SYSLOG',
  'LPR',
  'NEWS',
  'UUCP',
  'CRON',
  'AUTHPRIV',
  'FTP',
  'NTP',
  'AUDIT',
  'ALERT',
  'CLOCK',
  'LOCAL0',
  'LOCAL1',
  'LOCAL2',
  'LOCAL3',
  'LOCAL4',
  'LOCAL5',
  'LOCAL6',
  'LOCAL7',
];
const severities = ['EMERG', 'ALERT', 'CRIT', 'ERR', 'WARNING', 'NOTICE', 'INFO', 'DEBUG'];
const unspecified = 'UNSPECIFIED';

const isDigit = (c: number): boolean => c >= 0x30 && c <= 0x39;

/** What stands behind `<n>` at `at`; -1 when there is no priority. The number is left in {@link priority}. */
function afterPriority(b: Uint8Array, at: number, end: number): number {
  if (at >= end || b[at] !== 0x3c) return -1;
  let number = 0;
  let o = at + 1;
  while (o < end && o < at + 4 && isDigit(b[o])) number = number * 10 + b[o++] - 0x30;
  if (o === at + 1 || o >= end || b[o] !== 0x3e || number > 191) return -1;
  priority = number;
  return o + 1;
}

let priority = 0;

function readMessage(b: Uint8Array, at: number, end: number): AnyEvent {
  const body = afterPriority(b, at, end);
  const stop = Math.min(end, (body < 0 ? at : body) + messageLimit);
  if (body < 0) return { facility: unspecified, severity: unspecified, message: wireText(b, at, stop) };
  return {
    facility: facilities[priority >> 3],
    severity: severities[priority & 7],
    message: wireText(b, body, stop),
    priority,
  };
}

/** Length and blank in front of a message (RFC 6587 §3.4.1): where the message begins, or -1; 0 asks for more. */
function afterCount(b: Uint8Array, at: number, end: number): number {
  let o = at;
  count = 0;
  while (o < end && o < at + 6 && isDigit(b[o])) count = count * 10 + b[o++] - 0x30;
  if (o >= end && o < at + 6) return 0;
  return o > at && b[o] === 0x20 && count > 0 ? o + 1 : -1;
}

let count = 0;

function open(conversation: Conversation<typeof fields>): Talk {
  let isFirst = true;
  const tell = (b: Uint8Array, at: number, end: number, side: 0 | 1): void => {
    isFirst = false;
    conversation.emit(readMessage(b, at, end), { side });
  };

  /** Where the message at `at` ends, its end of line included; 0 when it is not all there, -1 when it is none. */
  const take = (b: Uint8Array, at: number, end: number, side: 0 | 1): number => {
    if (isDigit(b[at])) {
      const body = afterCount(b, at, end);
      if (body <= 0) return body;
      if (count > streamLimit) return -1;
      if (body + count > end) return 0;
      tell(b, body, body + count, side);
      return body + count;
    }
    if (b[at] !== 0x3c && isFirst) return -1;
    const line = findByte(b, at, end, 0x0a);
    if (line < 0) return end - at > streamLimit ? -1 : 0;
    if (line > at) tell(b, at, b[line - 1] === 0x0d ? line - 1 : line, side);
    return line + 1;
  };

  return {
    data(side, b, at, end) {
      if (conversation.proto === 17) {
        tell(b, at, end, side);
        return end - at;
      }
      let o = at;
      while (o < end) {
        const next = take(b, o, end, side);
        if (next < 0) {
          if (isFirst) return notMine;
          conversation.done();
          return end - at;
        }
        if (next === 0) break;
        o = next;
      }
      return o - at;
    },
  };
}

/** Whether what follows a priority is a version or the name of a month. */
function hasHead(b: Uint8Array, at: number, end: number): boolean {
  if (end - at < 4) return false;
  if (b[at] === 0x31 && b[at + 1] === 0x20) return true;
  const isMonth = b[at] >= 0x41 && b[at] <= 0x53 && b[at + 1] >= 0x61 && b[at + 2] >= 0x61 && b[at + 3] === 0x20;
  return isMonth && b[at + 1] <= 0x7a && b[at + 2] <= 0x7a;
}

function probe(b: Uint8Array, at: number, end: number, hint: ProbeHint): number {
  let from = at;
  if (hint.proto === 6 && end > at && isDigit(b[at])) {
    from = afterCount(b, at, end);
    if (from < 0) return probed.no;
    if (from === 0) return hint.isPort ? probed.maybe : probed.no;
  }
  if (from < end && b[from] !== 0x3c) {
    // Old senders leave the priority out (RFC 3164 §4.3.3): believed on the port, when it is text.
    if (hint.proto !== 17 || !hint.isPort) return probed.no;
    for (let i = at; i < end && i < at + 64; i++) if (b[i] < 0x20 && b[i] !== 0x09 && b[i] !== 0x0a) return probed.no;
    return end - at > 8 ? probed.yes : probed.no;
  }
  const body = afterPriority(b, from, end);
  if (body < 0) return end - from < 5 && hint.isPort && hint.proto === 6 ? probed.maybe : probed.no;
  return hint.isPort || hasHead(b, body, end) ? probed.yes : probed.no;
}

export const syslog = defineProtocol({
  name: 'syslog',
  title: 'Syslog',
  family: 'machine',
  ports: { udp: [514], tcp: [514, 601] },
  zeekLog: 'syslog',
  zeekService: 'syslog',
  fields,
  probe: startingWith((first) => first >= 0x20 || first === 0x09 || first === 0x0a, probe),
  open,
});
