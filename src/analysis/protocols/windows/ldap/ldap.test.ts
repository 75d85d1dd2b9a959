// Proves that LDAP requests and their responses are told as one, that passwords are not, and that StartTLS hands over.
import { describe, expect, it } from 'vitest';
import { converse, type Step } from '../../golden/converse.ts';
import { nameOnly, probed } from '../../protocol.ts';
import { element } from '../ber.ts';
import { big, der, faultsOfDamage, joined, ntlmMessage } from '../mutations.ts';
import { ntlm } from '../ntlm.ts';
import { filterText } from './filter.ts';
import { ldap, ldapSearch } from './ldap.ts';

const integer = (value: number) => der(0x02, big(value, 1));
const enumerated = (value: number) => der(0x0a, big(value, 1));
const message = (id: number, ...operation: Uint8Array[]) => der(0x30, integer(id), ...operation);
const result = (tag: number, code: number, words = '', ...more: Uint8Array[]) =>
  der(tag, enumerated(code), der(0x04), der(0x04, words), ...more);
const simpleBind = (name: string, password: string) => der(0x60, integer(3), der(0x04, name), der(0x80, password));
const saslBind = (mechanism: string, credentials: Uint8Array) =>
  der(0x60, integer(3), der(0x04), der(0xa3, der(0x04, mechanism), der(0x04, credentials)));
const attribute = (name: string, ...values: string[]) =>
  der(0x30, der(0x04, name), der(0x31, ...values.map((value) => der(0x04, value))));
const equals = (name: string, value: string) => der(0xa3, der(0x04, name), der(0x04, value));
const search = der(
  0x63,
  der(0x04, 'dc=example,dc=org'),
  enumerated(2),
  enumerated(3),
  integer(0),
  integer(0),
  der(0x01, Uint8Array.of(0)),
  der(0xa0, der(0x87, 'objectClass'), equals('sAMAccountName', 'anna')),
  der(0x30, der(0x04, 'cn'), der(0x04, 'mail')),
);
const entry = der(
  0x64,
  der(0x04, 'cn=anna,dc=example,dc=org'),
  der(0x30, attribute('mail', 'anna@example.org'), attribute('userPassword', 'geheim')),
);

const protocols = [ldap, ldapSearch, ntlm];
const port = { rPort: 389 };
const session: readonly Step[] = [
  { side: 0, bytes: message(1, simpleBind('cn=admin,dc=example,dc=org', 'geheim')) },
  { side: 1, bytes: message(1, result(0x61, 0)) },
  { side: 0, bytes: message(2, search) },
  { side: 1, bytes: joined(message(2, entry), message(2, entry), message(2, result(0x65, 0))) },
  { side: 0, bytes: message(3, der(0x42)) },
];

describe('a session', () => {
  it.each([undefined, 1, 9])('is told in pieces of %s bytes', (pieces) => {
    const heard = converse(protocols, session, { ...port, ...(pieces !== undefined && { pieces }) });
    const logs = heard.told.filter((one) => one.options.only === 'log');
    expect(logs.map(({ kind }) => kind)).toEqual(['ldap', 'ldap_search', 'ldap']);
    expect(logs[0].event).toMatchObject({
      messageId: 1,
      version: 3,
      operation: 'bind simple',
      result: 'success',
      object: 'cn=admin,dc=example,dc=org',
      argument: 'REDACTED',
    });
    expect(logs[1].event).toMatchObject({
      scope: 'tree',
      deref: 'always',
      base: 'dc=example,dc=org',
      results: 2,
      result: 'success',
      filter: '(&(objectClass=*)(sAMAccountName=anna))',
    });
    expect(heard).toMatchObject({ names: ['ldap'], how: 'handshake', kept: 0, threw: [] });
  });

  it('is told in the words of EVE', () => {
    const eves = converse(protocols, session, port).told.filter((one) => one.options.only === 'eve');
    expect(eves[1].event).toMatchObject({
      request: {
        message_id: 2,
        operation: 'search_request',
        search_request: {
          base_object: 'dc=example,dc=org',
          scope: 2,
          deref_alias: 3,
          types_only: false,
          attributes: ['cn', 'mail'],
        },
      },
      responses: [
        {
          operation: 'search_result_entry',
          search_result_entry: {
            base_object: 'cn=anna,dc=example,dc=org',
            attributes: [
              { type: 'mail', values: ['anna@example.org'] },
              { type: 'userPassword', values: ['***'] },
            ],
          },
        },
        { operation: 'search_result_entry' },
        {
          operation: 'search_result_done',
          search_result_done: { result_code: 'success', matched_dn: '', message: '' },
        },
      ],
    });
  });

  it('keeps no password', () => {
    expect(JSON.stringify(converse(protocols, session, port).told)).not.toContain('geheim');
  });

  it('tells what the server alone says', () => {
    const heard = converse(protocols, [{ side: 0, bytes: message(9, result(0x61, 49, 'no')) }], { rPort: 40_001 });
    expect(heard.events('ldap')[1]).toMatchObject({
      messageId: 9,
      operation: 'bind',
      result: 'invalid credentials',
      diagnostic: 'no',
    });
  });
});

it('tells a login by NTLM', () => {
  const heard = converse(
    protocols,
    [
      { side: 0, bytes: message(1, saslBind('NTLM', new Uint8Array(8))) },
      { side: 1, bytes: message(1, result(0x61, 14, '', der(0x87, ntlmMessage(2)))) },
      { side: 0, bytes: message(2, saslBind('NTLM', ntlmMessage(3))) },
      { side: 1, bytes: message(2, result(0x61, 49)) },
    ],
    port,
  );
  expect(heard.events('ntlm')).toMatchObject([{ user: 'anna', domain: 'EXAMPLE', serverNetbiosName: 'FILES' }]);
  expect(heard.events('ldap').at(-1)).toMatchObject({
    operation: 'bind SASL',
    argument: 'NTLM',
    result: 'invalid credentials',
  });
});

