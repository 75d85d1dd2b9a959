// Proves that filters of the server are those of the language: checked at the word, completed where they stand, and matched
// against live rows as against stored ones, events of the same flow included.

import { describe, expect, it } from 'vitest';
import { batchOfRows, flows } from '../../../output/store/index.ts';
import { dnsLike, withDns } from '../golden/event-tables.ts';
import { rowOf } from '../golden/fake-parts.ts';
import { liveTables } from '../live/live-tables.ts';
import { filterLanguage } from './filter-language.ts';

const tables = withDns;
const live = liveTables(tables);
const language = filterLanguage(tables, live);
live.add(
  batchOfRows(flows, [
    rowOf(flows, { run: 1, flow_id: 1, src_ip: '10.0.0.5', dst_ip: '1.1.1.1', dst_port: 53, app: 'dns' }),
    rowOf(flows, {
      run: 1,
      flow_id: 2,
      src_ip: '10.0.0.6',
      dst_ip: '2001:db8::1',
      dst_port: 443,
      app: 'tls',
      rtt_us: 20,
    }),
  ]),
);
live.add(batchOfRows(dnsLike, [rowOf(dnsLike, { run: 1, flow_id: 1, query: 'github.com' })]));

const found = (filter: string): unknown[] => {
  const table = live.find('flows');
  return (
    table?.window(filter, language.matcher(filter, flows), { from: 0, count: 9, columns: ['flow_id'] }).rows.flat() ??
    []
  );
};

describe('filters of live rows', () => {
  it.each([
    ['port:443', [2]],
    ['ip.addr == 10.0.0.0/24', [2, 1]],
    ['ip.src == 10.0.0.5', [1]],
    ['dst:2001:db8::1', [2]],
    ['app == "dns" or rtt > 10us', [2, 1]],
    ['dns.qry.name contains "git"', [1]],
    ['not dns.qry.name contains "git"', [2]],
  ])('%s', (filter, flowIds) => expect(found(filter)).toEqual(flowIds));
});

describe('checking', () => {
  it('says which word is wrong', () => {
    language.check('ip.src == 10.0.0.5', flows);
    expect(() => language.check('port:443 nope == 1', flows)).toThrow(
      expect.objectContaining({ code: 'BAD_FILTER', range: { at: 9, length: 4 } }),
    );
  });
});

describe('completing', () => {
  const words = (text: string, at = text.length) => language.complete(text, at, flows).map((each) => each.text);

  it('offers fields, comparisons and what joins, each in its place', () => {
    expect(words('ip.s')).toContain('ip.src');
    expect(words('dns.q')).toContain('dns.qry.name');
    expect(words('ip.src ')).toContain('==');
    expect(words('ip.src == 10.0.0.1 ')).toContain('and');
    expect(words('app == "dns" and ap')).toContain('app');
    expect(words('(ap')).toContain('app');
  });

  it('says what its words are put in place of, and gives words that are understood', () => {
    const [first] = language.complete('ip.sr == 10.0.0.1', 4, flows);
    expect(first).toMatchObject({ text: 'ip.src', from: 0, to: 5 });
    for (const name of words('').slice(0, 30)) expect(() => language.check(name, flows), name).not.toThrow();
  });
});
