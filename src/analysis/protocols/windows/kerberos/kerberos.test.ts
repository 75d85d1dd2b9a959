// Proves that Kerberos requests and replies are told, in EVE's words and in Zeek's, over UDP and over TCP in any pieces.
import { describe, expect, it } from 'vitest';
import { converse, type Setting, type Step } from '../../golden/converse.ts';
import { big, der, faultsOfDamage, joined } from '../mutations.ts';
import { kerberos, shownTicket, ticketLogin } from './kerberos.ts';

const integer = (value: number) => der(0x02, big(value, value > 127 ? 2 : 1));
const name = (...parts: string[]) =>
  der(0x30, der(0xa0, integer(1)), der(0xa1, der(0x30, ...parts.map((one) => der(0x1b, one)))));
const sealed = (cipher: number) => der(0x30, der(0xa0, integer(cipher)), der(0xa2, der(0x04, 'secret secret')));
const ticket = (cipher: number, ...service: string[]) =>
  der(
    0x61,
    der(
      0x30,
      der(0xa0, integer(5)),
      der(0xa1, der(0x1b, 'EXAMPLE.ORG')),
      der(0xa2, name(...service)),
      der(0xa3, sealed(cipher)),
    ),
  );

const asRequest = der(
  0x6a,
  der(
    0x30,
    der(0xa1, integer(5)),
    der(0xa2, integer(10)),
    der(0xa3, der(0x30, der(0x30, der(0xa1, integer(2)), der(0xa2, der(0x04, 'proof'))))),
    der(
      0xa4,
      der(
        0x30,
        der(0xa0, der(0x03, Uint8Array.of(0, 0x40, 0x80, 0, 0x10))),
        der(0xa1, name('anna')),
        der(0xa2, der(0x1b, 'EXAMPLE.ORG')),
        der(0xa3, name('krbtgt', 'EXAMPLE.ORG')),
        der(0xa5, der(0x18, '20370913024805Z')),
        der(0xa7, integer(77)),
        der(0xa8, der(0x30, integer(18), integer(23))),
      ),
    ),
  ),
);
const asReply = der(
  0x6b,
  der(
    0x30,
    der(0xa0, integer(5)),
    der(0xa1, integer(11)),
    der(0xa3, der(0x1b, 'EXAMPLE.ORG')),
    der(0xa4, name('anna')),
    der(0xa5, ticket(18, 'krbtgt', 'EXAMPLE.ORG')),
    der(0xa6, sealed(23)),
  ),
);
const error = (code: number, words?: string) =>
  der(
    0x7e,
    der(
      0x30,
      der(0xa0, integer(5)),
      der(0xa1, integer(30)),
      der(0xa6, integer(code)),
      der(0xa9, der(0x1b, 'EXAMPLE.ORG')),
      der(0xaa, name('krbtgt', 'EXAMPLE.ORG')),
      ...(words === undefined ? [] : [der(0xab, der(0x1b, words))]),
    ),
  );

const framed = (message: Uint8Array) => joined(big(message.length, 4), message);
const login: readonly Step[] = [
  { side: 0, bytes: asRequest },
  { side: 1, bytes: asReply },
];
const stream: readonly Step[] = [
  { side: 0, bytes: framed(asRequest) },
  { side: 1, bytes: framed(error(25)) },
  { side: 0, bytes: framed(asRequest) },
  { side: 1, bytes: framed(asReply) },
];
const udp: Setting = { proto: 17, rPort: 88 };

