// Proves what is told of NTP: clocks as Suricata and Zeek show them, control messages, and the time to the answer.

import { expect, it } from 'vitest';
import { bytesOf, converse, type Setting } from '../golden/converse.ts';
import { ntp } from './ntp.ts';

const port: Setting = { proto: 17, rPort: 123 };
const zeros = '0000000000000000';
const asked = bytesOf('23 00 06 00 00000000 00000000 00000000', zeros, zeros, zeros, 'e1000000 80000000');
const answered = bytesOf(
  '24 01 06 e7 00008000 00010000',
  "'GPS",
  '00 e0ffffff 00000000',
  'e1000000 80000000 e1000001 00000000 e1000001 40000000',
);

it('tells question and answer', () => {
  const heard = converse(
    [ntp],
    [
      { side: 0, bytes: asked },
      { side: 1, bytes: answered },
    ],
    port,
  );
  expect(heard.how).toBe('handshake');
  const [question, answer] = heard.events();
  expect(question).toMatchObject({ version: 4, mode: 3, stratum: 0, referenceId: '00:00:00:00', pollUs: 64_000_000 });
  expect(question).toMatchObject({ originTime: 0, transmitTime: (0xe1000000 - 2_208_988_800) * 1e6 + 500_000 });
  expect(answer).toMatchObject({
    mode: 4,
    stratum: 1,
    referenceId: '47:50:53:00',
    reference: 'GPS\\x00',
    rootDelayUs: 500_000,
    rootDispersionUs: 1_000_000,
    transmitTime: (0xe1000001 - 2_208_988_800) * 1e6 + 250_000,
    extensions: 0,
    latencyUs: 1000,
  });
});

it('counts extension fields, not the digest', () => {
  const extended = bytesOf(asked, '0104 0010', zeros, '00000000', '00000001', zeros, zeros);
  expect(converse([ntp], [{ side: 0, bytes: extended }], port).events()[0].extensions).toBe(1);
});

it('names what control messages ask for, which are no part of the log', () => {
  const heard = converse([ntp], [{ side: 0, bytes: bytesOf('17 00 03 2a 00000000') }], port);
  expect(heard.told.map((one) => [one.event, one.options.only])).toEqual([
    [{ version: 2, mode: 7, operation: 'monlist' }, 'eve'],
  ]);
});

it('is known elsewhere only by a message well in order', () => {
  expect(converse([ntp], [{ side: 0, bytes: asked }], { proto: 17 }).names).toEqual(['ntp']);
  expect(converse([ntp], [{ side: 0, bytes: bytesOf(asked, '00') }], { proto: 17 }).names).toEqual([]);
  expect(converse([ntp], [{ side: 0, bytes: new Uint8Array(48).fill(0x23) }], { proto: 17 }).names).toEqual([]);
});

it('survives every truncation', () => {
  for (let end = 0; end < answered.length; end++) {
    expect(converse([ntp], [{ side: 1, bytes: answered.slice(0, end) }], { ...port, open: true }).threw).toEqual([]);
  }
});
