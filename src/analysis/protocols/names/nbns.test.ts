// Proves what is told of the NetBIOS name service: names decoded, addresses, lists of names; rows with Zeek's words.

import { expect, it } from 'vitest';
import { bytesOf, converse, type Heard, type Setting } from '../golden/converse.ts';
import { nbns } from './nbns.ts';

const port: Setting = { proto: 17, oPort: 137, rPort: 137 };
/** `FRED`, padded with blanks, suffix 0x20. */
const fred = bytesOf('20', "'EGFCEFEECACACACACACACACACACACACA", '00');
const asked = bytesOf('0102 0110 0001 0000 0000 0000', fred, '0020 0001');
const answered = bytesOf('0102 8500 0000 0001 0000 0000', fred, '0020 0001 00000100 0006 0000 c000020c');
const eve = (heard: Heard) => heard.told.filter((one) => one.options.only === 'eve').map((one) => one.event);

it('tells who asks for which name, and its address', () => {
  const heard = converse(
    [nbns],
    [
      { side: 0, bytes: asked },
      { side: 1, bytes: answered },
    ],
    port,
  );
  expect(heard.names).toEqual(['nbns']);
  expect(eve(heard)).toEqual([
    { type: 'request', id: 0x102, operation: 'query', name: 'FRED', suffix: 'server', recordType: 'NB' },
    {
      type: 'response',
      id: 0x102,
      operation: 'query',
      name: 'FRED',
      suffix: 'server',
      recordType: 'NB',
      rcode: 'NOERROR',
      addresses: ['192.0.2.12'],
      latencyUs: 1000,
    },
  ]);
  const row = heard.told.find((one) => one.options.only === 'log')?.event;
  expect(row).toMatchObject({ query: 'FRED', qtypeName: 'NB', opcodeName: 'netbios-query', rttUs: 1000 });
});

it('lists the names of a host', () => {
  const names = bytesOf("'FRED           ", '00 04 00', "'WORK           ", '1e 84 00');
  const data = bytesOf('02', names, '00 11 22 33 44 55');
  const status = bytesOf(
    '0001 8400 0000 0001 0000 0000',
    fred,
    '0021 0001 00000000',
    `00${data.length.toString(16)}`,
    data,
  );
  const [event] = eve(converse([nbns], [{ side: 0, bytes: status }], port));
  expect(event).toMatchObject({
    recordType: 'NBSTAT',
    mac: '00:11:22:33:44:55',
    names: [
      { name: 'FRED', suffix: 'workstation', isGroup: false },
      { name: 'WORK', suffix: 'browser elections', isGroup: true },
    ],
  });
  for (let end = 0; end < status.length; end++) {
    expect(converse([nbns], [{ side: 0, bytes: status.slice(0, end) }], { ...port, open: true }).threw).toEqual([]);
  }
});

it('is found at another port by its letters alone, and not without them', () => {
  expect(converse([nbns], [{ side: 0, bytes: asked }], { proto: 17 }).names).toEqual(['nbns']);
  const plain = asked.slice();
  plain.set(bytesOf("'zz"), 13);
  expect(converse([nbns], [{ side: 0, bytes: plain }], { proto: 17 }).names).toEqual([]);
});
