// Proves that OPC UA's services are paired with their results, and that what is secured is left alone.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Step } from '../golden/converse.ts';
import type { Side } from '../protocol.ts';
import { opcua } from './opcua.ts';

const le = (value: number, bytes = 4): Uint8Array =>
  Uint8Array.from({ length: bytes }, (_, i) => (value >> (8 * i)) & 255);
const join = (...parts: (string | Uint8Array)[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? bytesOf(part) : part)));
const message = (name: string, ...body: (string | Uint8Array)[]): Uint8Array => {
  const all = join(...body);
  return join(`'${name}F`, le(all.length + 8), all);
};
const text = (value: string): Uint8Array => join(le(value.length), `'${value}`);
const open = (policy: string, request: number): Uint8Array =>
  message(
    'OPN',
    le(0),
    text(`http://opcfoundation.org/UA/SecurityPolicy#${policy}`),
    'ffffffff ffffffff',
    le(1),
    le(request),
    '01 00',
    le(446, 2),
  );
const service = (request: number, code: number, result = 0): Uint8Array =>
  message('MSG', le(7), le(1), le(2), le(request), '01 00', le(code, 2), le(0, 8), le(1), le(result), le(0));
const to = (side: Side, ...messages: Uint8Array[]): Step => ({ side, bytes: join(...messages) });

const whole: Step[] = [
  to(0, message('HEL', le(0), le(65_535), le(65_535), le(0), le(0), text('opc.tcp://plc:4840'))),
  to(1, message('ACK', le(0), le(65_535), le(65_535), le(0), le(0))),
  to(0, open('None', 1)),
  to(1, open('None', 1)),
  to(0, service(2, 631), service(3, 673)),
  to(1, service(3, 676, 0x80740000 | 0), service(2, 634)),
  to(0, message('CLO', le(7), le(1), le(9), le(4), '01 00', le(452, 2))),
];

describe('opcua', () => {
  it('pairs services and results', () => {
    const heard = converse([opcua], whole);
    expect(heard.how).toBe('handshake');
    expect(heard.events()).toMatchObject([
      { service: 'hello', endpoint: 'opc.tcp://plc:4840', success: true, latencyUs: 1000 },
      { service: 'open_secure_channel', securityPolicy: 'None', success: true },
      { service: 'write', success: false, status: '0x80740000', isControl: true, requestId: 3 },
      { service: 'read', success: true, isControl: false, channel: 7 },
      { service: 'close_secure_channel' },
    ]);
  });

  it('tells the same in pieces', () => {
    expect(converse([opcua], whole, { pieces: 1 }).events()).toEqual(converse([opcua], whole).events());
  });

  it('leaves secured messages alone', () => {
    const policy = 'Basic256Sha256';
    const heard = converse(
      [opcua],
      [...whole.slice(0, 2), to(0, open(policy, 1)), to(1, open(policy, 1)), ...whole.slice(4)],
    );
    expect(heard.events()).toMatchObject([
      { service: 'hello' },
      { service: 'open_secure_channel', securityPolicy: policy },
    ]);
  });

  it('survives cuts and changed bytes', () => {
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(80), fc.nat(255), fc.boolean(), (which, where, value, isCut) => {
        const steps = whole.map((step, i) => {
          if (i !== which) return step;
          const bytes = (step.bytes ?? new Uint8Array(0)).slice(0, isCut ? where : undefined);
          if (where < bytes.length) bytes[where] = value;
          return { ...step, bytes };
        });
        expect(converse([opcua], steps, { open: true }).threw).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
