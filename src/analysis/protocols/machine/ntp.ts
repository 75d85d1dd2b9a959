// Network Time Protocol (RFC 5905; version 3: RFC 1305), control messages of modes 6 and 7 included.
//
//   |LI VN Mode| stratum | poll | precision | root delay (4) | root dispersion (4) | reference id (4) |
//   | reference time (8) | origin time (8) | receive time (8) | transmit time (8) | extensions, digest …

import { type AnyEvent, flag, hexText, ipv4Text, number, text, u16, u32, wireText } from '../../../core/index.ts';
import { type Conversation, defineProtocol, type ProbeHint, probed, startingWith, type Talk } from '../protocol.ts';

const port = 123;
const headerBytes = 48;
/** Seconds from 1900, where the protocol counts from, to 1970. */
const eraSec = 2_208_988_800;
/** Digests of MD5 and SHA-1 with their key number. */
const longestDigest = 24;
/** Extension fields counted. */
const extensionLimit = 32;

const log = (zeek: string, unit?: string) =>
  unit === undefined ? ({ eve: false, zeek } as const) : ({ eve: false, zeek, unit } as const);

const fields = {
  version: number('Version', { eve: 'ntp.version', zeek: 'version', filter: 'ntp.flags.vn' }),
  mode: number('3 asks, 4 answers', { eve: 'ntp.mode', zeek: 'mode', filter: 'ntp.flags.mode' }),
  stratum: number('Steps to a reference clock', { eve: 'ntp.stratum', zeek: 'stratum', filter: 'ntp.stratum' }),
  referenceId: text('What the clock is set by', { eve: 'ntp.reference_id' }),
  pollUs: number('Time between questions', log('poll', 'us')),
  precisionUs: number('Precision of the clock', log('precision', 'us')),
  rootDelayUs: number('Way to the reference clock and back', log('root_delay', 'us')),
  rootDispersionUs: number('Uncertainty of the clock', log('root_disp', 'us')),
  reference: text('What the clock is set by, as a name or address', log('ref_id')),
  referenceTime: number('When the clock was set last', log('ref_time', 'time')),
  originTime: number('When the question was sent', log('org_time', 'time')),
  receiveTime: number('When the question came', log('rec_time', 'time')),
  transmitTime: number('When this was sent', log('xmt_time', 'time')),
  extensions: number('Extension fields', log('num_exts')),
  operation: text('What a control message asks for'),
  isMore: flag('More parts of the answer follow'),
  latencyUs: number('Time from question to answer', { unit: 'us' }),
};

const controlOperations = ['', 'read status', 'read variables', 'write variables', 'read clock', 'write clock', 'trap'];
const privateOperations: Readonly<Record<number, string>> = {
  0: 'peer list',
  1: 'peer list sum',
  4: 'system info',
  16: 'reset peers',
  20: 'monlist',
  42: 'monlist',
};

/** Microseconds since 1970 of a time stamp; 0 when it is not set. Rounded as a float of seconds, so that Zeek's last digit agrees. */
function timeUs(b: Uint8Array, at: number): number {
  const sec = u32(b, at);
  const fraction = u32(b, at + 4);
  if (sec === 0 && fraction === 0) return 0;
  const whole = sec - eraSec;
  const float = whole + fraction / 4294967296;
  return whole * 1e6 + Math.round((float - whole) * 1e6);
}

/** Microseconds of a 16.16 fixed point number of seconds. */
const shortUs = (b: Uint8Array, at: number): number => Math.round((u32(b, at) / 65536) * 1e6);

/** Microseconds of a power of two of seconds. */
const powerUs = (exponent: number): number => 2 ** (exponent > 127 ? exponent - 256 : exponent) * 1e6;

/** Fields between the header and the digest (RFC 7822). */
function extensions(b: Uint8Array, at: number, end: number): number {
  let count = 0;
  while (end - at > longestDigest && count < extensionLimit) {
    const size = u16(b, at + 2);
    if (size < 16 || (size & 3) !== 0 || at + size > end) break;
    count++;
    at += size;
  }
  return count;
}

