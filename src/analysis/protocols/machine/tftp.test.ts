// Proves what is told of TFTP: the file asked for, the announced flow of its data, and what became of it.

import { expect, it } from 'vitest';
import { bytesOf, converse } from '../golden/converse.ts';
import { tftp } from './tftp.ts';

const asked = bytesOf('0001', "'boot.img", '00', "'octet", '00', "'blksize", '00', "'1024", '00');

it('tells what is asked for and announces where it will come from', () => {
  const heard = converse([tftp], [{ side: 0, bytes: asked }], { proto: 17, oPort: 40_000, rPort: 69 });
  expect(heard.events()).toEqual([{ packet: 'read', file: 'boot.img', mode: 'octet', options: ['blksize=1024'] }]);
  expect(heard.expected).toMatchObject([
    { proto: 17, port: 40_000, protocol: 'tftp', given: { packet: 'read', file: 'boot.img' } },
  ]);
  expect(heard.expected[0].address?.words[0]).toBe(0x7f000001);
});

it('sums up the flow of the data, repeated blocks counted once', () => {
  const block = (number: string, size: number) =>
    ({ side: 0, bytes: bytesOf('0003', number, new Uint8Array(size)) }) as const;
  const heard = converse(
    [tftp],
    [block('0001', 512), { side: 1, bytes: bytesOf('0004 0001') }, block('0001', 512), block('0002', 100)],
    { proto: 17, open: true, given: { packet: 'read', file: 'boot.img', mode: 'octet' } },
  );
  expect(heard.events()).toEqual([
    { packet: 'read', file: 'boot.img', mode: 'octet', blocks: 2, fileBytes: 612, durationUs: 3000 },
  ]);
});

it('tells why it failed', () => {
  const bytes = bytesOf('0005 0001', "'no such file", '00');
  const heard = converse(
    [tftp],
    [
      { side: 0, bytes: asked },
      { side: 1, bytes },
    ],
    { proto: 17, rPort: 69 },
  );
  expect(heard.events()[1]).toMatchObject({ file: 'boot.img', error: 'no such file', blocks: 0 });
});

it('is found by file and mode at any port, and by nothing less', () => {
  expect(converse([tftp], [{ side: 0, bytes: asked }], { proto: 17 }).names).toEqual(['tftp']);
  expect(
    converse([tftp], [{ side: 0, bytes: bytesOf('0001', "'boot.img", '00', "'other", '00') }], { proto: 17 }).names,
  ).toEqual([]);
});

it('survives every truncation', () => {
  for (let end = 0; end < asked.length; end++) {
    expect(converse([tftp], [{ side: 0, bytes: asked.slice(0, end) }], { proto: 17, open: true }).threw).toEqual([]);
  }
});
