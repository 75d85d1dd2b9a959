// Proves that a folder of Zeek logs is made: a file per log with its first line, headers, closing lines, JSON; and that what
// cannot be written fails in words.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { type AnyEvent, EventFact, type FactKind, Flow, flag, text, texts } from '../../../core/index.ts';
import { SeenToday } from './seen-today.ts';
import { openZeek } from './zeek.ts';
import { zeekColumns, zeekLogNames } from './zeek-logs.ts';

const scratch = mkdtempSync(join(tmpdir(), 'taplight-zeek-'));
afterAll(() => rmSync(scratch, { recursive: true }));
const folder = join(scratch, 'made', 'here');
beforeEach(() => rmSync(folder, { recursive: true, force: true }));

const nowMs = () => Date.UTC(2026, 10, 22, 12, 30, 5);
const kindOf = (zeekLog: string | undefined, fields: FactKind['fields']): FactKind => {
  return { name: 'kind', title: 'Kind', fields, ...(zeekLog === undefined ? {} : { zeekLog }) };
};
const redis = kindOf('redis', {
  name: text('Command', { zeek: 'cmd.name' }),
  isGood: flag('Success', { zeek: 'success' }),
});
const x509 = kindOf('x509', {
  fingerprint: text('Digest', { zeek: 'fingerprint' }),
  isHost: flag('Host', { zeek: 'host_cert' }),
  dnsNames: texts('Names', { zeek: 'san.dns' }),
});
const weird = kindOf('weird', { name: text('Name', { zeek: 'name' }), protocol: text('Who', { zeek: 'source' }) });

function fact(kind: FactKind, values: AnyEvent | null, timeUs = 2_500_000): EventFact {
  const made = Object.assign(new EventFact(), { kind, timeUs, flowId: 5, proto: 17, oPort: 1234, rPort: 53 });
  made.words.set([0x7f000001, 0, 0, 0, 0x7f000002, 0, 0, 0]);
  made.valuesJson = values === null ? '' : JSON.stringify(values);
  return made;
}
const lines = (log: string) => readFileSync(join(folder, `${log}.log`), 'utf8').split('\n');

it('makes the folder, and a file with the first line of a log', () => {
  const sink = openZeek({ path: folder }, nowMs);
  expect(readdirSync(folder)).toEqual([]);
  sink.event?.(fact(redis, { name: 'GET\tx', isGood: true }));
  sink.event?.(fact(redis, null));
  sink.event?.(fact(kindOf(undefined, {}), { any: 1 }));
  sink.event?.(fact(kindOf('no_such_log', {}), { any: 1 }));
  sink.close();
  expect(readdirSync(folder)).toEqual(['redis.log']);
  expect(lines('redis')).toEqual([
    '#separator \\x09',
    '#set_separator\t,',
    '#empty_field\t(empty)',
    '#unset_field\t-',
    '#path\tredis',
    '#open\t2026-11-22-12-30-05',
    '#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tcmd.name\tcmd.key\tcmd.value\tsuccess\treply.value',
    '#types\ttime\tstring\taddr\tport\taddr\tport\tstring\tstring\tstring\tbool\tstring',
    '2.500000\tC000000005\t127.0.0.1\t1234\t127.0.0.2\t53\tGET\\x09x\t-\t-\tT\t-',
    '#close\t2026-11-22-12-30-05',
    '',
  ]);
});

it('writes JSON lines without what is not known, and no header', () => {
  const sink = openZeek({ path: folder, json: true }, nowMs);
  sink.event?.(fact(redis, { name: 'a "b"' }));
  sink.write(Object.assign(new Flow(), { id: 1, proto: 17, firstUs: 1_500_000, lastUs: 1_500_000 }));
  sink.flush();
  expect(JSON.parse(lines('redis')[0])).toEqual({
    ts: 2.5,
    uid: 'C000000005',
    'id.orig_h': '127.0.0.1',
    'id.orig_p': 1234,
    'id.resp_h': '127.0.0.2',
    'id.resp_p': 53,
    'cmd.name': 'a "b"',
  });
  expect(JSON.parse(lines('conn')[0])).toMatchObject({ ts: 1.5, uid: 'C000000001', proto: 'udp', conn_state: 'OTH' });
  sink.close();
  expect(lines('conn')).toHaveLength(2);
});

it('tells a certificate once a day for what it is shown for', () => {
  const sink = openZeek({ path: folder, json: true }, nowMs);
  const day = 86_400e6;
  for (const [fingerprint, isHost, timeUs] of [
    ['aa', true, 0],
    ['aa', true, day - 1],
    ['aa', false, 1],
    ['bb', true, 2],
    ['aa', true, day],
  ] as const)
    sink.event?.(fact(x509, { fingerprint, isHost, dnsNames: [] }, timeUs));
  sink.close();
  const told = lines('x509')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
  expect(told.map((row) => [row.fingerprint, row.host_cert, row.ts])).toEqual([
    ['aa', true, 0],
    ['aa', false, 0.000001],
    ['bb', true, 0.000002],
    ['aa', true, 86_400],
  ]);
  expect(told[0]['san.dns']).toEqual([]);
});

it('forgets the oldest certificates before they become too many', () => {
  const seen = new SeenToday();
  const news = Array.from({ length: 60_000 }, (_, i) => seen.isNew(String(i), i));
  expect(news.every(Boolean)).toBe(true);
  expect([seen.isNew('59999', 60_000), seen.isNew('0', 60_000)]).toEqual([false, true]);
});

it('names what spoke as Zeek names its analyzers', () => {
  const sink = openZeek({ path: folder, json: true }, nowMs);
  sink.event?.(fact(weird, { name: 'odd', protocol: 'dns-sd' }));
  sink.close();
  expect(JSON.parse(lines('weird')[0])).toMatchObject({
    name: 'odd',
    source: 'DNS_SD',
    notice: false,
    peer: 'taplight',
  });
});

it('fails in words when the folder or a file cannot be made', () => {
  const file = join(scratch, 'file');
  writeFileSync(file, '');
  expect(() => openZeek({ path: join(file, 'below') })).toThrow(
    expect.objectContaining({
      code: 'WRITE_FAILED',
      message: `cannot make the folder ${join(file, 'below')}: ENOTDIR`,
    }),
  );
  const refused = () => {
    throw Object.assign(new Error('no'), { code: 'EACCES' });
  };
  const calls = { open: refused, write: refused, close: () => {}, pause: () => {} };
  const sink = openZeek({ path: folder }, nowMs, calls);
  expect(() => sink.write(new Flow())).toThrow(expect.objectContaining({ code: 'WRITE_FAILED' }));
});

it('gives up a log whose disk is full, and closes without a second complaint', () => {
  const full = () => {
    throw Object.assign(new Error('full'), { code: 'ENOSPC' });
  };
  const sink = openZeek({ path: folder }, nowMs, { open: () => 99, write: full, close: () => {}, pause: () => {} });
  sink.write(new Flow());
  expect(() => sink.flush()).toThrow(expect.objectContaining({ message: expect.stringContaining('disk is full') }));
  sink.write(new Flow());
  sink.close();
});

it('knows columns with types of Zeek for every log', () => {
  for (const log of zeekLogNames)
    for (const { name, type } of zeekColumns(log) ?? []) {
      expect(name).toMatch(/^[a-zA-Z_.]+$/);
      expect(type).toMatch(/^(?:(?:set|vector)\[)?(?:time|string|addr|port|enum|interval|count|int|bool|double)\]?$/);
    }
});
