// Proves what is told of DNS: each message, each question with its answer, over UDP and TCP, at any port, within bounds.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnyEvent } from '../../../core/index.ts';
import { bytesOf, converse, type Heard, type Setting, type Step } from '../golden/converse.ts';
import { probed } from '../protocol.ts';
import { dns } from './dns.ts';

const udp: Setting = { proto: 17, rPort: 53 };

/** `www.test` as labels. */
const www = bytesOf('03', "'www", '04', "'test", '00');
const question = bytesOf(www, '00 01 00 01');
const header = (id: number, flags: string, counts: string): Uint8Array =>
  bytesOf(id.toString(16).padStart(4, '0'), flags, counts);
const query = (id: number): Uint8Array => bytesOf(header(id, '01 00', '0001 0000 0000 0000'), question);
/** A record whose name is that of the question. */
const record = (type: string, data: Uint8Array, ttl = '0000003c'): Uint8Array =>
  bytesOf('c00c', type, '0001', ttl, data.length.toString(16).padStart(4, '0'), data);
const answer = (id: number, ...records: Uint8Array[]): Uint8Array =>
  bytesOf(header(id, '81 80', `0001 ${records.length.toString(16).padStart(4, '0')} 0000 0000`), question, ...records);
const address = record('0001', bytesOf('c0 00 02 07'));
const framed = (...messages: Uint8Array[]): Uint8Array =>
  bytesOf(...messages.flatMap((one) => [one.length.toString(16).padStart(4, '0'), one]));

const eve = (heard: Heard): AnyEvent[] =>
  heard.told.filter((one) => one.options.only === 'eve').map((one) => one.event);
const rows = (heard: Heard): AnyEvent[] =>
  heard.told.filter((one) => one.options.only === 'log').map((one) => one.event);

describe('a question and its answer', () => {
  const steps: Step[] = [
    { side: 0, bytes: query(0x1234), timeUs: 1_000_000 },
    { side: 1, bytes: answer(0x1234, record('0005', bytesOf('01', "'a", 'c0 10')), address), timeUs: 1_020_000 },
  ];

  it('are told one by one as Suricata does', () => {
    const heard = converse([dns], steps, udp);
    expect(heard.names).toEqual(['dns']);
    expect(heard.how).toBe('handshake');
    expect(eve(heard)).toEqual([
      {
        version: 3,
        type: 'request',
        txId: 0,
        id: 0x1234,
        flags: '100',
        rd: true,
        opcode: 0,
        rcode: 'NOERROR',
        messageBytes: 26,
        queries: [{ rrname: 'www.test', rrtype: 'A' }],
      },
      {
        version: 3,
        type: 'response',
        txId: 1,
        id: 0x1234,
        flags: '8180',
        qr: true,
        rd: true,
        ra: true,
        opcode: 0,
        rcode: 'NOERROR',
        messageBytes: 58,
        queries: [{ rrname: 'www.test', rrtype: 'A' }],
        answers: [
          { rrname: 'www.test', rrtype: 'CNAME', ttl: 60, rdata: 'a.test' },
          { rrname: 'www.test', rrtype: 'A', ttl: 60, rdata: '192.0.2.7' },
        ],
        grouped: { CNAME: ['a.test'], A: ['192.0.2.7'] },
        latencyUs: 20_000,
      },
    ]);
    expect(heard.told.map((one) => one.options.side)).toEqual([0, 0, 1]);
  });

  it('are one row as Zeek has it, with the time of the question', () => {
    const heard = converse([dns], steps, udp);
    const told = heard.told.filter((one) => one.options.only === 'log');
    expect(told.map((one) => one.timeUs)).toEqual([1_000_000]);
    expect(rows(heard)[0]).toMatchObject({
      transactionId: 0x1234,
      query: 'www.test',
      qtypeName: 'A',
      qclassName: 'C_INTERNET',
      rcodeName: 'NOERROR',
      rttUs: 20_000,
      wantsRecursion: true,
      hasRecursion: true,
      results: ['a.test', '192.0.2.7'],
      ttlsUs: [60_000_000, 60_000_000],
      isRejected: false,
      opcodeName: 'query',
    });
  });

  it('are the same over TCP, however the stream is cut', () => {
    const stream: Step[] = [
      { side: 0, bytes: framed(query(1), query(2)) },
      { side: 1, bytes: framed(answer(2, address), answer(1, address)) },
    ];
    const whole = converse([dns], stream, { rPort: 53 });
    expect(eve(whole).map(({ id, type }) => `${id} ${type}`)).toEqual([
      '1 request',
      '2 request',
      '2 response',
      '1 response',
    ]);
    expect(rows(whole)).toHaveLength(2);
    for (const pieces of [1, 2, 3, 7]) {
      const cut = converse([dns], stream, { rPort: 53, pieces, open: true });
      expect(eve(cut)).toEqual(eve(whole));
      expect(cut.kept).toBe(0);
    }
  });

  it('are found at any port', () => {
    expect(converse([dns], steps, { proto: 17, rPort: 9999 }).names).toEqual(['dns']);
    expect(converse([dns], [{ side: 0, bytes: framed(query(1)) }], { rPort: 8053 }).names).toEqual(['dns']);
  });
});

