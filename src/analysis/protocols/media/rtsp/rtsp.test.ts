// Proves: RTSP is read in any pieces, requests find their responses, media is announced or read from inside, secrets stay.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Step } from '../../golden/converse.ts';
import type { Protocol } from '../../protocol.ts';
import { rtcp } from '../rtp/rtcp.ts';
import { rtp } from '../rtp/rtp.ts';
import { rtsp } from './rtsp.ts';
import { readTransport } from './transport.ts';

const all: readonly Protocol[] = [rtsp as unknown as Protocol, rtp as unknown as Protocol, rtcp as unknown as Protocol];
const url = 'rtsp://192.0.2.9/cam';

const description = [
  'v=0',
  'o=- 1 1 IN IP4 192.0.2.9',
  's=Camera',
  't=0 0',
  'm=video 0 RTP/AVP 96',
  'a=rtpmap:96 H264/90000',
  'a=control:trackID=0',
  'm=audio 0 RTP/AVP 8',
  'a=control:trackID=1',
  '',
].join('\r\n');

const message = (first: string, cseq: number, more: string[] = [], body = ''): Uint8Array =>
  bytesOf(
    `'${[first, `CSeq: ${cseq}`, ...more, ...(body === '' ? [] : [`Content-Length: ${body.length}`]), '', body].join('\r\n')}`,
  );

const describeSteps: Step[] = [
  { side: 0, bytes: message(`DESCRIBE ${url} RTSP/1.0`, 2, ['User-Agent: player/1']), timeUs: 1_000_000 },
  {
    side: 1,
    bytes: message('RTSP/1.0 200 OK', 2, ['Server: cam/2', 'Content-Type: application/sdp'], description),
    timeUs: 1_020_000,
  },
];
const setup = (ask: string, answer: string): Step[] => [
  { side: 0, bytes: message(`SETUP ${url}/trackID=0 RTSP/1.0`, 3, [`Transport: ${ask}`]) },
  { side: 1, bytes: message('RTSP/1.0 200 OK', 3, [`Transport: ${answer}`, 'Session: 4711;timeout=60']) },
];

const frame = (channel: number, packet: Uint8Array): Uint8Array =>
  bytesOf(Uint8Array.from([0x24, channel, packet.length >> 8, packet.length & 255]), packet);
const media = (seq: number): Uint8Array =>
  bytesOf(`80 60 ${seq.toString(16).padStart(4, '0')} 00000000 0000002a`, '65'.repeat(30));

