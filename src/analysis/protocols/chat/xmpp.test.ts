// Proves that XMPP tells who was asked for, whole and in pieces, and changes to TLS where both agree.

import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Step } from '../golden/converse.ts';
import { defineProtocol } from '../protocol.ts';
import { xmpp } from './xmpp.ts';

const opening =
  "'<?xml version='1.0'?><stream:stream to='example.org' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>";
const steps: Step[] = [
  { side: 0, bytes: bytesOf(opening) },
  { side: 1, bytes: bytesOf("'<?xml version='1.0'?><stream:stream from='example.org' id='x'><stream:features/>") },
];
const told = { to: 'example.org', namespace: 'jabber:client' };

describe('XMPP', () => {
  it('tells the server and the kind of stream', () => {
    for (const pieces of [1, 7, 20, 1000]) {
      const heard = converse([xmpp], steps, { rPort: 5222, pieces, open: pieces < 20 });
      expect(heard.events()).toEqual([told]);
      expect(heard.how).toBe('handshake');
      expect(heard.server).toBe('example.org');
      expect(heard.kept).toBe(0);
    }
  });

  it('goes on as TLS behind <proceed/>', () => {
    const seen: number[] = [];
    const tls = defineProtocol({
      name: 'tls',
      title: 'TLS',
      family: 'web',
      fields: {},
      open: () => ({
        data: (_side, b, at, end) => {
          seen.push(b[at]);
          return end - at;
        },
      }),
    });
    const heard = converse(
      [xmpp, tls],
      [
        ...steps,
        { side: 0, bytes: bytesOf("'<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>") },
        { side: 1, bytes: bytesOf("'<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>") },
        { side: 0, bytes: bytesOf('16 0301') },
      ],
      { rPort: 5222 },
    );
    expect(seen).toEqual([0x16]);
    expect(heard.names).toEqual(['xmpp', 'tls']);
    expect(heard.events('xmpp')).toEqual([told]);
  });

  it('tells the mechanism, never what was sent with it, and looks no more', () => {
    const auth = bytesOf("'<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGJvYgBzZWNyZXQ=</auth>");
    const heard = converse([xmpp], [...steps, { side: 0, bytes: auth }], { rPort: 5222 });
    expect(heard.events()).toEqual([{ ...told, mechanism: 'PLAIN' }]);
    expect(JSON.stringify(heard.told)).not.toContain('AGJv');
    expect(heard.isOver).toBe(true);
  });

  it('is not other XML, and survives damage', () => {
    expect(converse([xmpp], [{ side: 0, bytes: bytesOf("'<?xml version='1.0'?><html>") }], {}).names).toEqual([]);
    const whole = steps[0].bytes as Uint8Array;
    for (let at = 0; at < whole.length; at++) {
      for (const value of [0, 0x22, 0x3c, 0x3e, 0xff]) {
        const bent = whole.slice();
        bent[at] = value;
        expect(converse([xmpp], [{ side: 0, bytes: bent }, steps[1]], { open: true }).threw).toEqual([]);
      }
    }
  });
});
