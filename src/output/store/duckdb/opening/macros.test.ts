// Proves that the functions for people read and write addresses as the program itself does.

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatIpv4, formatIpv6, parseAddress } from '../../../../core/index.ts';
import type { Value } from '../../index.ts';
import { type DuckdbStore, openDuckdb } from '../index.ts';

let store: DuckdbStore;
beforeAll(async () => {
  store = await openDuckdb({ folder: ':memory:', tables: [] });
});
afterAll(() => store.close());

async function ask(sql: string, ...texts: string[]): Promise<readonly Value[]> {
  const params = texts.map((value) => ({ kind: 'text', value }) as const);
  return (await store.select({ sql, params })).rows[0];
}

/** As the program writes it. */
function plain(text: string): string {
  const address = parseAddress(text);
  if (address === null) throw new Error(text);
  const [a, b, c, d] = address.words;
  if (address.ipVersion === 4) return formatIpv4(a);
  return a === 0 && b === 0 && c === 0xffff ? formatIpv4(d) : formatIpv6(a, b, c, d);
}

describe('ip and ip_text', () => {
  it('agree with the program on all kinds of addresses', async () => {
    const texts = ['::', '::1', '1::', '2001:DB8::1', '::ffff:1.2.3.4', '64:ff9b::192.0.2.33', '0.0.0.0', '1:0:0:2::3'];
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => void texts.push(text)),
      { numRuns: 300 },
    );
    const fit = texts.filter((text) => parseAddress(text) !== null);
    const sql = 'SELECT list_transform($1, lambda t: ip_text(ip(t)))';
    const { rows } = await store.select({ sql, params: [{ kind: 'texts', value: fit }] });
    expect(fit.length).toBeGreaterThan(200);
    expect(rows[0][0]).toEqual(fit.map(plain));
  });

  it.each(['', '1.2.3', '1.2.3.256', '1:2', 'g::', '1:2:3:4:5:6:7:8:9', 'localhost', '12345::'])(
    'refuse %s',
    async (text) => {
      await expect(ask('SELECT ip($1)', text)).rejects.toMatchObject({ code: 'BAD_QUERY' });
    },
  );
});

describe('networks', () => {
  it.each([
    ['10.1.2.3/8', '10.0.0.0', '10.255.255.255'],
    ['192.0.2.7', '192.0.2.7', '192.0.2.7'],
    ['0.0.0.0/0', '0.0.0.0', '255.255.255.255'],
    ['2001:db8:8000::/33', '2001:db8:8000::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['fe80::1/128', 'fe80::1', 'fe80::1'],
  ])('%s goes from %s to %s', async (net, low, high) => {
    expect(await ask('SELECT ip_text(net_lo($1)), ip_text(net_hi($1))', net)).toEqual([low, high]);
    expect(await ask('SELECT in_net(ip($1), $2), in_net(ip($3), $2)', low, net, high)).toEqual([true, true]);
  });

  it('leave out what is beside them', async () => {
    const sql = "SELECT in_net(ip('11.0.0.0'), '10.0.0.0/8'), in_net(ip('9.255.255.255'), '10.0.0.0/8')";
    expect(await ask(sql)).toEqual([false, false]);
    expect(await ask("SELECT in_net(ip('::a00:1'), '10.0.0.0/8')")).toEqual([false]);
  });
});