describe('over UDP', () => {
  it('tells request and reply to EVE', () => {
    const told = converse([kerberos], login, udp).told.filter((one) => one.options.only === 'eve');
    expect(told.map((one) => one.event)).toEqual([
      {
        message: 'KRB_AS_REQ',
        cname: 'anna',
        realm: 'EXAMPLE.ORG',
        sname: 'krbtgt/EXAMPLE.ORG',
        encryption: '<none>',
        isWeak: false,
        offeredCiphers: ['aes256-cts-hmac-sha1-96', 'rc4-hmac'],
        hasPreauthentication: true,
      },
      {
        message: 'KRB_AS_REP',
        cname: 'anna',
        realm: 'EXAMPLE.ORG',
        sname: 'krbtgt/EXAMPLE.ORG',
        encryption: 'rc4-hmac',
        isWeak: true,
        ticketEncryption: 'aes256-cts-hmac-sha1-96',
        isTicketWeak: false,
      },
    ]);
  });

  it('tells both as one to the logs, at the time of the request', () => {
    const [told] = converse([kerberos], login, udp).told.filter((one) => one.options.only === 'log');
    expect(told.event).toMatchObject({
      requestType: 'AS',
      client: 'anna/EXAMPLE.ORG',
      service: 'krbtgt/EXAMPLE.ORG',
      isSuccess: true,
      tillUs: Date.UTC(2037, 8, 13, 2, 48, 5) * 1000,
      cipher: 'aes256-cts-hmac-sha1-96',
      isForwardable: true,
      isRenewable: true,
      latencyUs: 1000,
    });
    expect(told.timeUs).toBe(1_001_000);
  });

  it('finds the client when the reply is seen first', () => {
    const heard = converse([kerberos], [{ side: 0, bytes: asReply }], { proto: 17, rPort: 40_001 });
    expect(heard).toMatchObject({ names: ['kerberos'], how: 'handshake' });
    expect(heard.told.map((one) => one.options.side)).toEqual([1, 0]);
  });
});

describe('over TCP', () => {
  it.each([undefined, 1, 7])('tells the same in pieces of %s bytes', (pieces) => {
    const heard = converse([kerberos], stream, { rPort: 88, ...(pieces !== undefined && { pieces }) });
    const logs = heard.told.filter((one) => one.options.only === 'log').map((one) => one.event);
    expect(logs).toMatchObject([
      { isSuccess: false, error: 'KDC_ERR_PREAUTH_REQUIRED', errorText: 'KDC_ERR_PREAUTH_REQUIRED' },
      { isSuccess: true },
    ]);
    expect(heard.events()[1]).toMatchObject({
      message: 'KRB_ERROR',
      failedRequest: 'KRB_AS_REQ',
      cname: '<empty>',
      realm: '<empty>',
    });
    expect(heard).toMatchObject({ kept: 0, threw: [] });
  });

  it('tells a request without a reply when the flow ends', () => {
    const heard = converse([kerberos], [stream[0]], { rPort: 88 });
    expect(heard.told.filter((one) => one.options.only === 'log')).toHaveLength(1);
  });

  it('is not taken for something else', () => {
    const other = joined(big(40, 4), new Uint8Array(40).fill(0x6a));
    expect(converse([kerberos], [{ side: 0, bytes: other }], { rPort: 9999 }).names).toEqual([]);
  });
});

it('leaves a first answer without a proof out of the log when it says so', () => {
  const heard = converse([kerberos], [login[0], { side: 1, bytes: error(25, 'NEEDED_PREAUTH') }], udp);
  expect(heard.told.filter((one) => one.options.only === 'log')).toHaveLength(0);
});

it('reads a ticket that is shown to a service', () => {
  const request = der(
    0x6e,
    der(0x30, der(0xa0, integer(5)), der(0xa1, integer(14)), der(0xa3, ticket(23, 'cifs', 'files'))),
  );
  const shown = shownTicket(request, 0, request.length);
  expect(shown === null ? null : ticketLogin(shown, true)).toEqual({
    requestType: 'AP',
    client: '/EXAMPLE.ORG',
    service: 'cifs/files',
    isSuccess: true,
    cipher: 'rc4-hmac',
    isTicketWeak: true,
  });
});

it('remembers a bounded number of requests', () => {
  const steps = Array.from({ length: 200 }, (_, i): Step => {
    const bytes = asRequest.slice();
    bytes[bytes.length - 7] = i & 127;
    return { side: 0, bytes };
  });
  const heard = converse([kerberos], steps, udp);
  expect(heard.told.filter((one) => one.options.only === 'log').length).toBeLessThanOrEqual(16);
});

it('does not throw on damage', () => {
  expect(faultsOfDamage([kerberos], login, udp)).toEqual([]);
  expect(faultsOfDamage([kerberos], stream, { rPort: 88 }, 100)).toEqual([]);
});
