// Conversations of Windows networks that carry a secret; and the protocols that carry none.

import { bytesOf, type Step } from '../../src/analysis/protocols/golden/converse.ts';
import { big, der, joined, little, ntlmMessage } from '../../src/analysis/protocols/windows/mutations.ts';
import { proof, type SecretCase, say } from './secret-conversations.ts';
import { base64, secret, user } from './secret-marks.ts';

const octets = (value: string): Uint8Array => der(4, value);
const integer = (value: number): Uint8Array => der(2, Uint8Array.of(value));
const enumerated = (value: number): Uint8Array => der(10, Uint8Array.of(value));

// --- Windows networks ------------------------------------------------------------------------------------------------

const ldap = (id: number, operation: Uint8Array): Uint8Array => der(0x30, integer(id), operation);
const result = (tag: number, ...more: Uint8Array[]): Uint8Array =>
  der(tag, enumerated(0), octets(''), octets(''), ...more);
const bind = (proofTag: number, ...how: (Uint8Array | string)[]): Uint8Array =>
  der(0x60, integer(3), octets(`cn=${user}`), der(proofTag, ...how));
const ldapIn = (what: string, operation: Uint8Array, answer: Uint8Array): SecretCase => ({
  protocol: 'ldap',
  what,
  steps: [
    say(0, ldap(1, bind(0x80, secret))),
    say(1, ldap(1, result(0x61))),
    say(0, ldap(2, operation)),
    say(1, ldap(2, answer)),
  ],
  setting: { rPort: 389 },
  secrets: [secret, proof],
});
const set = (name: string, ...values: string[]): Uint8Array =>
  der(0x30, octets(name), der(0x31, ...values.map(octets)));
const smb2 = (command: number, id: number, isResponse: boolean, body: Uint8Array): Uint8Array => {
  const all = joined(
    bytesOf('fe', "'SMB"),
    bytesOf('40 00 01 00'),
    little(isResponse && id === 1 ? 0xc000_0016 : 0, 4),
    little(command, 2),
    little(1, 2),
    little(isResponse ? 1 : 0, 4),
    little(0, 4),
    little(id, 8),
    little(0, 4),
    little(0, 4),
    little(77, 8),
    new Uint8Array(16),
    body,
  );
  return joined(Uint8Array.of(0), big(all.length, 3), all);
};
const setup = (token: Uint8Array): Uint8Array =>
  joined(little(25, 2), little(0, 10), little(88, 2), little(token.length, 2), little(0, 8), token);
const setupDone = (token: Uint8Array): Uint8Array =>
  joined(little(9, 2), little(0, 2), little(72, 2), little(token.length, 2), token);
const smbSteps: Step[] = [
  say(0, smb2(1, 1, false, setup(new Uint8Array(8)))),
  say(1, smb2(1, 1, true, setupDone(ntlmMessage(2)))),
  say(0, smb2(1, 2, false, setup(ntlmMessage(3)))),
  say(1, smb2(1, 2, true, setupDone(new Uint8Array(0)))),
];
const sealed = der(0x30, der(0xa0, integer(18)), der(0xa2, octets(secret)));
const name = (...parts: string[]): Uint8Array =>
  der(0x30, der(0xa0, integer(1)), der(0xa1, der(0x30, ...parts.map((part) => der(0x1b, part)))));
