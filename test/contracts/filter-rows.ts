// Rows to try filters on: flows with events and alerts, with everything that makes comparing hard.

import {
  type FactKind,
  flag,
  number,
  numbers,
  parseAddress,
  type RowAccess,
  type RowValue,
  text,
  texts,
} from '../../src/core/index.ts';
import {
  type Batch,
  BatchBuilder,
  type Column,
  type FixedColumn,
  storeTables,
  type Table,
} from '../../src/output/store/index.ts';

const kinds: readonly FactKind[] = [
  {
    name: 'dns',
    title: 'DNS',
    fields: {
      query: text('Name asked for', { filter: 'dns.qry.name' }),
      rcode: number('Code', { filter: 'dns.flags.rcode' }),
      answers: texts('Answers', { filter: 'dns.a' }),
      ttls: numbers('TTLs', { unit: 'sec' }),
      isAuthoritative: flag('Authoritative'),
    },
  },
  {
    name: 'tls',
    title: 'TLS',
    fields: {
      sni: text('Server name', { filter: 'tls.handshake.extensions_server_name' }),
      version: text('Version'),
      clientAlpns: texts('Protocols offered'),
      durationUs: number('Handshake', { unit: 'us' }),
    },
  },
  {
    name: 'mqtt-connect',
    title: 'MQTT CONNECT',
    fields: { clientId: text('Client'), keepAliveSec: number('Keep alive', { unit: 'sec' }) },
  },
];

export const tables = storeTables(kinds);
export const asked = ['flows', 'dns', 'tls', 'mqtt_connect', 'alerts'] as const;
export type Asked = (typeof asked)[number];

export type Row = Readonly<Record<string, RowValue>>;
export type Rows = Readonly<Record<Asked, readonly Row[]>>;

/** Columns that tell rows of a table apart. */
export const keys: Readonly<Record<Asked, readonly string[]>> = {
  flows: ['flow_id', 'part'],
  dns: ['src_port'],
  tls: ['src_port'],
  mqtt_connect: ['src_port'],
  alerts: ['alert_id'],
};

/** Text that is part of one another, in several cases and alphabets, with what SQL and regular expressions hold for signs. */
export const textPool = [
  ...['github.com', 'GitHub.com', 'api.github.com', 'git', 'example.org', 'EXAMPLE.org', 'www.example.org', 'mail'],
  ...[
    '100%',
    '50%_off',
    'a_b',
    'axb',
    "o'brien",
    'back\\slash',
    'say "x"',
    '(paren)',
    'a.b',
    'line\nfeed',
    'tab\there',
  ],
  ...[
    'münchen.de',
    'MÜNCHEN.de',
    'straße',
    'пример.рф',
    'ПРИМЕР',
    '例え.jp',
    'été',
    '😀 smile',
    '😀',
    'ﬀ',
    '￿',
    'ÿ',
    'z',
  ],
];
export const addressPool = [
  ...[
    '10.0.0.1',
    '10.0.0.5',
    '10.1.2.3',
    '10.255.255.255',
    '192.168.1.1',
    '192.168.1.77',
    '8.8.8.8',
    '255.255.255.255',
  ],
  ...['2001:db8::1', '2001:db8::ff', '2001:db8:1::1', 'fe80::1', '::1', '::', '0.0.0.0'],
];
export const portPool = [0, 22, 53, 80, 443, 8000, 8050, 8100, 65535];
export const appPool = ['', 'dns', 'mdns', 'tls', 'mqtt-connect', 'http'];
export const macPool = ['', '00:1a:2b:3c:4d:5e', 'ff:ff:ff:ff:ff:ff'];
export const statePool = ['', 'established', 'closed', 'syn_sent', 'time_wait'];
export const detectorPool = ['scan.vertical', 'scan.horizontal', 'logins.guessing'];
export const firstUs = Date.UTC(2026, 10, 22, 10) * 1000;

/** The same numbers for the same seed (mulberry32). */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
  };
}

