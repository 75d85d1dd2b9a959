// Proves what IKE tells of both versions, in EVE's words, and that cut or damaged messages do no harm.

import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Step } from '../../golden/converse.ts';
import { ike } from './ike.ts';

const spis = '0102030405060708 1112131415161718';
const firstSpis = '0102030405060708 0000000000000000';

/** Header and payloads; the length is filled in. */
function message(spi: string, next: string, version: string, rest: string, ...payloads: string[]): Uint8Array {
  const bytes = bytesOf(spi, next, version, rest, '00000000', ...payloads);
  bytes[26] = bytes.length >> 8;
  bytes[27] = bytes.length & 255;
  return bytes;
}

describe('IKE version 1', () => {
  // SA: domain 1, situation 1, one proposal of one transform.
  const sa =
    '0000003c 00000001 00000001 00000030 01 01 00 01 00000028 01 01 0000 80010007 800e0080 80020002 80040002 80030001 800b0001 000c0004 00015180';
  const steps: Step[] = [
    { side: 0, bytes: message(firstSpis, '01', '10', '0200 00000000', sa) },
    { side: 1, bytes: message(spis, '01', '10', '0200 00000000', sa) },
    { side: 0, bytes: message(spis, '04', '10', '0200 00000000', '0a00 0008 aabbccdd', '0000 0006 1234') },
    { side: 1, bytes: message(spis, '04', '10', '0200 00000000', '0a00 0008 ddccbbaa', '0000 0006 5678') },
    { side: 0, bytes: message(spis, '05', '10', '0201 00000000', 'c7c7c7c7c7c7c7c7') },
  ];
  const heard = converse([ike], steps, { proto: 17, rPort: 500 });

  it('tells one event a message, with what was said until then', () => {
    expect(heard.events()).toHaveLength(5);
    expect(heard.events()[3]).toMatchObject({
      versionMajor: 1,
      exchange: 2,
      role: 'responder',
      initiator: '0102030405060708',
      responder: '1112131415161718',
      payloads: ['KeyExchange', 'Nonce'],
      ikev1: {
        doi: 1,
        encrypted_payloads: false,
        client: { key_exchange_payload: 'aabbccdd', key_exchange_payload_length: 4, nonce_payload: '1234' },
        server: { key_exchange_payload: 'ddccbbaa', nonce_payload: '5678', nonce_payload_length: 2 },
      },
    });
  });

  it('tells what was agreed on', () => {
    expect(heard.events()[1]).toMatchObject({
      attributes: [
        { key: 'alg_enc', value: 'EncAesCbc', raw: 7 },
        { key: 'sa_key_length', value: 'Unknown', raw: 128 },
        { key: 'alg_hash', value: 'HashSha', raw: 2 },
        { key: 'alg_dh', value: 'GroupAlternate1024BitModpGroup', raw: 2 },
        { key: 'alg_auth', value: 'AuthPreSharedKey', raw: 1 },
        { key: 'sa_life_type', value: 'LifeTypeSeconds', raw: 1 },
        { key: 'sa_life_duration', value: 'Unknown', raw: 86_400 },
      ],
    });
  });

  it('does not read what is enciphered', () => {
    expect(heard.events()[4]).toMatchObject({ ikev1: { encrypted_payloads: true } });
    expect(heard.events()[4].payloads).toBeUndefined();
    expect(heard.how).toBe('handshake');
  });

  it('survives damage', () => {
    for (const [which, { bytes }] of steps.entries()) {
      const whole = bytes as Uint8Array;
      for (let cut = 0; cut <= whole.length; cut++) {
        const short = steps.map((one, i) => (i === which ? { ...one, bytes: whole.slice(0, cut) } : one));
        expect(converse([ike], short, { proto: 17, rPort: 500 }).threw).toEqual([]);
        for (const value of [0, 1, 0x80, 0xff]) {
          const bent = whole.slice();
          if (cut < bent.length) bent[cut] = value;
          const steps2 = steps.map((one, i) => (i === which ? { ...one, bytes: bent } : one));
          expect(converse([ike], steps2, { proto: 17, rPort: 500 }).threw).toEqual([]);
        }
      }
    }
  });
});

describe('IKE version 2', () => {
  const notify = '0000 0008 0000 4004';
  const init = message(firstSpis, '29', '20', '2208 00000000', notify);

  it('tells notifications, counts errors, and knows who began', () => {
    const refused = message(spis, '29', '20', '2220 00000000', '0000 0008 0000 000e');
    const heard = converse(
      [ike],
      [
        { side: 0, bytes: init },
        { side: 1, bytes: refused },
      ],
      { proto: 17, rPort: 500 },
    );
    expect(heard.events()).toMatchObject([
      { exchangeName: 'IKE_SA_INIT', role: 'initiator', ikev2: { errors: 0, notify: ['NAT_DETECTION_SOURCE_IP'] } },
      { role: 'responder', ikev2: { errors: 1, notify: ['NO_PROPOSAL_CHOSEN'] } },
    ]);
  });

  it('passes over the marker of the port for peers behind NAT', () => {
    const heard = converse([ike], [{ side: 0, bytes: bytesOf('00000000', init) }], { proto: 17, rPort: 4500 });
    expect(heard.events()).toMatchObject([{ versionMajor: 2, isBehindNat: true }]);
  });

  it('calls the flow ESP in UDP where only that is seen', () => {
    const esp = bytesOf('c0ffee01 00000001', 'c7'.repeat(40));
    expect(converse([ike], [{ side: 0, bytes: esp }], { proto: 17, rPort: 4500 }).names).toEqual(['esp-in-udp']);
    expect(converse([ike], [{ side: 0, bytes: esp }], { proto: 17, rPort: 9999 }).names).toEqual([]);
  });
});
