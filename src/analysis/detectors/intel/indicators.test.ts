// Proves that words of lists are taken for what they are, in one form each, and that no text makes the guessing slow.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guessIndicator, plainUrl } from './indicators.ts';

const sha256 = 'ab'.repeat(32);

describe('indicators', () => {
  it.each([
    ['192.0.2.7', 'address', '192.0.2.7'],
    ['192.0.2.7:443', 'address', '192.0.2.7'],
    ['2001:DB8::1', 'address', '2001:db8::1'],
    ['192.0.2.7/32', 'address', '192.0.2.7'],
    ['10.1.0.0/16', 'network', '10.1.0.0/16'],
    ['2001:db8::/32', 'network', '2001:db8::/32'],
    ['Evil.Example', 'domain', 'evil.example'],
    ['*.evil.example.', 'domain', 'evil.example'],
    ['||evil.example^', 'domain', 'evil.example'],
    ['http://User@Evil.Example:80/A?b=c#d', 'url', 'evil.example/A?b=c'],
    ['evil.example/path', 'url', 'evil.example/path'],
    ['http://evil.example', 'url', 'evil.example/'],
    ['D41D8CD98F00B204E9800998ECF8427E', 'hash', 'd41d8cd98f00b204e9800998ecf8427e'],
    [sha256, 'hash', sha256],
    ['aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd', 'hash', 'aabbccddeeff00112233445566778899aabbccdd'],
    ['t13d1516h2_8daaf6152771_e5627efa2ab1', 'fingerprint', 't13d1516h2_8daaf6152771_e5627efa2ab1'],
    [btoa('evil.example'), 'domain', 'evil.example'],
    [btoa('http://evil.example/x'), 'url', 'evil.example/x'],
  ])('%s: %s', (text, kind, plain) => expect(guessIndicator(text)).toMatchObject({ kind, text: plain }));

  it.each(['', 'com', 'hello', 'hello-world', '1.2.3', 'abcdefgh', '-.-', '300.1.1.1', 'x'.repeat(5000)])(
    '%s is nothing',
    (text) => expect(guessIndicator(text)).toBeNull(),
  );

  it('takes any text, quickly', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        const found = guessIndicator(text);
        if (found !== null) expect(found.text.length).toBeLessThan(400);
        plainUrl(text);
      }),
    );
    for (const part of ['a.', 'a', 'aa:', 'a-', '||', '1.']) {
      const begun = performance.now();
      guessIndicator(part.repeat(1000));
      expect(performance.now() - begun).toBeLessThan(100);
    }
  });
});