/** Rows of all asked tables; about a third of what may be missing is. */
export function makeRows(seed: number): Rows {
  const roll = dice(seed);
  const pick = <T>(pool: readonly T[]): T => pool[roll(pool.length)];
  const maybe = <T>(value: T, none: T): T => (roll(3) === 0 ? none : value);
  const anyValue = (column: Column): RowValue => {
    switch (column.kind) {
      case 'address':
        return pick(addressPool);
      case 'time':
        return firstUs + roll(20) * 60e6 + roll(2);
      case 'hash':
        return pick(['0000000000000000', '2d053da9994af81e', 'ffffffffffffffff']);
      case 'flag':
        return column.nullable === true ? maybe<boolean | null>(roll(2) === 0, null) : roll(2) === 0;
      case 'real':
        return column.nullable === true ? maybe<number | null>(roll(12) / 4, null) : roll(12) / 4;
      case 'texts':
        return Array.from({ length: roll(3) }, () => pick([...textPool, ...addressPool]));
      case 'reals':
        return Array.from({ length: roll(3) }, () => roll(12) / 4);
      case 'json':
        return maybe('{"a":1}', '');
      case 'text':
      case 'word':
        return maybe(pick(textPool), '');
      default:
        return column.nullable === true ? maybe<number | null>(roll(5) * 50, null) : roll(5) * 50;
    }
  };
  const filled = (table: Table, known: Row): Row =>
    Object.fromEntries(
      table.columns.map((column) => {
        const value = known[column.name] ?? anyValue(column);
        return [column.name, column.isLowerCase === true ? String(value).toLowerCase() : value];
      }),
    );
  const tableOf = (name: string): Table => tables.find((each) => each.name === name)!;
  const place = (): Row => ({
    run: 1 + roll(2),
    sensor: pick(['alpha', 'Beta']),
    src_port: pick(portPool),
    dst_port: pick(portPool),
    proto: pick([1, 6, 6, 6, 17, 17, 58]),
  });
  const list = (count: number, make: (i: number) => Row): readonly Row[] =>
    Array.from({ length: count }, (_, i) => make(i));
  return {
    flows: list(120, (i) =>
      filled(tableOf('flows'), {
        ...place(),
        flow_id: 1 + (i % 100),
        part: Math.floor(i / 100),
        direction: roll(4),
        app: pick(appPool),
        state: pick(statePool),
        src_mac: pick(macPool),
        dst_mac: pick(macPool),
        bytes_fwd: pick([0, 60, 1000, 1500, 2e6, Number.MAX_SAFE_INTEGER - 1e7]),
        rtt_us: pick([null, 0, 900, 1000, 10_000, 4_000_000_000]) ?? maybe<number | null>(5, null),
      }),
    ),
    dns: list(90, (i) => filled(tableOf('dns'), { ...place(), src_port: i + 1, flow_id: 1 + roll(110) })),
    tls: list(70, (i) => filled(tableOf('tls'), { ...place(), src_port: i + 1, flow_id: 1 + roll(110) })),
    mqtt_connect: list(30, (i) =>
      filled(tableOf('mqtt_connect'), { ...place(), src_port: i + 1, flow_id: 1 + roll(110) }),
    ),
    alerts: list(60, (i) => {
      const rank = roll(6);
      return filled(tableOf('alerts'), {
        alert_id: `alert${i}`,
        version: 1,
        severity_rank: rank,
        severity: ['info', 'low', 'medium', 'high', 'severe', 'critical'][rank],
        state: pick(['open', 'closed']),
        detector: pick(detectorPool),
        sources: Array.from({ length: roll(3) }, () => pick(addressPool)),
      });
    }),
  };
}

/** Reads rows as `matchFilter` wants it. */
export function accessOf(rows: Rows): RowAccess<Row> {
  const byFlow = new Map<string, Row[]>();
  for (const [table, list] of Object.entries(rows)) {
    for (const row of list) {
      const key = `${table} ${row.run} ${row.flow_id}`;
      byFlow.set(key, [...(byFlow.get(key) ?? []), row]);
    }
  }
  return {
    value: (row, column) => row[column],
    related: (row, table) => byFlow.get(`${table} ${row.run} ${row.flow_id}`) ?? [],
  };
}

/** Rows as a store takes them. */
export function batchOf(table: Table, rows: readonly Row[]): Batch {
  const builder = new BatchBuilder(table, rows.length);
  for (const row of rows) {
    for (const column of table.columns) setValue(builder, column, row[column.name]);
    builder.endRow();
  }
  return builder.take();
}

function setValue(builder: BatchBuilder, { name, kind }: Column, value: RowValue): void {
  const { row } = builder;
  if (kind === 'text' || kind === 'json') builder.text(name).set(String(value));
  else if (kind === 'word') builder.word(name).set(row, String(value));
  else if (kind === 'texts') for (const each of value as string[]) builder.list(name).addText(each);
  else if (kind === 'reals') for (const each of value as number[]) builder.list(name).addReal(each);
  else if (value !== null && value !== undefined) setFixed(builder.fixed(name), row, kind, value as number);
}

function setFixed(column: FixedColumn, row: number, kind: Column['kind'], value: number | string | boolean): void {
  if (kind === 'address') {
    const { ipVersion, words } = parseAddress(String(value))!;
    column.setAddress(row, ipVersion, ...words);
  } else if (kind === 'hash') {
    const [high, low] = [String(value).slice(0, 8), String(value).slice(8)].map((half) => Number.parseInt(half, 16));
    column.setHash(row, high, low);
  } else if (kind === 'flag' || kind === 'u8') column.setU8(row, Number(value));
  else if (kind === 'u16') column.setU16(row, Number(value));
  else if (kind === 'u32') column.setU32(row, Number(value));
  else if (kind === 'real') column.setReal(row, Number(value));
  else column.setU64(row, Number(value));
}
