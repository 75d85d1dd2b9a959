// Proves that a redacted report holds no address and no name of the capture, and stays consistent.
import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ReportData } from '../../../../../screens/api/index.ts';
import { isCommon, otherAddress, otherMac, plainAddress } from './addresses.ts';
import { left, redacted, redactedBy, secretsOf } from './redact.ts';
import { Redactor } from './words.ts';

const key = Buffer.alloc(32, 7);
const v4 = fc.ipV4();
const bitsOf = (ip: string): string =>
  ip
    .split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('');
const common = (a: string, b: string): number => {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
};

test('the same beginning stays the same beginning, within one kind', () => {
  const inside = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => `10.${parts.join('.')}`);
  fc.assert(
    fc.property(inside, inside, (a, b) => {
      const [x, y] = [otherAddress(a, key), otherAddress(b, key)];
      expect(x.startsWith('10.')).toBe(true);
      expect(common(bitsOf(x), bitsOf(y))).toBe(common(bitsOf(a), bitsOf(b)));
    }),
  );
});

test('private stays private, public stays public, well-known stays itself', () => {
  const isPrivate = (ip: string): boolean =>
    /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/.test(ip);
  fc.assert(
    fc.property(v4, (ip) => {
      const other = otherAddress(ip, key);
      expect(isIP(other)).toBe(4);
      if (isCommon(ip)) expect(other).toBe(ip);
      else expect([isPrivate(other), isCommon(other)]).toEqual([isPrivate(ip), false]);
    }),
  );
  for (const ip of ['127.0.0.1', '224.0.0.251', '::1', 'ff02::fb']) expect(otherAddress(ip, key)).toBe(ip);
});

test('IPv6 is another address of the same kind, however it is written', () => {
  fc.assert(
    fc.property(fc.ipV6(), (ip) => {
      const plain = plainAddress(ip.toLowerCase());
      expect(isIP(plain)).toBe(6);
      expect(plainAddress(plain)).toBe(plain);
      expect(isIP(otherAddress(plain, key))).toBe(6);
    }),
  );
  expect(otherAddress('fe80::1', key)).toMatch(/^fe80::/);
  expect(otherAddress('fd12:3456::1', key)).toMatch(/^fd/);
  expect(plainAddress('2001:0db8:0:0:0:0:0:1')).toBe('2001:db8::1');
  expect(otherAddress('::ffff:10.1.2.3', key)).toBe(`::ffff:${otherAddress('10.1.2.3', key)}`);
});

test('a MAC address keeps its kind', () => {
  expect(otherMac('ff:ff:ff:ff:ff:ff', key)).toBe('ff:ff:ff:ff:ff:ff');
  expect(Number.parseInt(otherMac('33:33:ff:12:34:56', key).slice(0, 2), 16) & 3).toBe(3);
  expect(otherMac('00:1B:21:12:34:56', key)).not.toContain('12:34:56');
});

test('sentences lose addresses, names by their looks, names that are known, and what is in quotes', () => {
  const redactor = new Redactor(key, ['scan.ports', 'DNS']);
  redactor.learn('printer');
  redactor.learn('Anna Example');
  const text = redactor.sentence(
    'printer (10.0.0.5, 00:1b:21:12:34:56) asked 2001:db8::7: for "secret" and x.evil.test; Anna Example got http://a.b/c by scan.ports over DNS, 1.5 s.',
  );
  for (const gone of ['printer', '10.0.0.5', '00:1b', '2001:db8::7', 'secret', 'evil', 'Anna', 'a.b']) {
    expect(text).not.toContain(gone);
  }
  for (const stays of ['scan.ports', 'DNS', '1.5 s', 'asked', 'for']) expect(text).toContain(stays);
  expect(redactor.sentence('printer')).toBe(redactor.name('PRINTER'));
  const filter = redactor.sentence('ip.addr == 10.0.0.5 && dns.qry.name contains "evil.test" && tcp.port == 443');
  expect(filter).toMatch(/^ip\.addr == 10\.[\d.]+ && dns\.qry\.name contains "name-\d+\.example" && tcp\.port == 443$/);
});

