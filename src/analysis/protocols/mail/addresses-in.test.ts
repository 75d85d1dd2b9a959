// Proves that addresses are found in paths, lists and Received headers, and parameters in whichever form they come.
import { expect, test } from 'vitest';
import { addressesIn, addressList, hostIn, receivedHost } from './addresses-in.ts';
import { parameterOf } from './header-parameters.ts';
import { SaslLogin } from './sasl.ts';

test('addresses of a path and of a list', () => {
  expect(addressesIn('FROM:<a@x.example> SIZE=5')).toEqual(['a@x.example']);
  expect(addressesIn('TO: a@x.example, b@y')).toEqual(['a@x.example', 'b@y']);
  expect(addressesIn('FROM:<>')).toEqual([]);
  expect(addressList('"a, b" <c@d>, e@f ,, "un')).toEqual(['"a, b" <c@d>', 'e@f', '"un']);
  expect(addressList(',')).toEqual([]);
});

test('hosts that a mail came through', () => {
  expect(receivedHost('from x ([192.0.2.1]) by y')).toBe('192.0.2.1');
  expect(receivedHost('from [10.0.0.1] (x [192.0.2.1]) by y')).toBe('192.0.2.1');
  expect(receivedHost('from x ([IPv6:2001:db8::1]) by y')).toBeNull();
  expect(receivedHost('from x ([2001:db8::1])')).toBe('2001:db8::1');
  expect(receivedHost('by y (version=1.2.3.400)')).toBeNull();
  expect(hostIn('[198.51.100.7]')).toBe('198.51.100.7');
});

test('parameters', () => {
  expect(parameterOf('multipart/mixed; boundary="a;b"; x=1', 'boundary')).toBe('a;b');
  expect(parameterOf("attachment; filename*=utf-8'en'%e2%82%ac%20rates", 'filename')).toBe('€ rates');
  expect(parameterOf('attachment; filename*0="a "; filename*1=b', 'filename')).toBe('a b');
  expect(parameterOf("attachment; filename*=utf-8''%zz", 'filename')).toBe('%zz');
  expect(parameterOf('text/plain', 'name')).toBeNull();
});

test('who logs in, of each mechanism', () => {
  const userOf = (mechanism: string, ...answers: string[]): string | null => {
    const login = new SaslLogin(mechanism);
    for (const answer of answers) login.answered(btoa(answer));
    return login.user;
  };
  expect(userOf('plain', '\0jane\0secret')).toBe('jane');
  expect(userOf('LOGIN', 'jane', 'secret')).toBe('jane');
  expect(userOf('CRAM-MD5', 'jane b913a602')).toBe('jane');
  expect(userOf('DIGEST-MD5', 'charset=utf-8,username="jane",realm="x"')).toBe('jane');
  expect(userOf('XOAUTH2', 'user=jane\x01auth=Bearer token\x01\x01')).toBe('jane');
  expect(userOf('OAUTHBEARER', 'n,a=jane,\x01auth=Bearer token\x01\x01')).toBe('jane');
  expect(userOf('SCRAM-SHA-256', 'n,,n=jane,r=abc')).toBe('jane');
  expect(userOf('NTLM', 'NTLMSSP\0secret')).toBeNull();
  const odd = new SaslLogin('PLAIN');
  odd.answered('*');
  odd.answered('not base64!');
  expect(odd.user).toBeNull();
});
