// Proves what filters become in the SQL of both engines: columns and signs of the program, values as parameters.
import { describe, expect, it } from 'vitest';
import { type FactKind, Failure, number, text, texts } from '../../../core/index.ts';
import type { Dialect, Param } from '../store.ts';
import { storeTables, type Table } from '../tables/index.ts';
import { filterFields, filterSql } from './index.ts';

const kinds: FactKind[] = [
  { name: 'dns', title: 'DNS', fields: { query: text('Name', { filter: 'dns.qry.name' }), answers: texts('Answers') } },
  { name: 'mqtt-connect', title: 'MQTT', fields: { clientId: text('Client'), version: number('Version') } },
];
const tables = storeTables(kinds);
const table = (name: string): Table => tables.find((each) => each.name === name)!;

/** SQL with its parameters in their places. */
function sqlOf(filter: string, name = 'flows', dialect: Dialect = 'duckdb'): string {
  const params: Param[] = [];
  const sql = filterSql(filter, table(name), tables, dialect, params);
  const shown = ({ kind, value }: Param): string =>
    `<${kind} ${value instanceof Uint8Array ? Buffer.from(value).toString('hex') : JSON.stringify(value)}>`;
  return sql.replace(/\$(\d+)/g, (_, place) => shown(params[Number(place) - 1]));
}

function failureOf(filter: string, name = 'flows'): string {
  try {
    sqlOf(filter, name);
  } catch (failure) {
    if (!(failure instanceof Failure) || failure.code !== 'BAD_FILTER') throw failure;
    const { at, length } = failure.range!;
    return `${filter.slice(at, at + length)} | ${failure.message}`;
  }
  return 'no failure';
}

const mapped = (hex: string): string => `<address "00000000000000000000ffff${hex}">`.replaceAll('"', '');

