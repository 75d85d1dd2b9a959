// Proves that ADB tells the device and its services, goes over to TLS, and passes over what is written without keeping it.

import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Step } from '../golden/converse.ts';
import { defineProtocol, type Protocol } from '../protocol.ts';
import { adb } from './adb.ts';

function message(side: 0 | 1, command: string, payload = '', argument = 0x0100_0001): Step {
  const head = Buffer.alloc(24);
  head.write(command, 0, 'latin1');
  head.writeUInt32LE(argument, 4);
  head.writeUInt32LE(payload.length, 12);
  head.writeUInt32LE((head.readUInt32LE(0) ^ 0xffffffff) >>> 0, 20);
  return { side, bytes: bytesOf(new Uint8Array(head), `'${payload}`) };
}

const tls = defineProtocol({ name: 'tls', title: 'TLS', family: 'web', fields: {} });
// The cast is for the different fields of the protocols.
const protocols = [adb, tls] as unknown as Protocol[];
const opened: Step[] = [
  message(0, 'CNXN', 'host::features=shell_v2\0'),
  message(1, 'CNXN', 'device::ro.product.name=phone;\0'),
  message(0, 'OPEN', 'shell:id\0'),
  message(1, 'OKAY'),
  message(1, 'WRTE', 'uid=2000'.repeat(500)),
  message(0, 'OPEN', 'sync:\0'),
];
const told = [
  { banner: 'device::ro.product.name=phone;', hostBanner: 'host::features=shell_v2', version: 0x0100_0001 },
  { service: 'shell:id' },
  { service: 'sync:' },
];

describe('ADB', () => {
  it('tells the device and the services, on any port, whole and in pieces', () => {
    for (const pieces of [1, 7, 10_000]) {
      const heard = converse(protocols, opened, { rPort: 9000, pieces });
      expect(heard.events()).toEqual(told);
      expect(heard.how).toBe('handshake');
      expect(heard.kept).toBe(0);
    }
  });

  it('goes over to TLS when both ask for it', () => {
    const steps = [opened[0], message(1, 'STLS'), message(0, 'STLS'), { side: 0 as const, bytes: bytesOf('16 03 01') }];
    expect(converse(protocols, steps, {}).names).toEqual(['adb', 'tls']);
    expect(converse(protocols, steps.slice(0, 2), {}).names).toEqual(['adb']);
  });

  it('is not what only begins alike', () => {
    expect(converse(protocols, [{ side: 0, bytes: bytesOf("'CONNECT host HTTP/1.1\r\n\r\n") }], {}).names).toEqual([]);
  });

  it('survives every cut and every changed byte', () => {
    const bytes = bytesOf(...opened.slice(0, 3).map((step) => step.bytes as Uint8Array));
    for (let at = 0; at < bytes.length; at++) {
      const bent = bytes.slice();
      bent[at] ^= 0xff;
      for (const one of [bytes.slice(0, at), bent]) {
        expect(converse(protocols, [{ side: 0, bytes: one }], { open: true }).threw).toEqual([]);
      }
    }
  });
});
