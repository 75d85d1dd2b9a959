// Proves: descriptions are read line by line into what EVE has, media knows its address and codecs, and bounds hold.

import { describe, expect, it } from 'vitest';
import { bytesOf } from '../golden/converse.ts';
import { readSdp } from './sdp.ts';

const read = (...lines: string[]) => {
  const bytes = bytesOf(`'${lines.join('\r\n')}\r\n`);
  return readSdp(bytes, 0, bytes.length);
};

describe('sdp', () => {
  it('has all lines of a session and its media', () => {
    const sdp = read(
      'v=0',
      'o=- 1 2 IN IP4 192.0.2.1',
      's=Call',
      'i=About',
      'u=https://example.org/',
      'e=a@example.org',
      'p=+1 555',
      'c=IN IP4 192.0.2.1/127',
      'b=AS:64',
      't=1 2',
      'r=3 4 0 5',
      'z=6 -1h',
      'a=sendrecv',
      'm=audio 4000/2 RTP/SAVP 0 97',
      'i=Voice',
      'c=IN IP6 2001:db8::1',
      'b=TIAS:9',
      'k=prompt',
      'a=rtpmap:97 iLBC/8000',
      'a=rtcp:4010',
    );
    expect(sdp?.eve).toEqual({
      version: 0,
      origin: '- 1 2 IN IP4 192.0.2.1',
      session_name: 'Call',
      session_info: 'About',
      uri: 'https://example.org/',
      email: 'a@example.org',
      phone_number: '+1 555',
      connection_data: 'IN IP4 192.0.2.1/127',
      bandwidths: ['AS:64'],
      time_descriptions: [{ time: '1 2', repeat_time: '3 4 0 5' }],
      timezone: '6 -1h',
      attributes: ['sendrecv'],
      media_descriptions: [
        {
          media: 'audio 4000/2 RTP/SAVP 0 97',
          media_info: 'Voice',
          connection_data: 'IN IP6 2001:db8::1',
          bandwidths: ['TIAS:9'],
          encryption_key: 'prompt',
          attributes: ['rtpmap:97 iLBC/8000', 'rtcp:4010'],
        },
      ],
    });
    expect(sdp?.media).toEqual([
      {
        kind: 'audio',
        port: 4000,
        profile: 'RTP/SAVP',
        address: { ipVersion: 6, words: [0x20010db8, 0, 0, 1] },
        rtcpPort: 4010,
        codecs: new Map([
          [0, { name: 'PCMU', clockHz: 8000 }],
          [97, { name: 'iLBC', clockHz: 8000 }],
        ]),
        control: '',
      },
    ]);
  });

  it('gives media the address of the session, and none that rests', () => {
    const sdp = read('v=0', 'c=IN IP4 192.0.2.5', 'm=audio 1 RTP/AVP 0', 'm=video 2 RTP/AVP 31', 'c=IN IP4 0.0.0.0');
    expect(sdp?.media.map(({ address }) => address?.words[0] ?? null)).toEqual([0xc0000205 | 0, null]);
  });

  it('keeps a bounded number of everything', () => {
    const sdp = read(
      'v=0',
      ...Array.from({ length: 300 }, (_, i) => `a=x:${i}`),
      ...Array.from({ length: 99 }, () => 'm=audio 1 RTP/AVP 0'),
    );
    expect(sdp?.media).toHaveLength(16);
    expect(sdp?.eve.attributes).toHaveLength(64);
  });

  it('is nothing but SDP', () => {
    expect(read('Signal=5', 'Duration=100')).toBeNull();
  });
});