describe('rtsp', () => {
  it('tells each request with its response', () => {
    const heard = converse(all, describeSteps, { rPort: 554 });
    expect([heard.names, heard.how]).toEqual([['rtsp'], 'handshake']);
    expect(heard.events()).toMatchObject([
      {
        method: 'DESCRIBE',
        url,
        version: 'RTSP/1.0',
        status: 200,
        reason: 'OK',
        cseq: 2,
        userAgent: 'player/1',
        server: 'cam/2',
        contentType: 'application/sdp',
        media: ['video H264', 'audio PCMA'],
        latencyUs: 20_000,
      },
    ]);
    expect(heard.told[0].timeUs).toBe(1_000_000);
  });

  it('announces media that goes its own way', () => {
    const steps = [
      ...describeSteps,
      ...setup('RTP/AVP;unicast;client_port=5000-5001', 'RTP/AVP;unicast;client_port=5000-5001;server_port=6000-6001'),
    ];
    const { expected } = converse(all, steps, { rPort: 554 });
    expect(expected.map(({ protocol, port, address }) => [protocol, port, address?.words[0]])).toEqual([
      ['rtp', 5000, 0x7f000001],
      ['rtcp', 5001, 0x7f000001],
      ['rtp', 6000, 0x7f000002],
      ['rtcp', 6001, 0x7f000002],
    ]);
    expect(expected[0].given).toMatchObject({
      callId: '4711',
      codecs: new Map([[96, { name: 'H264', clockHz: 90_000 }]]),
    });
  });

  it.each([1, 3, 64, 10_000])('reads media inside in pieces of %i bytes', (pieces) => {
    const inside = bytesOf(
      ...[1, 2, 3, 5].map((seq) => frame(0, media(seq))),
      frame(1, bytesOf('80 c8 0006 0000002a', '11112222 33334444 00000000 00000004 00000078')),
    );
    const steps: Step[] = [
      ...describeSteps,
      ...setup('RTP/AVP/TCP;interleaved=0-1', 'RTP/AVP/TCP;interleaved=0-1'),
      { side: 1, bytes: bytesOf(message('RTSP/1.0 200 OK', 4), inside) },
    ];
    const heard = converse(all, steps, { rPort: 554, pieces });
    expect(heard.events('rtp')).toMatchObject([{ ssrc: 42, codec: 'H264', packets: 4, lost: 1, callId: '4711' }]);
    expect(heard.events('rtcp')).toMatchObject([{ ssrc: 42, senderPackets: 4 }]);
    expect(heard.events()).toHaveLength(3);
  });

  it('tells what was never answered, and passwords never', () => {
    const ask = message('OPTIONS rtsp://admin:hunter2@192.0.2.9/ RTSP/1.0', 1, [
      'Authorization: Basic YWRtaW46aHVudGVyMg==',
    ]);
    const heard = converse(all, [{ side: 0, bytes: ask }], { rPort: 8554 });
    expect(heard.events()).toMatchObject([
      { url: 'rtsp://admin:***@192.0.2.9/', user: 'admin', authorization: 'Basic' },
    ]);
    expect(heard.events()[0]).not.toHaveProperty('status');
    expect(JSON.stringify(heard.told)).not.toContain('hunter2');
  });

  it('turns the sides round when an answer comes first', () => {
    const heard = converse(all, [{ side: 0, bytes: message('RTSP/1.0 200 OK', 9) }], { rPort: 9 });
    expect(heard.told[0].options.side).toBe(0);
    expect(heard.events()).toMatchObject([{ status: 200, cseq: 9 }]);
  });

  it.each([
    ["'OPTIONS * HTTP/1.1\r\n\r\n", false],
    ["'OPTIONS sip:bob@example.org SIP/2.0\r\n\r\n", false],
    ["'RTSP/1.0 200 OK\r\n\r\n", true],
    ["'OPTIONS * RTSP/1.0\r\n\r\n", true],
    ["'PLAY rtsp://x/ RTSP/2.0\r\n\r\n", true],
  ])('%s is RTSP: %s', (line, isRtsp) => {
    for (const pieces of [1, 100]) {
      expect(converse([all[0]], [{ side: 0, bytes: bytesOf(line) }], { rPort: 7777, pieces }).names).toEqual(
        isRtsp ? ['rtsp'] : [],
      );
    }
  });

  it('does not throw, whatever is changed', () => {
    const whole = bytesOf(...describeSteps.map(({ bytes }) => bytes ?? ''), frame(0, media(1)));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 8 }),
        fc.nat(whole.length),
        (changes, cut) => {
          const damaged = whole.slice(0, cut);
          for (const [at, value] of changes) if (at < cut) damaged[at] = value;
          const heard = converse(all, [{ side: 0, bytes: damaged }], { rPort: 554, open: true, pieces: 33 });
          expect(heard.threw).toEqual([]);
          expect(heard.kept).toBe(0);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('Transport', () => {
  it('is read with ports, addresses and channels', () => {
    expect(readTransport('RTP/SAVP;multicast;destination=224.2.0.1;port=3456-3457;ttl=127, RTP/AVP/TCP')).toEqual({
      isSecure: true,
      clientPort: 0,
      serverPort: 0,
      groupPort: 3456,
      destination: { ipVersion: 4, words: [0xe0020001 | 0, 0, 0, 0] },
      source: null,
      channel: -1,
    });
    expect(readTransport('RTP/AVP/TCP;unicast;interleaved=2-3')).toMatchObject({ channel: 2 });
    expect(readTransport('RTP/AVP;client_port=99999')).toMatchObject({ clientPort: 0 });
  });
});
