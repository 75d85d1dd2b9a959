// Proves that exchanges of MQTT come out as in EVE and in Zeek's three logs, that passwords are masked and payloads bounded.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Step } from '../golden/converse.ts';
import type { Side } from '../protocol.ts';
import { mqtt, mqttConnect, mqttPublish, mqttSubscribe } from './mqtt.ts';

const text = (value: string): Uint8Array => bytesOf(Uint8Array.of(value.length >> 8, value.length & 255), `'${value}`);
const packet = (first: number, ...parts: (string | Uint8Array)[]): Uint8Array => {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? bytesOf(part) : part)));
  const length: number[] = [];
  let left = body.length;
  do {
    length.push((left & 127) | (left > 127 ? 128 : 0));
    left >>= 7;
  } while (left > 0);
  return Buffer.concat([Uint8Array.of(first, ...length), body]);
};
const to = (side: Side, ...packets: Uint8Array[]): Step => ({ side, bytes: Buffer.concat(packets) });
const all = [mqtt, mqttConnect, mqttPublish, mqttSubscribe];

const connect5 = packet(
  0x10,
  text('MQTT'),
  '05 c6 00 3c',
  '0a 21 00 14 26',
  text('k'),
  text('v'),
  text('me'),
  '05 18 00 00 00 c8',
  text('will/t'),
  text('bye'),
  text('bob'),
  text('hunter2'),
);

const whole: Step[] = [
  to(0, connect5.slice()),
  to(1, packet(0x20, '01 00', '03 22 00 0a')),
  to(0, packet(0x82, '00 01', '00', text('a/#'), '01', text('b'), '02')),
  to(1, packet(0x90, '00 01', '00', '01 80')),
  to(0, packet(0x34, text('t'), '00 02', '00', "'payload")),
  to(1, packet(0x50, '00 02')),
  to(0, packet(0x62, '00 02 00')),
  to(1, packet(0x70, '00 02')),
  to(1, packet(0x31, text('t2'), '00', "'x")),
  to(0, packet(0xa2, '00 03', '00', text('b'))),
  to(1, packet(0xb0, '00 03', '00', '11')),
  to(0, packet(0xc0)),
  to(1, packet(0xd0)),
  to(0, packet(0xe0, '04')),
];

describe('mqtt', () => {
  it('tells exchanges as EVE does', () => {
    const heard = converse(all, whole);
    expect(heard.how).toBe('handshake');
    expect(heard.weird).toEqual([]);
    const flags = { qos: 0, retain: false, dup: false };
    expect(heard.events()).toMatchObject([
      {
        connect: {
          ...flags,
          protocol_string: 'MQTT',
          protocol_version: 5,
          flags: { username: true, password: true, will: true, will_retain: false, clean_session: true },
          client_id: 'me',
          username: 'bob',
          password: '***',
          will: { topic: 'will/t', message: 'bye', properties: { will_delay_interval: 200 } },
          properties: { receive_maximum: 20, k: 'v' },
        },
        connack: { ...flags, session_present: true, return_code: 0, properties: { topic_alias_maximum: 10 } },
        latencyUs: 1000,
      },
      {
        subscribe: {
          qos: 1,
          message_id: 1,
          topics: [
            { topic: 'a/#', qos: 1 },
            { topic: 'b', qos: 2 },
          ],
        },
        suback: { ...flags, message_id: 1, qos_granted: [1, 128] },
      },
      {
        publish: { qos: 2, topic: 't', message_id: 2, message: 'payload' },
        pubrec: { message_id: 2, reason_code: 0 },
        pubrel: { qos: 1, message_id: 2 },
        pubcomp: { message_id: 2 },
        latencyUs: 3000,
      },
      { publish: { ...flags, retain: true, topic: 't2', message: 'x' }, payloadBytes: 1 },
      { unsubscribe: { message_id: 3, topics: ['b'] }, unsuback: { reason_codes: [17] } },
      { pingreq: flags },
      { pingresp: flags },
      { disconnect: { ...flags, reason_code: 4 } },
    ]);
    expect(JSON.stringify(heard.told)).not.toContain('hunter2');
  });

  it("has the rows of Zeek's logs", () => {
    const heard = converse(all, whole);
    expect(heard.events('mqtt_connect')).toMatchObject([
      { protocol: 'MQTT', version: '5.0', client: 'me', status: 'Connection Accepted', willTopic: 'will/t' },
    ]);
    expect(heard.events('mqtt_publish')).toMatchObject([
      { fromClient: true, qos: 'exactly once', status: 'ok', topic: 't', payload: 'payload', payloadBytes: 7 },
      { fromClient: false, retain: true, qos: 'at most once', status: 'ok', topic: 't2' },
    ]);
    expect(heard.events('mqtt_subscribe')).toMatchObject([
      { action: 'MQTT::SUBSCRIBE', topics: ['a/#', 'b'], levels: [1, 2], granted: 1, isAcknowledged: true },
      { action: 'MQTT::UNSUBSCRIBE', topics: ['b'], isAcknowledged: true },
    ]);
  });

  it('tells the same of single bytes', () => {
    const expected = converse(all, whole).told.map((one) => one.event);
    expect(converse(all, whole, { pieces: 1 }).told.map((one) => one.event)).toEqual(expected);
  });

  it('turns the sides when the broker is the originator', () => {
    const turned = whole.map((step) => ({ ...step, side: (1 - step.side) as Side }));
    expect(converse(all, turned).events()).toEqual(converse(all, whole).events());
  });

  it('bounds payloads, and skips the rest of large ones', () => {
    const medium = packet(0x30, text('t'), new Uint8Array(2000).fill(88));
    const large = packet(0x30, text('t'), new Uint8Array(1_200_000));
    const old = packet(0x10, text('MQTT'), '04 02 00 3c', text('me'));
    const events = converse(all, [to(0, old, medium), to(0, large), to(0, packet(0xe0))], { pieces: 1460 }).events();
    expect(events).toMatchObject([
      { publish: {} },
      { publish: { truncated: true, skipped_length: 1_200_003 } },
      {},
      {},
    ]);
    const { message } = events[0].publish as { message: string };
    expect(message).toBe(`${'X'.repeat(1024)}[truncated 976 additional bytes]`);
  });

  it('says what does not belong together', () => {
    const steps = [to(1, packet(0x20, '00 00')), to(0, packet(0x36, text('t'), '00 01'))];
    expect(converse(all, steps, { open: true }).weird).toEqual([
      'missing_connect',
      'invalid_qos_level',
      'unintroduced_message',
    ]);
  });

  it('bounds what waits, and survives changed bytes', () => {
    const many = Array.from({ length: 400 }, (_, i) => packet(0x32, text('t'), Uint8Array.of(i >> 8, i & 255)));
    expect(converse(all, [whole[0], to(0, ...many)]).events('mqtt_publish')).toHaveLength(400);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(60), fc.nat(255), fc.boolean(), (which, where, value, isCut) => {
        const steps = whole.map((step, i) => {
          if (i !== which) return step;
          const bytes = (step.bytes ?? new Uint8Array(0)).slice(0, isCut ? where : undefined);
          if (where < bytes.length) bytes[where] = value;
          return { ...step, bytes };
        });
        expect(converse(all, steps, { open: true }).threw).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