describe('what is missing', () => {
  it('a question without an answer is a row when the flow ends', () => {
    const heard = converse([dns], [{ side: 0, bytes: query(7), timeUs: 5_000_000 }], udp);
    expect(rows(heard)).toHaveLength(1);
    expect(rows(heard)[0]).toMatchObject({ query: 'www.test', transactionId: 7 });
    expect(rows(heard)[0].rcodeName).toBeUndefined();
  });

  it('an answer alone tells that the sides are the wrong way round', () => {
    const heard = converse([dns], [{ side: 0, bytes: answer(7, address) }], { proto: 17, oPort: 53, rPort: 4000 });
    expect(heard.told.map((one) => one.options.side)).toEqual([1, 0]);
    expect(rows(heard)[0]).toMatchObject({ query: 'www.test', rcodeName: 'NOERROR' });
    expect(rows(heard)[0].qtype).toBeUndefined();
  });

  it('after a hole in a stream reading goes on with the next message that is one', () => {
    const steps: Step[] = [
      { side: 0, bytes: framed(query(1)) },
      { side: 0, gap: 500 },
      { side: 0, bytes: bytesOf('99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99') },
      { side: 0, bytes: framed(query(3), query(4)) },
    ];
    expect(eve(converse([dns], steps, { rPort: 53 })).map(({ id }) => id)).toEqual([1, 3, 4]);
  });

  it('what was read before a message breaks off is told', () => {
    const cut = answer(7, address, address).subarray(0, 56);
    const heard = converse([dns], [{ side: 1, bytes: cut }], udp);
    expect(heard.weird).toEqual(['DNS_truncated_RR_rdlength_lt_len']);
    expect(eve(heard)[0].answers).toEqual([{ rrname: 'www.test', rrtype: 'A', ttl: 60, rdata: '192.0.2.7' }]);
  });
});

describe('records', () => {
  const told = (type: string, data: Uint8Array): AnyEvent => {
    const heard = converse([dns], [{ side: 1, bytes: answer(1, record(type, data)) }], udp);
    return (eve(heard)[0].answers as AnyEvent[])[0];
  };
  const shown = (type: string, ...data: string[]): unknown => told(type, bytesOf(...data)).rdata;

  it('are shown by their types', () => {
    expect(shown('001c', '2001 0db8 0000 0000 0000 0000 0000 0001')).toBe('2001:0db8:0000:0000:0000:0000:0000:0001');
    expect(shown('000f', '000a 04', "'mail", 'c010')).toBe('mail.test');
    expect(shown('000c', '04', "'host", 'c010')).toBe('host.test');
    expect(shown('002b', '1234 08 02 aabb')).toBe('4660 8 2 aabb');
    expect(shown('0034', '03 01 01 cafe')).toBe('3 1 1 cafe');
    expect(shown('0101', '00 05', "'issue", "'ca.test")).toBe('0 issue ca.test');
    expect(shown('0023', '0064 000a 01', "'u", '07', "'E2U+sip", '00 00')).toBe('100 10 u E2U+sip  .');
    expect(shown('002f', '01', "'b", 'c010 00 04 40 00 00 08')).toBe('b.test A AAAA');
    expect(shown('0041', '0001 00 0001 0003 02', "'h2", '0003 0002 01bb 0004 0004 c0000207')).toBe(
      '1 . alpn=h2 port=443 ipv4hint=192.0.2.7',
    );
    expect(shown('abcd', '0102')).toBe('\\# 2 0102');
  });

  it('have parts where EVE has them', () => {
    expect(told('0021', bytesOf('0001 0002 13c4 03', "'sip", 'c010')).srv).toEqual({
      priority: 1,
      weight: 2,
      port: 5060,
      name: 'sip.test',
    });
    expect(told('002c', bytesOf('01 02 aabb')).sshfp).toEqual({ fingerprint: 'aa:bb', algo: 1, type: 2 });
    expect(told('0006', bytesOf('c010 c010 00000001 00000002 00000003 00000004 00000005')).soa).toEqual({
      mname: 'test',
      rname: 'test',
      serial: 1,
      refresh: 2,
      retry: 3,
      expire: 4,
      minimum: 5,
    });
  });

  it('of text are one for each string', () => {
    const heard = converse(
      [dns],
      [{ side: 1, bytes: answer(1, record('0010', bytesOf('01', "'a", '02', "'bc"))) }],
      udp,
    );
    expect((eve(heard)[0].answers as AnyEvent[]).map(({ rdata }) => rdata)).toEqual(['a', 'bc']);
    expect(eve(heard)[0].grouped).toEqual({ TXT: ['a', 'bc'] });
    expect(rows(heard)[0].results).toEqual(['TXT 1 a TXT 2 bc']);
  });

  it('of EDNS give the size and options', () => {
    const opt = bytesOf('00 0029 1000 00008000 0006 000a 0002 beef');
    const asked = bytesOf(header(1, '0100', '0001 0000 0000 0001'), question, opt);
    const [event] = eve(converse([dns], [{ side: 0, bytes: asked }], udp));
    expect(event).toMatchObject({ ednsBytes: 4096, isDnssecOk: true });
    expect(event.additionals).toEqual([{ rrname: '', rrtype: 'OPT', ttl: 32768, opt: [{ code: 10, data: 'beef' }] }]);
  });
});