it('hands over to TLS', () => {
  const tls = nameOnly('tls', 'TLS', 'web', { tcp: [443] }, () => probed.no);
  const asked = message(1, der(0x77, der(0x80, '1.3.6.1.4.1.1466.20037')));
  const answered = joined(message(1, result(0x78, 0)), new Uint8Array(20).fill(22));
  const heard = converse(
    [...protocols, tls],
    [
      { side: 0, bytes: asked },
      { side: 1, bytes: answered },
    ],
    port,
  );
  expect(heard.names).toEqual(['ldap', 'tls']);
  expect(heard.events('ldap').at(-1)).toMatchObject({ object: '1.3.6.1.4.1.1466.20037 (StartTLS)' });
});

describe('a security layer', () => {
  const found = joined(message(7, search), message(8, search));
  const token = (flags: number) =>
    joined(Uint8Array.of(5, 4, flags, 255, 0, 12, 0, 12), new Uint8Array(8), new Uint8Array(12), found);
  const framed = (layer: Uint8Array) => joined(big(layer.length, 4), layer);
  const ntlmLayer = joined(Uint8Array.of(1, 0, 0, 0), new Uint8Array(12), message(9, search));
  const bytes = joined(framed(token(2)), framed(token(0)), framed(ntlmLayer), message(10, search));

  it.each([undefined, 1, 100])('is passed in pieces of %s bytes where it is signed and not sealed', (pieces) => {
    const steps: Step[] = [...session.slice(0, 2), { side: 0, bytes }];
    const heard = converse(protocols, steps, { ...port, ...(pieces !== undefined && { pieces }) });
    expect(heard.events('ldap_search').map((one) => one.messageId)).toEqual([7, 8, 9, 10]);
    expect(heard.kept).toBe(0);
  });
});

it('reads what changes an entry', () => {
  const modify = der(
    0x66,
    der(0x04, 'cn=a'),
    der(
      0x30,
      der(0x30, enumerated(2), attribute('unicodePwd', 'geheim')),
      der(0x30, enumerated(0), attribute('mail', 'x')),
    ),
  );
  const rename = der(0x6c, der(0x04, 'cn=a'), der(0x04, 'cn=b'), der(0x01, Uint8Array.of(255)), der(0x80, 'dc=org'));
  const remove = der(0x4a, 'cn=b');
  const steps = [modify, rename, remove].map((one, i): Step => ({ side: 0, bytes: message(i + 1, one) }));
  const requests = converse(protocols, steps, port)
    .told.filter((one) => one.options.only === 'eve')
    .map((one) => one.event.request);
  expect(requests).toMatchObject([
    {
      modify_request: {
        object: 'cn=a',
        changes: [
          { operation: 'replace', modification: { attribute_type: 'unicodePwd', attribute_values: ['***'] } },
          { operation: 'add' },
        ],
      },
    },
    { mod_dn_request: { entry: 'cn=a', new_rdn: 'cn=b', delete_old_rdn: true, new_superior: 'dc=org' } },
    { del_request: { dn: 'cn=b' } },
  ]);
});

describe('filterText', () => {
  const text = (filter: Uint8Array) =>
    filterText(filter, element(filter, 0, filter.length) ?? { tag: 0, at: 0, end: 0, next: 0 });

  it.each([
    [der(0xa2, equals('a', 'b')), '(!(a=b))'],
    [der(0xa1, equals('a', 'b'), der(0x87, 'c')), '(|(a=b)(c=*))'],
    [der(0xa1, der(0x87, 'a'), der(0x87, 'b'), der(0x87, 'c')), '(|(|(a=*)(b=*))(c=*))'],
    [der(0xa4, der(0x04, 'cn'), der(0x30, der(0x80, 'a'), der(0x81, 'b'), der(0x82, 'c'))), '(cn=a*b*c)'],
    [der(0xa4, der(0x04, 'cn'), der(0x30, der(0x81, 'b'))), '(cn=*b*)'],
    [der(0xa9, der(0x81, '1.2'), der(0x82, 'cn'), der(0x83, 'x'), der(0x84, Uint8Array.of(255))), '(cn:dn:1.2:=x)'],
    [der(0xa3, der(0x04, 'objectSid'), der(0x04, Uint8Array.of(1, 5, 255))), '(objectSid=\\01\\05\\ff)'],
  ])('writes filters %#', (filter, wanted) => expect(text(filter)).toBe(wanted));

  it('ends in a deep one', () => {
    let filter = equals('a', 'b');
    for (let i = 0; i < 60; i++) filter = der(0xa2, filter);
    expect(text(filter)).toContain('(...)');
  });
});

it('remembers a bounded number of requests', () => {
  const steps = Array.from({ length: 200 }, (_, i): Step => ({ side: 0, bytes: message(i & 127, search) }));
  const heard = converse(protocols, steps, port);
  expect(heard.told.filter((one) => one.options.only === 'eve').length).toBeLessThanOrEqual(200);
  expect(heard.kept).toBe(0);
});

it('does not throw on damage', () => {
  expect(faultsOfDamage(protocols, session, port)).toEqual([]);
  expect(faultsOfDamage(protocols, session, { proto: 17, rPort: 389 }, 50)).toEqual([]);
});
