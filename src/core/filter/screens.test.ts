// Proves that filters being written are coloured, marked where they are wrong, and completed.
import { describe, expect, it } from 'vitest';
import { storeTables } from '../../output/store/index.ts';
import { filterFields } from '../../output/store/sql/index.ts';
import { text } from '../field.ts';
import { completeFilter } from './complete.ts';
import { examineFilter } from './examine.ts';

const tables = storeTables([
  { name: 'dns', title: 'DNS', fields: { query: text('Name', { filter: 'dns.qry.name' }) } },
]);
const fields = filterFields(tables[0], tables);

/** Parts with their colours, as `kind:text`. */
function coloured(filter: string): string[] {
  return examineFilter(filter, fields).marks.map(({ kind, at, length }) => `${kind}:${filter.slice(at, at + length)}`);
}

describe('examineFilter', () => {
  it.each<[filter: string, wanted: string]>([
    ['', ''],
    ['ip.addr == 10.0.0.0/8', 'field:ip.addr operator:== value:10.0.0.0/8'],
    ['-port:80,443 or github', 'logic:- field:port operator:: value:80 bracket:, value:443 logic:or bare:github'],
    ['!(tcp and rtt > 5ms)', 'logic:! bracket:( field:tcp logic:and field:rtt operator:> value:5ms bracket:)'],
    ['port in {80 90..99}', 'field:port operator:in bracket:{ value:80 value:90 operator:.. value:99 bracket:}'],
    ['tcp and prt == 1', 'field:tcp logic:and field:prt operator:== value:1 wrong:prt'],
    ['tcp and', 'field:tcp logic:and wrong:d'],
    ['port == "a"', 'field:port operator:== value:"a" wrong:"a"'],
  ])('%s', (filter, wanted) => expect(coloured(filter).join(' ')).toBe(wanted));

  it('gives what can be matched, or what is wrong', () => {
    expect(examineFilter('tcp', fields)).toMatchObject({ bound: { is: 'test' }, failure: null });
    expect(examineFilter('prt == 1', fields)).toMatchObject({ bound: null, failure: { range: { at: 0, length: 3 } } });
  });
});

describe('completeFilter', () => {
  const known = (_: unknown, beginning: string): string[] =>
    ['github.com', 'two words'].filter((each) => each.startsWith(beginning));

  /** Proposals for the end of a text, each with what it makes of it. */
  function completed(filter: string): string[] {
    const { at, length, proposals } = completeFilter(filter, filter.length, fields, known);
    return proposals.map((each) => filter.slice(0, at) + each.text + filter.slice(at + length));
  }

  it.each<[filter: string, first: string]>([
    ['', 'ip.addr'],
    ['tcp.p', 'tcp.port'],
    ['tcp and sta', 'tcp and state'],
    ['-dns.q', '-dns.qry.name'],
    ['qry', 'dns.qry.name'],
    ['port ', 'port =='],
    ['port i', 'port in'],
    ['proto == t', 'proto == tcp'],
    ['direction:o', 'direction:out'],
    ['state:open,cl', 'state:open,closed'],
    ['direction:in,', 'direction:in,out'],
    ['alerted == ', 'alerted == true'],
    ['app:gi', 'app:github.com'],
    ['app == two', 'app == "two words"'],
    ['app in {a gi', 'app in {a github.com'],
    ['tcp ', 'tcp and'],
    ['port == 80 o', 'port == 80 or'],
    ['(port == 80) ', '(port == 80) and'],
  ])('%s → %s', (filter, first) => expect(completed(filter)).toContain(first));

  it('proposes what contains only for text', () => {
    expect(completed('port con')).toEqual([]);
    expect(completed('host con')).toEqual(['host contains']);
  });

  it('proposes what comes at the cursor, not at the end', () => {
    const { at, length, proposals } = completeFilter('tcp.por and udp', 7, fields);
    expect([at, length, proposals[0].text]).toEqual([0, 7, 'tcp.port']);
  });
});