describe('bounds', () => {
  it('questions that wait for an answer are counted', () => {
    const steps = Array.from({ length: 500 }, (_, i): Step => ({ side: 0, bytes: query(i) }));
    const heard = converse([dns], steps, udp);
    expect(rows(heard)).toHaveLength(500);
    expect(rows(heard).map(({ transactionId }) => transactionId)).toEqual(steps.map((_, i) => i));
  });

  it('of two questions with one number the first is answered first', () => {
    const steps: Step[] = [
      { side: 0, bytes: query(9), timeUs: 1_000_000 },
      { side: 0, bytes: query(9), timeUs: 3_000_000 },
      { side: 1, bytes: answer(9, address), timeUs: 3_500_000 },
    ];
    expect(rows(converse([dns], steps, udp)).map(({ rttUs }) => rttUs)).toEqual([2_500_000, undefined]);
  });

  it('no truncation and no change of a byte makes it throw', () => {
    const messages = [
      query(1),
      answer(1, address, record('0006', bytesOf('c010 c010 00'))),
      answer(2, record('0041', bytesOf('0001 00'))),
    ];
    for (const message of messages) {
      for (let end = 0; end <= message.length; end++) {
        expect(converse([dns], [{ side: 0, bytes: message.slice(0, end) }], { ...udp, open: true }).threw).toEqual([]);
      }
    }
    fc.assert(
      fc.property(fc.nat(2), fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 6 }), (which, changes) => {
        const bytes = messages[which].slice();
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        expect(converse([dns], [{ side: 1, bytes }], { ...udp, open: true }).threw).toEqual([]);
        expect(converse([dns], [{ side: 1, bytes: framed(bytes) }], { rPort: 53, open: true }).threw).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the probe', () => {
  const ask = (bytes: Uint8Array, isPort: boolean, proto = 17): number =>
    dns.probe?.(bytes, 0, bytes.length, { proto, side: 0, oPort: 1, rPort: 2, isPort, length: bytes.length }) ?? -1;

  it('refuses what only resembles a message', () => {
    expect(ask(query(1), false)).toBe(probed.yes);
    expect(ask(bytesOf(query(1), '00'), false)).toBe(probed.no);
    expect(ask(bytesOf(header(1, '0100', '0001 0000 0000 0000'), www, 'dead 0001'), false)).toBe(probed.no);
    expect(ask(bytesOf("'GET / HTTP/1.1 of some length"), false)).toBe(probed.no);
    expect(ask(bytesOf("'GET / HTTP/1.1 of some length"), true, 6)).toBe(probed.no);
  });

  it('wants more of a stream that begins well', () => {
    expect(ask(framed(query(1)).subarray(0, 2), false, 6)).toBe(probed.maybe);
    expect(ask(framed(query(1)), false, 6)).toBe(probed.yes);
  });

  it('takes a refusal without its question at the usual port', () => {
    expect(ask(header(1, '8185', '0000 0000 0000 0000'), true)).toBe(probed.yes);
    expect(ask(header(1, '8185', '0000 0000 0000 0000'), false)).toBe(probed.no);
  });
});