describe('filterSql', () => {
  it.each<[filter: string, sql: string]>(
    [
      ['', 'true'],
      ['ip.src == 10.0.0.5', `"src_ip" = ${mapped('0a000005')}`],
      [
        'ip.addr == 10.0.0.0/9',
        `(("src_ip" BETWEEN ${mapped('0a000000')} AND ${mapped('0a7fffff')}) OR ("dst_ip" BETWEEN ${mapped('0a000000')} AND ${mapped('0a7fffff')}))`,
      ],
      ['tcp.dstport == https or dstport == 443', ''],
      ['dstport > 0x1ff', '"dst_port" >= <u16 512>'],
      ['dstport == 70000', 'false'],
      ['dstport < 70000', '"dst_port" <= <u16 65535>'],
      ['tcp', '"proto" = <u8 6>'],
      ['udp.dstport:53', '("proto" = <u8 17> AND "dst_port" = <u16 53>)'],
      ['rtt >= 1.5ms', '("rtt_us" IS NOT NULL AND "rtt_us" >= <u32 1500>)'],
      ['vlan', '("vlan" IS NOT NULL AND "vlan" <> 0)'],
      ['bytes > 1kB', '("bytes_fwd" + "bytes_rev") >= <u64 1001>'],
      ['app == DNS', '"app" = <text "dns">'],
      ['service == GitHub', 'lower("service") = <text "github">'],
      ['host.name contains "Git%"', 'contains("host", <text "git%">)'],
      ['host.name == ""', `(NOT "host" <> '')`],
      ['host.name < "b"', `("host" <> '' AND "host" < <text "b">)`],
      ['host.name matches "a$"', `("host" <> '' AND regexp_matches("host", <text "[Aa]\\\\z">))`],
      ['direction:out,in', '("direction" = <u8 1> OR "direction" = <u8 2>)'],
      ['a xor alerted', ''],
      ['dns.qry.name == x', '(("run", "flow_id") IN (SELECT "run", "flow_id" FROM "dns" WHERE "query" = <text "x">))'],
      [
        'mqtt-connect.clientId',
        `(("run", "flow_id") IN (SELECT "run", "flow_id" FROM "mqtt_connect" WHERE "client_id" <> ''))`,
      ],
      [
        'mqtt-connect',
        '("app" = <word "mqtt-connect"> OR (("run", "flow_id") IN (SELECT "run", "flow_id" FROM "mqtt_connect" WHERE true)))',
      ],
    ].filter(([, sql]) => sql !== '') as [string, string][],
  )('%s of flows', (filter, sql) => {
    expect(sqlOf(filter)).toBe(sql.replace('<word "mqtt', '<text "mqtt'));
  });

  it('writes what ClickHouse has other words for', () => {
    const of = (filter: string, name = 'flows'): string => sqlOf(filter, name, 'clickhouse');
    expect(of('host.name contains "a_b"')).toBe('"host" LIKE <text "%a\\\\_b%">');
    expect(of('service contains "Git"')).toBe('lower("service") LIKE <text "%git%">');
    expect(of('service contains "Ü"')).toBe('(positionCaseInsensitiveUTF8("service", <text "ü">) > 0)');
    expect(of('service == "Ü"')).toBe('lowerUTF8("service") = <text "ü">');
    expect(of('answers contains x', 'dns')).toBe('arrayExists(item__ -> lower(item__) LIKE <text "%x%">, "answers")');
    expect(of('answers == x', 'dns')).toBe('has("answers", <text "x">)');
    expect(of('dns')).toContain('("run", "flow_id") GLOBAL IN (SELECT');
  });

  it('asks the flow of an event, and other events of the same flow', () => {
    expect(sqlOf('bytes > 1 and client_id == x', 'dns')).toBe(
      '((("run", "flow_id") IN (SELECT "run", "flow_id" FROM "flows" WHERE ("bytes_fwd" + "bytes_rev") >= <u64 2>)) AND ' +
        '(("run", "flow_id") IN (SELECT "run", "flow_id" FROM "mqtt_connect" WHERE "client_id" = <text "x">)))',
    );
  });

  it('asks alerts for addresses in their lists, and for severities in their order', () => {
    expect(sqlOf('severity >= high ip.src == 10.0.0.5', 'alerts')).toBe(
      '("severity_rank" >= <u8 3> AND list_contains("sources", <text "10.0.0.5">))',
    );
  });

  it.each<[filter: string, name: string, failure: string]>([
    ['tcp.prt == 5', 'flows', 'tcp.prt | there is no field `tcp.prt`; did you mean `tcp.port`?'],
    ['x and prot:tcp', 'flows', 'prot | there is no field `prot`; did you mean `proto`?'],
    ['constructor == 1', 'flows', 'constructor | there is no field `constructor`'],
    [
      'port == constructor',
      'flows',
      'constructor | `constructor` is no value of `port`: expected a number such as 443',
    ],
    [
      'proto == tpc',
      'flows',
      'tpc | `tpc` is no value of `proto`: expected a number or a name such as `tcp`; did you mean `tcp`?',
    ],
    [
      'direction:ot',
      'flows',
      'ot | `ot` is no value of `direction`: expected one of inside, out, in, outside; did you mean `out`?',
    ],
    [
      'ip.addr == foo',
      'flows',
      'foo | `foo` is no value of `ip.addr`: expected an address such as 10.0.0.5 or a network such as 10.0.0.0/8',
    ],
    ['rtt > 5MB', 'flows', '5MB | `5MB` is no value of `rtt`: expected a duration such as 10ms, or a number of us'],
    ['bytes contains 5', 'flows', '5 | `bytes` is not text: `contains` cannot be asked of it'],
    ['dns == 1', 'flows', '1 | `dns` is a protocol and has no value: it stands alone, or write `app == dns`'],
    ['name ~ "a(b"', 'flows', '( | the pattern cannot be used: `(` is not closed'],
    ['dns.qry.name == x', 'alerts', 'dns.qry.name | `dns.qry.name` is not known of alerts'],
    [
      'ip.addr == 2001:db8::/32',
      'alerts',
      '2001:db8::/32 | only `==` with an address or an IPv4 network can be asked of `ip.addr` here',
    ],
    [
      'community_id == x',
      'flows',
      'x | `x` is no value of `community_id`: expected a Community ID such as "1:LQU9qZlK+B5F3KDmev6m5PMibrg="',
    ],
    [
      'start > yesterday',
      'flows',
      'yesterday | `yesterday` is no value of `start`: expected a time such as "2026-11-22 10:00"',
    ],
  ])('%s of %s fails', (filter, name, failure) => expect(failureOf(filter, name)).toBe(failure));

  it('puts nothing that users write into the SQL', () => {
    const evil = `x'); DROP TABLE flows; --`;
    for (const name of ['flows', 'dns', 'alerts']) {
      const params: Param[] = [];
      const field = name === 'dns' ? 'query' : name === 'alerts' ? 'targets' : 'service';
      const filter = `"${evil}" ${field} == "${evil}" ${field} contains "${evil}" ${field} in {"${evil}"} ${field}:"${evil}"`;
      expect(filterSql(filter, table(name), tables, 'duckdb', params)).not.toContain('DROP');
      expect(params.length).toBeGreaterThan(4);
    }
  });

  it('knows every declared column under its names', () => {
    for (const each of tables) {
      const fields = filterFields(each, tables);
      for (const column of each.columns) {
        for (const name of [...(column.filters ?? []), column.name, `${each.name}.${column.name}`]) {
          expect(fields.find(name.toLowerCase()), `${name} of ${each.name}`).toBeDefined();
        }
      }
    }
  });
});
