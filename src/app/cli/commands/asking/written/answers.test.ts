// Proves how answers look: tables for people, and data that is exact and as its standards say.

import { describe, expect, it } from 'vitest';
import type { Result } from '../../../../../output/store/index.ts';
import { flows } from '../../../../../output/store/index.ts';
import { keptTables } from '../../../../pipeline/history/open-history.ts';
import { dataFormats } from './answer-data.ts';
import { answerTable, tellingColumns } from './answer-table.ts';

const style = { width: 200, colour: false, unicode: true };
const at = Date.parse('2026-11-21T09:00:00.123Z') * 1000;
const result: Result = {
  columns: [
    { name: 'end_ts', kind: 'time' },
    { name: 'src_ip', kind: 'address' },
    { name: 'dst_port', kind: 'u16' },
    { name: 'proto', kind: 'u8' },
    { name: 'host', kind: 'text' },
    { name: 'bytes_fwd', kind: 'u64' },
    { name: 'rtt_us', kind: 'u32' },
    { name: 'alerted', kind: 'flag' },
    { name: 'direction', kind: 'u8' },
    { name: 'names', kind: 'texts' },
    { name: 'flow_id', kind: 'u64' },
  ],
  rows: [
    [at + 456, '10.0.0.1', 443, 6, 'a,"b"\r\n\u001b[31m', 38_200_000, 640, true, 1, ['x', 'y'], 1_234_567],
    [at, '::1', 53, 17, '', '18446744073709551615', null, false, 3, [], 7],
  ],
  isCut: false,
  tookMs: 1,
};

describe('tables', () => {
  const [head, first, second] = answerTable(result, flows.columns, true, style).split('\n');

  it('say numbers with their units, and what is not known', () => {
    expect(head).toMatch(/end_ts\s+src_ip\s+dst_port\s+proto\s+host\s+bytes_fwd/);
    for (const word of ['TCP', '38.2 MB', '640 µs', 'yes', 'out', 'x, y', '443', '1234567'])
      expect(first).toContain(word);
    for (const word of ['UDP', '–', 'no', 'outside']) expect(second).toContain(word);
  });

  it('let nothing hostile through', () => {
    expect(first).not.toContain('\u001b');
    expect(first).toContain('\\x1b[31m');
  });

  it('leave numbers of other people as they are, and columns out that do not fit', () => {
    expect(answerTable(result, [], false, style)).toContain(' 38200000 ');
    const narrow = answerTable(result, [], true, { ...style, width: 60 }).split('\n');
    expect(Math.max(...narrow.map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(narrow[0]).toContain('end_ts');
  });

  it('have columns that say most', () => {
    for (const table of keptTables()) {
      const names = table.columns.map((column) => column.name);
      expect(tellingColumns(table).filter((name) => !names.includes(name))).toEqual([]);
    }
  });
});

describe('data', () => {
  const whole = (format: keyof typeof dataFormats): string => {
    const { head, rows, tail } = dataFormats[format];
    return head(result) + rows(result, true) + tail(false);
  };

  it('is CSV as RFC 4180 has it', () => {
    const text = whole('csv');
    expect(text.split('\r\n')[0]).toBe(
      'end_ts,src_ip,dst_port,proto,host,bytes_fwd,rtt_us,alerted,direction,names,flow_id',
    );
    expect(text).toContain(
      '2026-11-21T09:00:00.123456Z,10.0.0.1,443,6,"a,""b""\r\n\u001b[31m",38200000,640,true,1,"[""x"",""y""]",1234567\r\n',
    );
    expect(text).toContain(',18446744073709551615,,false,');
  });

  it('is JSON with exact numbers, whole and line by line', () => {
    expect(JSON.parse(whole('json'))).toHaveLength(2);
    expect(whole('json')).toContain('"bytes_fwd":18446744073709551615,"rtt_us":null');
    const [line] = whole('jsonl').split('\n');
    expect(JSON.parse(line)).toMatchObject({ end_ts: '2026-11-21T09:00:00.123456Z', names: ['x', 'y'], alerted: true });
    expect(JSON.parse(dataFormats.json.head(result) + dataFormats.json.tail(true))).toEqual([]);
  });
});