const ticket = der(
  0x61,
  der(
    0x30,
    der(0xa0, integer(5)),
    der(0xa1, der(0x1b, 'EXAMPLE.ORG')),
    der(0xa2, name('krbtgt', 'EXAMPLE.ORG')),
    der(0xa3, sealed),
  ),
);
const asRequest = der(
  0x6a,
  der(
    0x30,
    der(0xa1, integer(5)),
    der(0xa2, integer(10)),
    der(0xa3, der(0x30, der(0x30, der(0xa1, integer(2)), der(0xa2, der(4, sealed))))),
    der(
      0xa4,
      der(
        0x30,
        der(0xa0, der(3, bytesOf('00 40800010'))),
        der(0xa1, name(user)),
        der(0xa2, der(0x1b, 'EXAMPLE.ORG')),
        der(0xa3, name('krbtgt', 'EXAMPLE.ORG')),
        der(0xa5, der(0x18, '20370913024805Z')),
        der(0xa7, integer(77)),
        der(0xa8, der(0x30, integer(18))),
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
    der(0xa4, name(user)),
    der(0xa5, ticket),
    der(0xa6, sealed),
  ),
);

export const windowsCases: readonly SecretCase[] = [
  ldapIn(
    'a simple bind and attributes',
    der(
      0x68,
      octets(`cn=${user}`),
      der(0x30, set('userPassword', secret, `{SSHA}${base64(secret)}`), set('unicodePwd;x', secret)),
    ),
    result(0x69),
  ),
  ldapIn(
    'a change',
    der(0x66, octets(`cn=${user}`), der(0x30, der(0x30, enumerated(2), set('userPassword', secret)))),
    result(0x67),
  ),
  ldapIn(
    'a comparison',
    der(0x6e, octets(`cn=${user}`), der(0x30, octets('userPassword'), octets(secret))),
    result(0x6f),
  ),
  ldapIn(
    'a new password',
    der(0x77, der(0x80, '1.3.6.1.4.1.4203.1.11.1'), der(0x81, der(0x30, der(0x80, user), der(0x82, secret)))),
    result(0x78, der(0x8b, der(0x30, der(0x80, secret)))),
  ),
  ldapIn('SASL', bind(0xa3, octets('PLAIN'), octets(`\0${user}\0${secret}`)), result(0x61, der(0x87, secret))),
  ldapIn('NTLM', bind(0xa3, octets('GSS-SPNEGO'), der(4, ntlmMessage(3))), result(0x61)),
  {
    ...ldapIn(
      'a filter',
      der(
        0x63,
        octets(`dc=${user}`),
        enumerated(2),
        enumerated(3),
        integer(0),
        integer(0),
        der(1, Uint8Array.of(0)),
        der(
          0xa0,
          der(0xa3, octets('userPassword'), octets(secret)),
          der(0xa4, octets('userPassword'), der(0x30, der(0x80, secret))),
        ),
        der(0x30),
      ),
      result(0x65),
    ),
    protocol: 'ldap_search',
  },
  ...['ntlm', 'smb'].map((protocol) => ({
    protocol,
    what: 'NTLM',
    steps: smbSteps,
    setting: { rPort: 445 },
    secrets: [proof],
  })),
  {
    protocol: 'kerberos',
    what: 'proof, ticket and what is sealed',
    steps: [say(0, asRequest), say(1, asReply)],
    setting: { proto: 17, rPort: 88 },
  },
];

/** Protocols that carry no secret in clear, or of which nothing of the kind is read; with the reason. */
export const withoutSecrets: Readonly<Record<string, string>> = {
  ...Object.fromEntries('dns llmnr mdns nbns nbdgm'.split(' ').map((one) => [one, 'names are for everybody'])),
  ...Object.fromEntries(
    'tls dtls quic ssh wireguard openvpn'
      .split(' ')
      .map((one) => [one, 'secrets are sealed; tickets, tokens and keys are not among the fields']),
  ),
  ...Object.fromEntries('x509 proxy-protocol ntp rtp rtcp tftp t38'.split(' ').map((one) => [one, 'no login'])),
  ...Object.fromEntries(
    'bacnet enip iec104 modbus modbus_message opcua'.split(' ').map((one) => [one, 'no passwords among the fields']),
  ),
  ...Object.fromEntries('dnp3 s7comm'.split(' ').map((one) => [one, 'passwords are not read; proved in its own test'])),
  ...Object.fromEntries(
    'rpc nfs dcerpc smb_files smb_mapping'.split(' ').map((one) => [one, 'logins are those of NTLM and Kerberos']),
  ),
  ...Object.fromEntries(
    'mqtt_publish mqtt_subscribe ftp-data'.split(' ').map((one) => [one, 'the login is the one of its connection']),
  ),
  http3: 'told by the functions of HTTP/2',
  rdp: 'the login is sealed, the cookie that is told is the user; proved in its own test',
  ike: 'only words of the negotiation are told, no hashes',
  adb: 'proofs are not read',
  bittorrent: 'no login',
  'bittorrent-dht': 'a token is the answer to a question, as a cookie of a connection: no login',
  dhcpv6: 'authentication is not read',
  syslog: 'free text is told as it is',
};
