// Proves what is told of SSDP: searches, announcements, answers, and who answers whom.

import { expect, it } from 'vitest';
import { bytesOf, converse, type Setting } from '../golden/converse.ts';
import { ssdp } from './ssdp.ts';

const group: Setting = { proto: 17, oPort: 50_000, rPort: 1900 };
const search = bytesOf(
  '\'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 2\r\nST: ssdp:all\r\n\r\n',
);
const found = bytesOf(
  "'HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=1800\r\nLOCATION: http://192.0.2.1/d.xml\r\nSERVER: OS/1 UPnP/1.1 box/2\r\nST: ssdp:all\r\nUSN: uuid:1\r\n\r\n",
);

it('tells a search', () => {
  const heard = converse([ssdp], [{ side: 0, bytes: search }], group);
  expect(heard.names).toEqual(['ssdp']);
  expect(heard.events()).toEqual([{ method: 'M-SEARCH', mx: 2, st: 'ssdp:all' }]);
});

it('tells an answer, which begins a flow of its own', () => {
  const heard = converse([ssdp], [{ side: 0, bytes: found }], { proto: 17, oPort: 1900, rPort: 50_000 });
  expect(heard.events()).toEqual([
    {
      status: 200,
      cacheControl: 'max-age=1800',
      location: 'http://192.0.2.1/d.xml',
      server: 'OS/1 UPnP/1.1 box/2',
      st: 'ssdp:all',
      usn: 'uuid:1',
    },
  ]);
  expect(heard.told[0].options.side).toBe(1);
});

it('tells an announcement at any port', () => {
  const notice = bytesOf("'NOTIFY * HTTP/1.1\r\nNT: upnp:rootdevice\r\nNTS: ssdp:byebye\r\n\r\n");
  expect(converse([ssdp], [{ side: 0, bytes: notice }], { proto: 17 }).events()).toEqual([
    { method: 'NOTIFY', nt: 'upnp:rootdevice', nts: 'ssdp:byebye' },
  ]);
});

it('survives every truncation', () => {
  for (let end = 0; end < found.length; end++) {
    expect(converse([ssdp], [{ side: 0, bytes: found.slice(0, end) }], { ...group, open: true }).threw).toEqual([]);
  }
});