function readControl(b: Uint8Array, at: number, mode: number): AnyEvent {
  const code = mode === 6 ? b[at + 1] & 31 : b[at + 3];
  const name = mode === 6 ? controlOperations[code] : privateOperations[code];
  const event: AnyEvent = { operation: name || String(code) };
  if ((mode === 6 ? b[at + 1] & 0x20 : b[at] & 0x40) !== 0) event.isMore = true;
  return event;
}

function readClock(b: Uint8Array, at: number, end: number): AnyEvent {
  const stratum = b[at + 1];
  return {
    stratum,
    referenceId: hexText(b, at + 12, at + 16, ':'),
    pollUs: powerUs(b[at + 2]),
    precisionUs: powerUs(b[at + 3]),
    rootDelayUs: shortUs(b, at + 4),
    rootDispersionUs: shortUs(b, at + 8),
    reference: stratum < 2 ? wireText(b, at + 12, at + 16) : ipv4Text(b, at + 12),
    referenceTime: timeUs(b, at + 16),
    originTime: timeUs(b, at + 24),
    receiveTime: timeUs(b, at + 32),
    transmitTime: timeUs(b, at + 40),
    extensions: extensions(b, at + headerBytes, end),
  };
}

function open(conversation: Conversation<typeof fields>): Talk {
  let isFirst = true;
  let askedUs = -1;
  let sent0 = 0;
  let sent1 = 0;
  return {
    data(side, b, at, end) {
      const mode = b[at] & 7;
      let from = side;
      if (isFirst && side === 0 && mode === 4 && conversation.oPort === port && conversation.rPort !== port) {
        conversation.swap();
        from = 1;
      }
      isFirst = false;
      const event: AnyEvent = { version: (b[at] >> 3) & 7, mode };
      if (mode >= 6 && end - at >= 4) Object.assign(event, readControl(b, at, mode));
      else if (end - at >= headerBytes) {
        Object.assign(event, readClock(b, at, end));
        if (mode === 3) {
          askedUs = conversation.timeUs;
          sent0 = u32(b, at + 40);
          sent1 = u32(b, at + 44);
        } else if (mode === 4 && askedUs >= 0 && u32(b, at + 24) === sent0 && u32(b, at + 28) === sent1) {
          event.latencyUs = Math.max(0, conversation.timeUs - askedUs);
          askedUs = -1;
          conversation.confirm();
        }
      } else {
        conversation.weird('ntp_truncated');
        return end - at;
      }
      // Control messages are no part of Zeek's log.
      conversation.emit(event, mode >= 6 ? { side: from, only: 'eve' } : { side: from });
      return end - at;
    },
  };
}

function probe(b: Uint8Array, at: number, end: number, hint: ProbeHint): number {
  if (end - at < 4) return probed.no;
  const version = (b[at] >> 3) & 7;
  const mode = b[at] & 7;
  if (version < 1 || version > 4 || mode === 0) return probed.no;
  if (hint.isPort) return mode >= 6 || hint.length >= headerBytes ? probed.yes : probed.no;
  // Elsewhere only a plain message that is well in order, of a client or a server.
  if (hint.length !== headerBytes || end - at !== headerBytes || version < 3) return probed.no;
  if ((mode !== 3 && mode !== 4) || b[at + 1] > 16 || b[at + 2] > 17) return probed.no;
  const sentSec = u32(b, at + 40);
  if (mode === 3) return sentSec !== 0 && b[at + 4] === 0 && b[at + 8] === 0 ? probed.yes : probed.no;
  const heardSec = u32(b, at + 32);
  return sentSec > 0x80000000 && Math.abs(sentSec - heardSec) < 5 ? probed.yes : probed.no;
}

export const ntp = defineProtocol({
  name: 'ntp',
  title: 'NTP',
  family: 'machine',
  ports: { udp: [port] },
  zeekLog: 'ntp',
  zeekService: 'ntp',
  fields,
  probe: startingWith((first) => (first & 7) !== 0 && ((first >> 3) & 7) >= 1 && ((first >> 3) & 7) <= 4, probe),
  open,
});