const label = fc.stringMatching(/^[a-z][a-z0-9-]{2,10}$/);
const hostName = fc.tuple(label, label).map(([a, b]) => `${a}.${b}.test`);

function report(ips: readonly string[], names: readonly string[]): ReportData {
  const columns = [
    { name: 'src_ip', kind: 'address' },
    { name: 'host', kind: 'text' },
    { name: 'uri', kind: 'text' },
    { name: 'explain', kind: 'text' },
    { name: 'details', kind: 'json' },
    { name: 'sources', kind: 'texts' },
    { name: 'app', kind: 'word' },
    { name: 'community', kind: 'hash' },
  ];
  const rows = ips.map((ip, i) => {
    const name = names[i % names.length];
    const words = `${ip} asked ${name} (${name.toUpperCase()}) 40 times, ${ip}:443 → [${ip}].`;
    return [
      ip,
      name,
      `/${name}/index?q=${ip}`,
      words,
      JSON.stringify({ ip, name }),
      [ip, name],
      'tls',
      '0123456789abcdef',
    ];
  });
  const snapshot = {
    names: Object.fromEntries(ips.map((ip, i) => [ip, names[i % names.length]])),
    apps: { tls: { packets: 1, bytes: 1, flows: 1 } },
    problems: {},
    problemSamples: {},
    events: {},
    link: {},
    ip: {},
    talkers: ips.map((ip) => ({ ip, packets: 1, bytes: 1, packetsReceived: 0, bytesReceived: 0 })),
    detection: null,
    alerts: ips.map((ip, i) => ({
      id: 'abcdefabcdef',
      key: `${ip} → ${names[i % names.length]}`,
      sources: [ip],
      explain: `${ip} spoke with ${names[i % names.length]}`,
      filter: `ip.addr == ${ip}`,
      flows: ['1:LQU9qZlK+B5F3KDmev6m5PMibrg='],
      severity: 'high',
      detector: 'scan.ports',
      title: 'Port scan',
    })),
    health: { paths: ips.map((ip) => ({ name: `${ip}/24 → ${ip}` })) },
  };
  return {
    title: names[0],
    about: { id: 'main', kind: 'file', names: [`/home/${names[0]}.pcap`], isLive: false, can: {} },
    protocols: [],
    snapshot,
    series: null,
    tables: { tls: { columns, rows, total: rows.length, kept: rows.length, forgotten: 0 } },
  } as unknown as ReportData;
}

test('no address and no name of a capture is anywhere in its redacted report', () => {
  const anyIp = fc
    .oneof(
      v4,
      fc.ipV6().map((ip) => plainAddress(ip.toLowerCase())),
    )
    .filter((ip) => !isCommon(ip));
  fc.assert(
    fc.property(
      fc.uniqueArray(anyIp, { minLength: 1, maxLength: 12 }),
      fc.uniqueArray(hostName, { minLength: 1, maxLength: 6 }),
      (ips, names) => {
        const data = report(ips, names);
        const text = JSON.stringify(redacted(data)).toLowerCase();
        const words = new Set(text.match(/[0-9a-f:.]+/g) ?? []);
        for (const ip of ips) expect(words.has(ip), ip).toBe(false);
        for (const name of names) expect(text, name).not.toContain(name);
      },
    ),
    { numRuns: 60 },
  );
});

test('the same address is the same address everywhere', () => {
  const made = redactedBy(report(['192.0.2.77'], ['host.example.test']), key);
  const ip = made.tables.tls.rows[0][0] as string;
  expect(made.snapshot.talkers[0].ip).toBe(ip);
  expect(made.snapshot.alerts[0].filter).toBe(`ip.addr == ${ip}`);
  expect(Object.keys(made.snapshot.names)).toEqual([ip]);
  expect(made.tables.tls.rows[0][6]).toBe('tls');
  expect(JSON.parse(made.tables.tls.rows[0][4] as string).ip).toBe(ip);
});

test('what is left is found', () => {
  const data = report(['192.0.2.77'], ['host.example.test']);
  expect(secretsOf(data)).toContain('192.0.2.77');
  expect(left(data, data)).toBe('192.0.2.77');
  expect(left(data, redactedBy(data, randomBytes(32)))).toBeNull();
});
