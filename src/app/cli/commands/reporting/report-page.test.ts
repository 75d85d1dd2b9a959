// Proves that a report's page is one whole: nothing in its data can end an element, its script is the one its policy
// allows, and it says the most without any script.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ReportData } from '../../../../screens/api/index.ts';
import { escaped, inlineJson, reportPage } from './report-page.ts';

const data = {
  title: '</title><script>alert(1)</script>',
  madeUs: 1.7e15,
  program: '1.0',
  isRedacted: false,
  snapshot: {
    packets: 5,
    received: 5,
    bytes: 500,
    firstUs: 1.7e15,
    lastUs: 1.7e15 + 2e6,
    flows: { total: 1, evicted: 0 },
    apps: { tls: { flows: 1, packets: 5, bytes: 500 } },
    dropped: { kernel: 0, interface: 0, queue: 0 },
    problems: {},
    stages: [],
    tcp: { lostSegments: 0 },
    detection: null,
    findings: [],
  },
  tables: {
    alerts: {
      columns: ['severity', 'title', 'explain', 'last_ts', 'filter'].map((name) => ({ name, kind: 'text' })),
      rows: [['high', '<b>x</b>', '</script><img src=x onerror=alert(1)>', 1.7e15, 'ip.addr == "1"']],
    },
  },
} as unknown as ReportData;
const page = reportPage(data, { script: 'const a = "</script>";', style: 'b{}' });

test('JSON survives, and never ends its element', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = inlineJson(value);
      expect(text).not.toMatch(/[<\u2028\u2029]/);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('text is text', () => {
  expect(escaped('<a b="c">&')).toBe('&lt;a b=&quot;c&quot;&gt;&amp;');
  expect(page).not.toContain('<img');
  expect(page.match(/<\/script>/g)).toHaveLength(2);
});

test('the policy allows this script and this style, and nothing else', () => {
  const code = /<script>([\s\S]*?)<\/script>\n<\/body>/.exec(page)?.[1] ?? '';
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '';
  expect(policy).toContain(`script-src ${hash(code)};`);
  expect(policy).toContain(`style-src ${hash('b{}')};`);
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|http|\*/);
});

test('without a script it tells the most', () => {
  const plain = page.slice(0, page.indexOf('<script type'));
  for (const words of ['5 packets', 'Complete: all of 5 packets', 'tls', '&lt;b&gt;x&lt;/b&gt;'])
    expect(plain).toContain(words);
});
