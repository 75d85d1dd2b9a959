// Proves that values of columns look as people read them, and that nothing from the network gets through as it came.
import { describe, expect, it } from 'vitest';
import { families } from '../../core/index.ts';
import {
  cellText,
  clockTime,
  dayTime,
  endpointText,
  isNumeric,
  isoTime,
  largestFamilies,
  protocolText,
} from './cells.ts';

const column = (name: string, kind: string, unit?: string) => ({ name, kind, unit: unit ?? null });
const noon = new Date(2026, 10, 22, 12, 5, 9).getTime() * 1000;

describe('cellText', () => {
  it.each([
    [column('rtt_us', 'u32', 'us'), 23_000, '23 ms'],
    [column('duration_us', 'u64', 'us'), 761_000_000, '00:12:41'],
    [column('bytes_fwd', 'u64'), 1_234_567, '1.23 MB'],
    [column('repeated_rev', 'u64', 'bytes'), 1460, '1.46 kB'],
    [column('rate_fwd', 'real'), 4_775_000, '38.2 Mb/s'],
    [column('pkts_fwd', 'u64'), 12_480, '12,480'],
    [column('src_port', 'u16'), 51_234, '51234'],
    [column('score', 'real'), 0.123456, '0.123'],
    [column('score', 'real'), 50, '50'],
    [column('start_ts', 'time'), noon, '12:05:09'],
    [column('alerted', 'flag'), true, 'yes'],
    [column('apps', 'texts'), ['tls', 'dns'], 'tls, dns'],
    [column('apps', 'texts'), [], '–'],
    [column('rtt_us', 'u32', 'us'), null, '–'],
    [column('host', 'text'), '', '–'],
    [column('pkts_fwd', 'u64'), 0, '0'],
  ] as const)('%j of %j', (given, value, text) => {
    expect(cellText(given, value)).toBe(text);
  });

  it('shows what could steer a terminal or turn text around', () => {
    const hostile = '\u001b[2Jevil\u202etxt';
    for (const value of [hostile, [hostile]]) {
      expect(cellText(column('host', 'text'), value)).not.toMatch(/[\u001b\u202e]/);
    }
    expect(endpointText('10.0.0.1', 80, hostile)).not.toContain('\u001b');
    expect(protocolText(hostile, new Map())).not.toContain('\u001b');
  });
});

describe('times', () => {
  it('are local on screens and UTC in exports', () => {
    expect(clockTime(noon)).toBe('12:05:09');
    expect(dayTime(noon)).toBe('2026-11-22 12:05:09');
    expect(isoTime(1_695_017_601_216_460)).toBe('2023-09-18T06:13:21.216460Z');
    expect(isoTime(0)).toBe('1970-01-01T00:00:00.000000Z');
  });
});

describe('names', () => {
  it('of ends put IPv6 into brackets before a port', () => {
    expect(endpointText('10.0.0.1', 443, null)).toBe('10.0.0.1:443');
    expect(endpointText('::1', 443, '')).toBe('[::1]:443');
    expect(endpointText('::1', null, null)).toBe('::1');
    expect(endpointText('::1', 443, 'api.example.net')).toBe('api.example.net:443');
    expect(endpointText('10.0.0.1', 0, null)).toBe('10.0.0.1');
  });

  it('of protocols are their titles', () => {
    const titles = new Map([['http3', 'HTTP/3']]);
    expect(['http3', 'tls', 'icmpv6', '', 'unknown'].map((app) => protocolText(app, titles))).toEqual([
      'HTTP/3',
      'TLS',
      'ICMPv6',
      'unknown',
      'unknown',
    ]);
  });
});

describe('columns and families', () => {
  it('puts numbers and times on the right', () => {
    expect(['u16', 'u64', 'real', 'time', 'text', 'address', 'texts'].filter((kind) => isNumeric({ kind }))).toEqual([
      'u16',
      'u64',
      'real',
      'time',
    ]);
  });

  it('orders families by bytes and leaves silent ones out', () => {
    const bytes = families.map((family) => ({ quic: 5, names: 9 })[family as string] ?? 0);
    expect(largestFamilies(families, bytes)).toEqual([
      { family: 'names', bytes: 9 },
      { family: 'quic', bytes: 5 },
    ]);
  });
});
