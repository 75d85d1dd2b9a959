// Proves that secrets in addresses are masked, in addresses inside of them as well, that the rest stays, and that it takes no time.

import { expect, it } from 'vitest';
import { isSecretName, maskUrl } from './secrets.ts';

it.each([
  ['/a?token=SEC&x=1', '/a?token=***&x=1'],
  ['/a?%70assword=S%45C#id_token=SEC', '/a?%70assword=***#id_token=***'],
  ['/cb?next=%2Fq%3Faccess_token%3DSEC%26b%3D2&z=1', '/cb?next=%2Fq%3Faccess_token%3D***%26b%3D2&z=1'],
  ['/p;jsessionid=SEC?x=1', '/p;jsessionid=***?x=1'],
  ['/user=admin&password=SEC&channel=1', '/user=admin&password=***&channel=1'],
  ['https://u:S:E@C@h/', 'https://u:***@h/'],
  ['/x?u=ftp%3A%2F%2Fu%3ASEC%40h', '/x?u=ftp%3A%2F%2Fu%3A***%40h'],
  ['/?x=//u:SEC@h/', '/?x=//u:***@h/'],
  ['/0123456789abcdef0123/announce?info_hash=a', '/***/announce?info_hash=a'],
  ['/?j=eyJhbGciOiJIUzI1.eyJzdWIi.SEC', '/?j=***'],
])('%s', (url, shown) => expect(maskUrl(url)).toBe(shown));

it.each([
  '/?pass=&x=1',
  '/a?b=c=d&key=1&page=2',
  'http://h:80/a@b',
  'http://h/a%40b',
  'mailto:anna@example.org',
  '/announce?info_hash=a',
])('leaves %s as it is', (url) => expect(maskUrl(url)).toBe(url));

it('knows names of secrets however they are written', () => {
  expect(['Access-Token', 'PHPSESSID', 'clientSecret', 'user.password', 'X-Amz-Signature'].every(isSecretName)).toBe(
    true,
  );
  expect(['key', 'page', 'passenger', 'tokens', 'author', 'design'].some(isSecretName)).toBe(false);
});

it.each(['%2f%2f', 'a=', '%3d', '//a:', 'eyJ', 'token=', '/announce', '//', 'eyJaaaaaaaa.'])(
  'takes no time for many of %s',
  (part) => {
    const startMs = performance.now();
    maskUrl(part.repeat(16_384 / part.length));
    expect(performance.now() - startMs).toBeLessThan(200);
  },
);
