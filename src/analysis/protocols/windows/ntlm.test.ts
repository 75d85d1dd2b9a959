// Proves that NTLM messages give names and never hashes, wherever they are wrapped, and that tickets are found beside them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../golden/converse.ts';
import { der, joined, ntlmMessage } from './mutations.ts';
import { ntlmLogin, readNtlm } from './ntlm.ts';
import { readSecurityToken } from './spnego.ts';

const spnegoOid = bytesOf('06 06 2b 06 01 05 05 02');
const kerberosOid = bytesOf('06 09 2a 86 48 86 f7 12 01 02 02');
const offer = (token: Uint8Array) => der(0x60, spnegoOid, der(0xa0, der(0x30, der(0xa2, der(0x04, token)))));

describe('readNtlm', () => {
  it('reads the names of an answer', () => {
    const message = ntlmMessage(3);
    expect(readNtlm(message, 0, message.length)?.answer).toEqual({
      domain: 'EXAMPLE',
      user: 'anna',
      host: 'DESK1',
      version: '10.0 build 10586 rev 15',
    });
  });

  it('reads the names of a challenge', () => {
    const message = ntlmMessage(2);
    expect(readNtlm(message, 0, message.length)?.challenge).toEqual({
      netbiosName: 'FILES',
      dnsName: 'files.example.org',
      treeName: 'example.org',
    });
  });

  it('does not throw on any cut or damage', () => {
    for (const type of [2, 3] as const) {
      const message = ntlmMessage(type);
      for (let end = 0; end < message.length; end++) readNtlm(message, 0, end);
    }
    fc.assert(
      fc.property(fc.nat(200), fc.nat(255), (place, value) => {
        const message = ntlmMessage(3);
        message[place % message.length] = value;
        readSecurityToken(message, 0, message.length);
      }),
    );
  });
});

describe('readSecurityToken', () => {
  it('finds NTLM inside of SPNEGO', () => {
    const token = offer(ntlmMessage(3));
    expect(readSecurityToken(token, 0, token.length).ntlm?.answer?.user).toBe('anna');
  });

  it('finds a ticket inside of SPNEGO', () => {
    const request = der(0x6e, der(0x30, new Uint8Array(20)));
    const token = offer(der(0x60, kerberosOid, Uint8Array.of(1, 0), request));
    const { apReqAt, apReqEnd } = readSecurityToken(token, 0, token.length);
    expect(token.slice(apReqAt, apReqEnd)).toEqual(request);
  });

  it('finds nothing in anything else', () => {
    const token = joined(bytesOf('60 10'), new Uint8Array(20));
    expect(readSecurityToken(token, 0, token.length)).toEqual({
      isWrapped: true,
      ntlm: null,
      apReqAt: -1,
      apReqEnd: -1,
    });
  });
});

it('tells a login without what is not known', () => {
  const answer = { domain: '', user: 'anna', host: '', version: undefined };
  expect(ntlmLogin({ dnsName: 'files.example.org' }, answer, false)).toEqual({
    user: 'anna',
    serverDnsName: 'files.example.org',
    isSuccess: false,
  });
});
