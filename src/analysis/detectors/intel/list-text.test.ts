// Proves that plain lists, hosts files, CSV, datasets and Zeek's files are read, and what names nothing is counted.

import { describe, expect, it } from 'vitest';
import { ListText } from './list-text.ts';

const read = (...lines: string[]): string[] => {
  const text = new ListText();
  return lines.map((line) => {
    const found = text.read(line);
    return found === null ? '-' : `${found.kind} ${found.text}${found.source === '' ? '' : ` (${found.source})`}`;
  });
};

describe('text of lists', () => {
  it('plain, with remarks', () => {
    expect(
      read(
        '# list',
        '192.0.2.7',
        '10.0.0.0/8 ; SBL1',
        'evil.example # why',
        '',
        '! adblock',
        '||bad.example^',
        'hello',
      ),
    ).toEqual([
      '-',
      'address 192.0.2.7',
      'network 10.0.0.0/8',
      'domain evil.example',
      '-',
      '-',
      'domain bad.example',
      '-',
    ]);
  });

  it('hosts files, CSV, URLs with commas', () => {
    expect(
      read(
        '0.0.0.0 evil.example',
        '127.0.0.1\tbad.example # x',
        '"2024-01-01 00:00:00","7","192.0.2.7:443","x"',
        '2024-01-01,d41d8cd98f00b204e9800998ecf8427e,Name',
        'http://evil.example/a,b;c',
      ),
    ).toEqual([
      'domain evil.example',
      'domain bad.example',
      'address 192.0.2.7',
      'hash d41d8cd98f00b204e9800998ecf8427e',
      'url evil.example/a,b;c',
    ]);
  });

  it('datasets of Suricata', () => {
    expect(read(`${btoa('evil.example')},5`, `${'ab'.repeat(32)},10`, 'ZZZZZZZZ')).toEqual([
      'domain evil.example',
      `hash ${'ab'.repeat(32)}`,
      '-',
    ]);
  });

  it('intelligence files of Zeek', () => {
    expect(
      read(
        '#fields\tindicator\tindicator_type\tmeta.source\tmeta.desc',
        '192.0.2.7\tIntel::ADDR\tabuse\twhy',
        'Evil.example\tIntel::DOMAIN\t-\t-',
        'evil.example/x\tIntel::URL\tabuse\t-',
        'me@evil.example\tIntel::EMAIL\tabuse\t-',
        'd41d8cd98f00b204e9800998ecf8427e\tIntel::FILE_HASH\tabuse\t-',
        'evil.example\tIntel::ADDR\tabuse\t-',
        'broken',
      ),
    ).toEqual([
      '-',
      'address 192.0.2.7 (abuse)',
      'domain evil.example',
      'url evil.example/x (abuse)',
      '-',
      'hash d41d8cd98f00b204e9800998ecf8427e (abuse)',
      '-',
      '-',
    ]);
  });

  it('says how far it is to be trusted, and how many lines are of no use', () => {
    const text = new ListText();
    for (const line of ['# confidence: 60', 'hello', 'x'.repeat(9000)]) text.read(line);
    expect([text.confidence, text.ignored]).toEqual([0.6, 2]);
    text.read('# Confidence = 0.35');
    expect(text.confidence).toBe(0.35);
  });
});
