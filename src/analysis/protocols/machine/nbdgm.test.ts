// Proves what is told of NetBIOS datagrams: who sends to which name.

import { expect, it } from 'vitest';
import { bytesOf, converse } from '../golden/converse.ts';
import { nbdgm } from './nbdgm.ts';

/** `FRED` of suffix 0x00 and `WORK` of suffix 0x1d. */
const fred = bytesOf('20', "'EGFCEFEECACACACACACACACACACACAAA", '00');
const work = bytesOf('20', "'FHEPFCELCACACACACACACACACACACABN", '00');
const datagram = bytesOf('11 02 0005 c0000205 008a 0050 0000', fred, work, "'data");

it('tells sender and addressee', () => {
  for (const rPort of [138, 4000]) {
    expect(converse([nbdgm], [{ side: 0, bytes: datagram }], { proto: 17, rPort }).events()).toEqual([
      {
        type: 'group',
        id: 5,
        sourceAddress: '192.0.2.5',
        sourceName: 'FRED',
        sourceSuffix: 'workstation',
        destinationName: 'WORK',
        destinationSuffix: 'master browser',
      },
    ]);
  }
});

it('survives every truncation', () => {
  for (let end = 0; end < datagram.length; end++) {
    expect(converse([nbdgm], [{ side: 0, bytes: datagram.slice(0, end) }], { proto: 17, open: true }).threw).toEqual(
      [],
    );
  }
});
