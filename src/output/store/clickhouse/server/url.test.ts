// Proves that a URL of a fleet is read as it is written, that what is wrong is named, and that a password is never told.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../core/index.ts';
import { hostName, parseClickhouseUrl } from './url.ts';

const parse = (url: string, environment = {}) => parseClickhouseUrl(url, environment);

function failureOf(url: string): Failure {
  try {
    parse(url);
  } catch (failure) {
    if (failure instanceof Failure) return failure;
    throw failure;
  }
  throw new Error(`${url} was read`);
}

describe('parseClickhouseUrl', () => {
  it('reads the short form', () => {
    expect(parse('clickhouse://db')).toMatchObject({
      hosts: [{ name: 'db', port: 8123 }],
      user: 'default',
      password: '',
      database: 'taplight',
      isSecure: false,
      cluster: '',
      everyMs: 5000,
    });
  });

  it('reads the long form', () => {
    const url =
      'clickhouse://me:p%40ss%2Fw%3Ard@h1:9443,[2001:db8::1],h3/net?secure&cluster=fleet&replicated=1&shard=02' +
      '&compress=gzip&partial&every=30&window=5000&ca=%2Fetc%2Fca.pem';
    expect(parse(url)).toEqual({
      hosts: [
        { name: 'h1', port: 9443 },
        { name: '2001:db8::1', port: 8443 },
        { name: 'h3', port: 8443 },
      ],
      user: 'me',
      password: 'p@ss/w:rd',
      database: 'net',
      isSecure: true,
      authorities: '/etc/ca.pem',
      cluster: 'fleet',
      isReplicated: true,
      shard: '02',
      compress: 'gzip',
      isPartial: true,
      everyMs: 30_000,
      window: 5000,
      text:
        'clickhouse://me@h1:9443,[2001:db8::1]:8443,h3:8443/net?secure&cluster=fleet&replicated=1&shard=02' +
        '&compress=gzip&partial&every=30&window=5000&ca=%2Fetc%2Fca.pem',
    });
  });

  it('takes clickhouses:// for TLS', () => {
    const place = parse('clickhouses://me:x@db/net');
    expect(place).toMatchObject({ isSecure: true, hosts: [{ name: 'db', port: 8443 }] });
    expect(place.text).toBe('clickhouses://me@db:8443/net');
  });

  it('takes the password from the environment where the URL has none', () => {
    expect(parse('clickhouse://me@db', { CLICKHOUSE_PASSWORD: 'x' }).password).toBe('x');
    expect(parse('clickhouse://me:y@db', { CLICKHOUSE_PASSWORD: 'x' }).password).toBe('y');
    expect(parse('clickhouse://me:@db', { CLICKHOUSE_PASSWORD: 'x' }).password).toBe('');
  });

  it.each([
    ['clickhouse://', 'not made of'],
    ['http://db', 'not made of'],
    ['clickhouse://h1,h2/db', 'cluster=name'],
    ['clickhouse://h1/db?replicated', 'replicated needs'],
    ['clickhouse://h1/db?shard=1', 'shard needs'],
    ['clickhouse://h1/db?color=red', "unknown option 'color'"],
    ['clickhouse://h1/db?every=0', 'every is from 1'],
    ['clickhouse://h1/db?compress=lz4', 'compress=lz4'],
    ['clickhouse://h1/db?secure=maybe', 'secure=maybe'],
    ['clickhouse://h1/d b', 'database is a name'],
    ['clickhouse://h1/a`b', 'database is a name'],
    ['clickhouse://h1:70000/db', 'no port'],
    ['clickhouse://h 1/db', 'not written as name:port'],
    ['clickhouse://h1/db?cluster=a%27b', 'cluster is a name'],
    ['clickhouse://u:%zz@h1/db', 'the password has a %'],
  ])('refuses %s', (url, words) => {
    const failure = failureOf(url);
    expect(failure.code).toBe('BAD_OPTION');
    expect(failure.message).toContain(words);
  });

  it('never tells the password, right or wrong', () => {
    const secret = 'hunter2';
    expect(parse(`clickhouse://me:${secret}@db`).text).not.toContain(secret);
    for (const rest of ['db/x y', 'db?color=red', 'h1,h2', 'h:99999', 'h/db#x', 'h@h', 'h:x']) {
      const { message, hint } = failureOf(`clickhouse://me:${secret}@${rest}`);
      expect(`${message} ${hint}`).not.toContain(secret);
    }
    expect(failureOf(`clickhouse://me:${secret}`).message).not.toContain(secret);
  });

  it('reads any user and password back', () => {
    const word = fc.string({ unit: 'grapheme' }).filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(word, word, (any, password) => {
        const user = any.replaceAll(':', '');
        const url = `clickhouse://${encodeURIComponent(user)}:${encodeURIComponent(password)}@h/db`;
        expect(parse(url)).toMatchObject({ user, password });
      }),
      { seed: 5 },
    );
  });

  it('names hosts as URLs do', () => {
    expect(hostName({ name: '::1', port: 1 })).toBe('[::1]:1');
    expect(hostName({ name: 'db', port: 8123 })).toBe('db:8123');
  });
});
