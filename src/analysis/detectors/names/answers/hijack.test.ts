// Proves that a search page for a name that nobody has, and one address for many such names, are told, and words are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { answer, drawn } from '../golden/asked.ts';
import { hijack } from './hijack.ts';

const odd = '3439ur09dhiolh32ljha.net';

describe('dns.hijack', () => {
  it('hit: the client is sent to a search page with the name', () => {
    const stage = new Stage(hijack);
    answer(stage, odd, ['104.239.213.7']).wait(1);
    stage.event('http', { hostname: odd, url: '/' });
    stage.event('http', { hostname: 'search.example.com', url: `/?q=http%3A//${odd}/&t=0` });
    expect(stage.alerts).toHaveLength(1);
    expect(stage.alerts[0]).toMatchObject({ severity: 'low', key: '10.0.0.53', packet: 3, firstPacket: 1 });
  });

  it('hit: five odd domains with one address', () => {
    const stage = new Stage(hijack);
    for (let i = 0; i < 6; i++) answer(stage, `${drawn(20, i, 'abcdefxqzjkvw0123456789')}.com`, ['104.239.213.7']);
    expect(stage.alerts).toHaveLength(1);
  });

  it('miss: a name that exists, a search long after, the page of the domain itself', () => {
    const stage = new Stage(hijack);
    answer(stage, 'wikipedia.org', ['104.239.213.7']);
    stage.event('http', { hostname: 'search.example.com', url: '/?q=wikipedia.org' });
    answer(stage, odd, ['104.239.213.7']);
    stage.event('http', { hostname: `www.${odd}`, url: `/?from=${odd}` }).wait(100);
    stage.event('http', { hostname: 'search.example.com', url: `/?q=${odd}` }).event('http', {});
    expect(stage.alerts).toEqual([]);
  });
});
