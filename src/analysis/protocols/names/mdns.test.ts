// Proves what is told of multicast DNS: questions, announcements, and that nobody is made a client by speaking first.

import { expect, it } from 'vitest';
import { bytesOf, converse, type Setting } from '../golden/converse.ts';
import { mdns } from './mdns.ts';

const group: Setting = { proto: 17, oPort: 5353, rPort: 5353 };
const service = bytesOf('05', "'_http", '04', "'_tcp", '05', "'local", '00');
const asked = bytesOf('0000 0000 0001 0000 0000 0000', service, '000c 0001');
const announced = bytesOf(
  '0000 8400 0000 0002 0000 0001',
  service,
  '000c 0001 00001194 0007 04',
  "'desk",
  'c00c',
  'c028 0010 8001 00001194 0005 04',
  "'v=1x",
  'c028 0021 8001 00000078 0008 0000 0000 0050 c017',
);

it('tells questions and announcements, types in lower case', () => {
  const heard = converse(
    [mdns],
    [
      { side: 0, bytes: asked },
      { side: 0, bytes: announced },
    ],
    group,
  );
  expect(heard.names).toEqual(['mdns']);
  const [question, answer] = heard.told.filter((one) => one.options.only === 'eve');
  expect(question.event).toEqual({
    type: 'request',
    id: 0,
    opcode: 0,
    rcode: 0,
    queries: [{ rrname: '_http._tcp.local', rrtype: 'ptr' }],
  });
  expect(question.options.side).toBe(0);
  expect(answer.event).toMatchObject({
    type: 'response',
    flags: ['aa'],
    answers: [
      { rrname: '_http._tcp.local', ptr: 'desk._http._tcp.local' },
      { rrname: 'desk._http._tcp.local', txt: ['v=1x'] },
    ],
    additionals: [{ rrname: 'desk._http._tcp.local' }],
  });
  expect((answer.event.records as unknown[])[2]).toMatchObject({ rrtype: 'SRV', ttl: 120, rdata: '0 0 80 local' });
  expect(answer.options.side).toBe(0);
});

it('puts a question and what is said next into one row, as Zeek does', () => {
  const heard = converse(
    [mdns],
    [
      { side: 0, bytes: asked },
      { side: 0, bytes: announced },
    ],
    group,
  );
  const rows = heard.told.filter((one) => one.options.only === 'log');
  expect(rows.map((one) => one.event.results)).toEqual([['desk._http._tcp.local', 'TXT 4 v=1x']]);
});

it('survives every truncation', () => {
  for (let end = 0; end < announced.length; end++) {
    const heard = converse([mdns], [{ side: 0, bytes: announced.slice(0, end) }], { ...group, open: true });
    expect(heard.threw).toEqual([]);
  }
});
