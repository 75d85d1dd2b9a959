// Proves: SIP messages are read over UDP and TCP in any pieces, calls are followed, media is announced, secrets do not leave.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Setting, type Step } from '../../golden/converse.ts';
import type { Protocol } from '../../protocol.ts';
import { sip } from './sip.ts';

const all: readonly Protocol[] = [sip as unknown as Protocol];
const udp: Setting = { proto: 17, oPort: 5060, rPort: 5060 };

const offer = [
  'v=0',
  'o=alice 1 1 IN IP4 192.0.2.7',
  's=-',
  'c=IN IP4 192.0.2.7',
  't=0 0',
  'm=audio 30000 RTP/AVP 0 96 101',
  'a=rtpmap:96 opus/48000/2',
  'a=rtpmap:101 telephone-event/8000',
  'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|2^20',
  'm=video 0 RTP/AVP 97',
  '',
].join('\r\n');

interface Request {
  method: string;
  cseq?: number;
  more?: string[];
  body?: string;
  to?: string;
}

function text(first: string, method: string, cseq: number, to: string, more: string[], body: string): Uint8Array {
  const lines = [
    first,
    `Via: SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bK${cseq}${method === 'ACK' || method === 'CANCEL' ? 'INVITE' : method}`,
    'f: "Alice" <sip:alice@example.org>;tag=a1',
    `To: ${to}`,
    'Call-ID: call-1',
    `CSeq: ${cseq} ${method}`,
    ...more,
    ...(body === '' ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${body.length}`,
    '',
    body,
  ];
  return bytesOf(`'${lines.join('\r\n')}`);
}

const called = '<sip:bob@example.org>';
const request = ({ method, cseq = 1, more = [], body = '', to = called }: Request): Uint8Array =>
  text(`${method} sip:bob@example.org SIP/2.0`, method, cseq, to, more, body);
const response = (status: string, method: string, cseq = 1, body = ''): Uint8Array =>
  text(`SIP/2.0 ${status}`, method, cseq, `${called};tag=b1`, [], body);

const call: Step[] = [
  { side: 0, bytes: request({ method: 'INVITE', body: offer }), timeUs: 1_000_000 },
  { side: 1, bytes: response('100 Trying', 'INVITE'), timeUs: 1_010_000 },
  { side: 1, bytes: response('180 Ringing', 'INVITE'), timeUs: 1_500_000 },
  { side: 1, bytes: response('200 OK', 'INVITE', 1, offer.replaceAll('.7', '.8')), timeUs: 4_000_000 },
  { side: 0, bytes: request({ method: 'ACK' }), timeUs: 4_010_000 },
  { side: 1, bytes: request({ method: 'BYE', cseq: 7 }), timeUs: 64_000_000 },
  { side: 0, bytes: response('200 OK', 'BYE', 7), timeUs: 64_010_000 },
];

const eve = (steps: readonly Step[], setting: Setting = udp) =>
  converse(all, steps, setting).told.filter(({ kind, options }) => kind === 'sip' && options.only === 'eve');

describe('a call', () => {
  it('is told message by message, with times', () => {
    const events = eve(call).map(({ event }) => event);
    expect(events.map(({ requestLine, responseLine }) => requestLine ?? responseLine)).toEqual([
      'INVITE sip:bob@example.org SIP/2.0',
      'SIP/2.0 100 Trying',
      'SIP/2.0 180 Ringing',
      'SIP/2.0 200 OK',
      'ACK sip:bob@example.org SIP/2.0',
      'BYE sip:bob@example.org SIP/2.0',
      'SIP/2.0 200 OK',
    ]);
    expect(events[0]).toMatchObject({
      method: 'INVITE',
      uri: 'sip:bob@example.org',
      version: 'SIP/2.0',
      requestFrom: '"Alice" <sip:alice@example.org>;tag=a1',
      callId: 'call-1',
      cseq: '1 INVITE',
    });
    expect(events[3]).toMatchObject({ code: '200', reason: 'OK', latencyUs: 3_000_000 });
    expect(events[6]).toMatchObject({ latencyUs: 10_000 });
  });

  it('is told as a whole', () => {
    expect(converse(all, call, udp).events('sip-call')).toEqual([
      {
        callId: 'call-1',
        from: 'sip:alice@example.org',
        to: 'sip:bob@example.org',
        outcome: 'answered',
        code: 200,
        ringDelayUs: 500_000,
        answerDelayUs: 3_000_000,
        talkUs: 60_000_000,
        endedBy: 'callee',
        codecs: ['PCMU', 'opus', 'telephone-event'],
        media: ['audio'],
        isSecure: false,
      },
    ]);
  });

  it.each([
    ['486 Busy Here', 'busy'],
    ['603 Decline', 'declined'],
    ['487 Request Terminated', 'cancelled'],
    ['480 Temporarily Unavailable', 'no answer'],
    ['503 Service Unavailable', 'failed'],
    ['302 Moved Temporarily', 'redirected'],
  ])('that ends with %s is %s', (status, outcome) => {
    const steps: Step[] = [call[0], { side: 1, bytes: response(status, 'INVITE') }];
    expect(converse(all, steps, udp).events('sip-call')).toMatchObject([{ outcome }]);
  });

  it('goes on after a challenge, and stays open without an end', () => {
    const steps: Step[] = [
      call[0],
      { side: 1, bytes: response('407 Proxy Authentication Required', 'INVITE') },
      { side: 0, bytes: request({ method: 'INVITE', cseq: 2, body: offer }) },
    ];
    expect(converse(all, steps, udp).events('sip-call')).toMatchObject([{ outcome: 'open', code: 407 }]);
  });

  it('announces media and its reports, at what is written and at who wrote it', () => {
    const { expected } = converse(all, call.slice(0, 1), udp);
    expect(expected.map(({ protocol, port, address }) => [protocol, port, (address?.words[0] ?? 0) >>> 0])).toEqual([
      ['rtp', 30_000, 0xc0000207],
      ['rtcp', 30_001, 0xc0000207],
      ['rtp', 30_000, 0x7f000001],
      ['rtcp', 30_001, 0x7f000001],
    ]);
    expect(expected[0].given).toMatchObject({ callId: 'call-1', isSecure: false });
  });

  it('announces a fax as what it is', () => {
    const fax = offer.replace('m=video 0 RTP/AVP 97', 'm=image 30004 udptl t38');
    const { expected } = converse(all, [{ side: 0, bytes: request({ method: 'INVITE', body: fax }) }], udp);
    expect(expected.at(-1)).toMatchObject({ protocol: 't38', port: 30_004 });
  });

  it('keeps requests of both sides apart in the log, each row with its response', () => {
    const rows = converse(all, call, udp).told.filter(({ options }) => options.only === 'log');
    expect(rows.map(({ event }) => [event.method, event.statusCode])).toEqual([
      ['INVITE', 100],
      ['INVITE', 180],
      ['INVITE', 200],
      ['BYE', 200],
      ['ACK', undefined],
    ]);
    expect(rows[0].event).toMatchObject({
      requestFrom: '"Alice" <sip:alice@example.org>',
      requestPath: ['SIP/2.0/UDP 192.0.2.7:5060'],
    });
  });
});

describe('streams', () => {
  it.each([1, 5, 100, 100_000])('are the same in pieces of %i bytes', (pieces) => {
    const whole = bytesOf("'\r\n\r\n", request({ method: 'INVITE', body: offer }), "'\r\n", request({ method: 'ACK' }));
    const heard = converse(all, [{ side: 0, bytes: whole }], { rPort: 5060, pieces });
    expect(heard.names).toEqual(['sip']);
    const lines = heard.told.filter(({ options }) => options.only === 'eve').map(({ event }) => event.requestLine);
    expect(lines).toEqual(['INVITE sip:bob@example.org SIP/2.0', 'ACK sip:bob@example.org SIP/2.0']);
  });

  it('pass over bodies that are too large', () => {
    const large = request({ method: 'INVITE', body: offer + 'a=x:y\r\n'.repeat(10_000) });
    const heard = converse(all, [{ side: 0, bytes: bytesOf(large, request({ method: 'ACK' })) }], {
      rPort: 5060,
      pieces: 1400,
    });
    expect(heard.told.filter(({ options }) => options.only === 'eve')).toHaveLength(2);
    expect(heard.bounded).toEqual([]);
  });

  it('end when something else follows', () => {
    const heard = converse(all, [{ side: 0, bytes: bytesOf(request({ method: 'ACK' }), "'nonsense nonsense") }], {
      rPort: 5060,
    });
    expect(heard.weird).toContain('sip_junk');
    expect(heard.isOver).toBe(true);
  });
});

describe('who is who', () => {
  it('is turned round when an answer comes first', () => {
    const heard = converse(all, [{ side: 0, bytes: response('200 OK', 'OPTIONS') }], udp);
    expect(heard.told.find(({ options }) => options.only === 'eve')?.options.side).toBe(1);
  });

  it.each([
    ["'GET / HTTP/1.1\r\n\r\n", false],
    ["'OPTIONS rtsp://example.org/ RTSP/1.0\r\n\r\n", false],
    ["'NOTIFY * HTTP/1.1\r\n\r\n", false],
    ["'INVITE sip:bob@example.org HTTP/1.1\r\n\r\n", false],
    ["'SIP/2.0 200 OK\r\n\r\n", true],
    ["'MESSAGE tel:+123 SIP/2.0\r\n\r\n", true],
  ])('%s is SIP: %s', (line, isSip) => {
    for (const proto of [6, 17] as const) {
      expect(converse(all, [{ side: 0, bytes: bytesOf(line) }], { proto, rPort: 7777 }).names).toEqual(
        isSip ? ['sip'] : [],
      );
    }
  });

  it('knows what phones send to keep a way open, on the port only', () => {
    for (const bytes of ['0d0a0d0a', '00000000', "'hello\0", '2020202020']) {
      const steps: Step[] = [{ side: 0, bytes: bytesOf(bytes) }];
      expect(converse(all, steps, udp).names).toEqual(['sip']);
      expect(converse(all, steps, { ...udp, oPort: 7777, rPort: 7778 }).names).toEqual([]);
    }
  });
});

describe('secrets', () => {
  it('never leave', () => {
    const secrets = ['hunter2', 'c0ffee', 'd0RmdmcmVCspe', 'c2VjcmV0'];
    const steps: Step[] = [
      {
        side: 0,
        bytes: request({
          method: 'INVITE',
          more: [
            'Authorization: Digest username="alice", realm="example.org", nonce="c0ffee", response="c0ffee"',
            'Contact: <sip:alice:hunter2@192.0.2.7>',
          ],
          body: `${offer}k=clear:hunter2\r\na=key-mgmt:mikey c2VjcmV0\r\na=ice-pwd:hunter2\r\n`,
        }),
      },
      {
        side: 0,
        bytes: bytesOf(
          "'REGISTER sip:carol:hunter2@example.org SIP/2.0\r\nAuthorization: Basic Y2Fyb2w6aHVudGVyMg==\r\n\r\n",
        ),
      },
    ];
    const heard = converse(all, steps, udp);
    const told = JSON.stringify(heard.told);
    for (const secret of secrets) expect(told).not.toContain(secret);
    expect(heard.events()).toMatchObject([
      { user: 'alice', realm: 'example.org', authorization: 'Digest' },
      { uri: 'sip:carol:***@example.org', user: 'carol', authorization: 'Basic' },
      {},
    ]);
  });
});

describe('damage', () => {
  it('does not throw, wherever a message is cut', () => {
    const whole = request({ method: 'INVITE', body: offer });
    for (let cut = 0; cut < whole.length; cut++) {
      const steps: Step[] = [{ side: 0, bytes: whole.subarray(0, cut) }];
      expect(converse(all, steps, { ...udp, open: true }).threw).toEqual([]);
    }
  });

  it('does not throw, whatever is changed', () => {
    const whole = bytesOf(request({ method: 'INVITE', body: offer }), response('200 OK', 'INVITE'));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 12 }), (changes) => {
        const damaged = whole.slice();
        for (const [at, value] of changes) damaged[at] = value;
        for (const proto of [6, 17] as const) {
          const heard = converse(all, [{ side: 0, bytes: damaged }], { proto, rPort: 5060, open: true, pieces: 50 });
          expect(heard.threw).toEqual([]);
          expect(heard.kept).toBe(0);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('keeps no more calls than its bound', () => {
    const steps = Array.from({ length: 1200 }, (_, i): Step => {
      const invite = String.fromCharCode(...request({ method: 'INVITE' })).replace('call-1', `call-${i + 1}`);
      return { side: 0, bytes: bytesOf(`'${invite}`) };
    });
    const heard = converse(all, steps, udp);
    expect(heard.events('sip-call')).toHaveLength(1200);
    expect(heard.told.findIndex(({ kind, event }) => kind === 'sip-call' && event.callId === 'call-1')).toBeLessThan(
      1100,
    );
  });
});
