// Conversations of the machinery of networks and of calls that carry a secret.

import { bytesOf, type Setting } from '../../src/analysis/protocols/golden/converse.ts';
import { big, der, joined } from '../../src/analysis/protocols/windows/mutations.ts';
import { basic, type SecretCase, say } from './secret-conversations.ts';
import { base64, secret, user } from './secret-marks.ts';

// --- machines --------------------------------------------------------------------------------------------------------

const udp = (rPort: number): Setting => ({ proto: 17, rPort });
const octets = (text: string): Uint8Array => der(4, text);
const attribute = (type: number, text: string): Uint8Array =>
  joined(Uint8Array.of(type, text.length + 2), bytesOf(`'${text}`));
const radius = (code: number, ...parts: Uint8Array[]): Uint8Array => {
  const body = joined(...parts);
  return joined(Uint8Array.of(code, 7), big(20 + body.length, 2), bytesOf(`'${secret}xyz`), body);
};
const stunAttribute = (type: number, text: string): Uint8Array =>
  joined(big(type, 2), big(text.length, 2), bytesOf(`'${text}`), new Uint8Array((4 - (text.length & 3)) & 3));
const stun = (type: number, ...parts: Uint8Array[]): Uint8Array => {
  const body = joined(...parts);
  return joined(big(type, 2), big(body.length, 2), big(0x2112a442, 4), new Uint8Array(12).fill(9), body);
};
const usm = der(
  0x30,
  octets('engine'),
  der(2, Uint8Array.of(1)),
  der(2, Uint8Array.of(1)),
  octets(user),
  octets(secret.slice(0, 12)),
  octets(secret.slice(0, 8)),
);
const pdu = (tag: number): Uint8Array => der(tag, ...[5, 0, 0].map((n) => der(2, Uint8Array.of(n))), der(0x30));
const bootp = (op: number): Uint8Array =>
  joined(
    Uint8Array.of(op, 1, 6, 0),
    big(99, 4),
    new Uint8Array(20),
    bytesOf('02 00 00 00 00 01'),
    new Uint8Array(202),
    bytesOf(
      '63825363 35 01 03 0c 04',
      `'${user}`,
      Uint8Array.of(90, secret.length + 11),
      '01 01 00 0000000000000001',
      `'${secret}`,
      'ff',
    ),
  );
export const machineCases: SecretCase[] = [
  {
    protocol: 'snmp',
    what: 'a community',
    steps: [
      say(0, der(0x30, der(2, Uint8Array.of(1)), octets(secret), pdu(0xa0))),
      say(1, der(0x30, der(2, Uint8Array.of(1)), octets(secret), pdu(0xa2))),
    ],
    setting: udp(161),
    hasUser: false,
  },
  {
    protocol: 'snmp',
    what: 'digest and salt of version 3',
    steps: [
      say(
        0,
        der(
          0x30,
          der(2, Uint8Array.of(3)),
          der(0x30, der(2, Uint8Array.of(1)), der(2, Uint8Array.of(100)), octets('\x01'), der(2, Uint8Array.of(3))),
          der(4, usm),
          der(0x30, octets('engine'), octets(''), pdu(0xa0)),
        ),
      ),
    ],
    setting: udp(161),
    secrets: [secret.slice(0, 8)],
  },
  {
    protocol: 'radius',
    what: 'passwords, CHAP, EAP, MS-CHAP and the key of an answer',
    steps: [
      say(
        0,
        radius(
          1,
          attribute(1, user),
          attribute(2, secret),
          attribute(3, `\x01${secret}`),
          attribute(60, secret),
          attribute(79, secret),
          attribute(24, secret),
          attribute(26, `\0\0\x017\x01${secret}`),
          attribute(80, secret),
        ),
      ),
      say(1, radius(2, attribute(69, secret), attribute(26, `\0\0\x017\x11${secret}`))),
    ],
    setting: udp(1812),
  },
  {
    protocol: 'stun',
    what: 'the password of old and the proof of now',
    steps: [
      say(
        0,
        stun(
          3,
          stunAttribute(6, user),
          stunAttribute(20, 'realm'),
          stunAttribute(21, secret),
          stunAttribute(7, secret),
          stunAttribute(8, `${secret}1234567`),
        ),
      ),
      say(1, stun(0x103, stunAttribute(0x8022, 'server'), stunAttribute(8, `${secret}1234567`))),
    ],
    setting: udp(3478),
  },
  {
    protocol: 'dhcp',
    what: 'authentication (RFC 3118)',
    steps: [say(0, bootp(1)), say(1, bootp(2))],
    setting: udp(67),
  },
  {
    protocol: 'ssdp',
    what: 'a location with a password',
    steps: [
      say(0, `NOTIFY * HTTP/1.1\r\nNT: ${user}\r\nLocation: http://${user}:${secret}@h/?token=${secret}\r\n\r\n`),
    ],
    setting: udp(1900),
  },
];

const sip = (line: string, ...more: string[]): string =>
  [line, 'Via: SIP/2.0/UDP h;branch=z9', 'Call-ID: 1', 'CSeq: 1 REGISTER', ...more, 'Content-Length: 0', '', ''].join(
    '\r\n',
  );
const sdp = [
  'v=0',
  `o=${user} 1 1 IN IP4 192.0.2.1`,
  's=-',
  `u=http://${user}:${secret}@h/`,
  `k=clear:${secret}`,
  'm=audio 5000 RTP/SAVP 0',
  `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${base64(secret)}`,
  `a=ice-pwd:${secret}`,
  `a=key-mgmt:mikey ${base64(secret)}`,
  `a=control:rtsp://h/?password=${secret}`,
  '',
].join('\r\n');
export const mediaCases: SecretCase[] = [
  ...[
    `Digest username="${user}", realm="r", response="${secret}"`,
    `Basic ${base64(`${user}:${secret}`)}`,
    `Bearer ${secret}`,
    secret,
  ].map((value) => ({
    protocol: 'sip',
    what: value,
    steps: [
      say(
        0,
        sip(
          `REGISTER sip:${user}:${secret}@example.org SIP/2.0`,
          `From: <sip:${user}:${secret}@h>`,
          `Authorization: ${value}`,
        ),
      ),
      say(1, sip('SIP/2.0 200 OK', `Contact: <sip:${user}@h>;pn-tok=${secret}`)),
    ],
    setting: udp(5060),
  })),
  {
    protocol: 'sip-call',
    what: 'keys of media',
    steps: [
      say(
        0,
        sip(`INVITE sip:${user}@h SIP/2.0`, `From: <sip:${user}:${secret}@h>`, 'Content-Type: application/sdp').replace(
          'Content-Length: 0',
          `Content-Length: ${sdp.length}`,
        ),
        sdp,
      ),
      say(1, sip('SIP/2.0 200 OK')),
    ],
    setting: udp(5060),
  },
  {
    protocol: 'rtsp',
    what: 'a camera',
    steps: [
      say(
        0,
        `DESCRIBE rtsp://${user}:${secret}@h/user=${user}&password=${secret}&channel=1 RTSP/1.0\r\nCSeq: 1\r\n${basic}\r\n\r\n`,
      ),
      say(
        1,
        `RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Type: application/sdp\r\nContent-Length: ${sdp.length}\r\n\r\n${sdp}`,
      ),
    ],
    setting: { rPort: 554, open: true },
  },
];
