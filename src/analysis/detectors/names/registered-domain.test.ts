// Proves which part of a name was bought, below registries and below providers, for names of any content.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ownedAt, registeredAt, registeredDomain } from './registered-domain.ts';

describe('registered domains', () => {
  it.each([
    ['www.example.com', 'example.com'],
    ['example.com', 'example.com'],
    ['a.b.example.co.uk', 'example.co.uk'],
    ['example.co.uk', 'example.co.uk'],
    ['co.uk', 'co.uk'],
    ['x.y.com.br', 'y.com.br'],
    ['host.lan', 'host.lan'],
    ['single', 'single'],
    ['', ''],
    ['4.3.2.1.in-addr.arpa', 'in-addr.arpa'],
    ['a.example.de', 'example.de'],
    ['d111.cloudfront.net', 'cloudfront.net'],
  ])('%s: %s', (name, domain) => expect(registeredDomain(name)).toBe(domain));

  it.each([
    ['a.d111.cloudfront.net', 'd111.cloudfront.net'],
    ['d111.cloudfront.net', 'd111.cloudfront.net'],
    ['cloudfront.net', 'cloudfront.net'],
    ['a.b.shop.blob.core.windows.net', 'shop.blob.core.windows.net'],
    ['www.example.org', 'example.org'],
  ])('of its owner %s: %s', (name, domain) => expect(name.slice(ownedAt(name))).toBe(domain));

  it('is always the end of the name', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (name) => {
        expect(registeredAt(name)).toBeLessThanOrEqual(name.length);
        expect(ownedAt(name)).toBeLessThanOrEqual(registeredAt(name));
        expect(ownedAt(name)).toBeGreaterThanOrEqual(0);
      }),
    );
    const dots = '.'.repeat(255);
    expect(ownedAt(dots)).toBeLessThanOrEqual(dots.length);
  });
});
