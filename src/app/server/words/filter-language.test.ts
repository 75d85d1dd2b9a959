// Proves that filters of the server are those of the language: checked at the word, completed where they stand, and matched
// against live rows as against stored ones, events of the same flow included.

import { describe, expect, it } from 'vitest';
import { batchOfRows, flows } from '../../../output/store/index.ts';
import { liveTables } from '../../scenes/index.ts';
import { dnsLike, withDns } from '../golden/event-tables.ts';
import { rowOf } from '../golden/fake-parts.ts';
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

describe('filters that are typed', () => {
  it('are examined: colours, and the word that is wrong', () => {
    expect(language.examine('ip.src == 10.0.0.5', flows)).toMatchObject({
      failure: null,
      marks: [{ kind: 'field' }, { kind: 'operator' }, { kind: 'value' }],
    });
    const { failure } = language.examine('port:443 nope == 1', flows);
    expect(failure).toMatchObject({ code: 'BAD_FILTER', range: { at: 9, length: 4 } });
  });

  it('are completed with fields of the table and of the events of its flows', () => {
    const words = (text: string) => language.complete(text, text.length, flows).proposals.map((each) => each.text);
    expect(words('ip.s')).toContain('ip.src');
    expect(words('dns.q')).toContain('dns.qry.name');
    expect(words('ip.src ')).toContain('==');
  });
});
