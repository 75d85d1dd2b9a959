// Proves that a report is one file that opens by itself: in a real browser, without a network, with charts and alerts; that
// a redacted one has none of the capture's addresses and names; and that both tell the most without JavaScript.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, openBrowser, reasonToSkip, violations } from '../browser/stage.ts';
import { scratchFolder } from './scratch-folder.ts';
import { environment, main } from './started-program.ts';

const story = 'assets/story.pcapng';
const folder = scratchFolder('report');
const whole = `${folder}/report.html`;
const redacted = `${folder}/redacted.html`;

function run(...words: string[]): string {
  const done = spawnSync(process.execPath, [main, ...words], {
    encoding: 'utf8',
    env: environment,
    maxBuffer: 256 * 1024 * 1024,
  });
  if (done.status !== 0) throw new Error(`exit ${done.status}: ${done.stderr}`);
  return done.stdout;
}

/** What is the same in every network says nothing about this one. */
const isCommon = (ip: string): boolean => /^(0\.0\.0\.0|255\.255\.255\.255|22[4-9]\..*|ff0.*|::)$/i.test(ip);

interface Told {
  readonly addresses: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
}

/** Addresses of both layers and names, as the program itself tells them of the capture. */
function toldOf(lines: string): Told {
  const addresses = new Set<string>();
  const names = new Set<string>();
  const take = (value: unknown, key: string): void => {
    if (typeof value === 'object' && value !== null) {
      for (const [name, each] of Object.entries(value)) take(each, Array.isArray(value) ? key : name);
    } else if (typeof value !== 'string') return;
    else if (/^(src_ip|dest_ip)$/.test(key) && !isCommon(value)) addresses.add(value);
    else if (/mac$/.test(key) && value !== 'ff:ff:ff:ff:ff:ff') addresses.add(value);
    else if (/^(rrname|sni|hostname|user|username)$/.test(key) && value.length > 2) names.add(value);
  };
  for (const line of lines.trim().split('\n')) take(JSON.parse(line), '');
  return { addresses, names };
}

let told: Told;
beforeAll(() => {
  run('report', '-r', story, '-o', whole);
  run('report', '-r', story, '--redact', '-o', redacted);
  told = toldOf(run('-r', story, '--json', '--summary', 'none'));
}, 120_000);

describe('a report', () => {
  it('has what the capture has', () => {
    expect(told.addresses.size).toBeGreaterThan(20);
    expect(told.names.size).toBeGreaterThan(50);
    const page = readFileSync(whole, 'utf8');
    expect(page).toContain('192.168.1.20');
    expect(page).toContain('mirror.example.org');
  });

  it('that is redacted has none of its addresses and names', () => {
    const page = readFileSync(redacted, 'utf8');
    expect([...told.addresses].filter((address) => page.includes(address))).toEqual([]);
    expect([...told.names].filter((name) => page.includes(name))).toEqual([]);
  });
});

const reason = reasonToSkip();
if (reason !== null) console.warn(`skipped: ${reason}`);

describe.skipIf(reason !== null)('a report in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  }, 60_000);
  afterAll(() => browser?.close());

  async function opened(path: string, options: BrowserContextOptions): Promise<{ page: Page; faults: string[] }> {
    const context = await browser.newContext({ ...options, offline: true });
    const page = await context.newPage();
    const faults: string[] = [];
    const address = pathToFileURL(path).href;
    page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
    page.on('console', (line) => {
      if (line.type() === 'error' || line.type() === 'warning') faults.push(`console: ${line.text()}`);
    });
    page.on('request', (request) => {
      if (request.url() !== address && !/^(data|blob):/.test(request.url())) faults.push(`asked ${request.url()}`);
    });
    await page.goto(address);
    return { page, faults };
  }

  it.each([
    ['whole', whole, 'dark'],
    ['redacted', redacted, 'light'],
  ] as const)(
    '%s: charts are drawn, alerts are told, nothing is asked',
    async (_, path, colorScheme) => {
      const { page, faults } = await opened(path, { colorScheme, viewport: { width: 1200, height: 900 } });
      await eventually(
        async () => /146 ports/.test(await page.locator('#alerts').innerText()),
        'the port scan is told',
      );
      await eventually(async () => (await paintedCharts(page)) >= 4, 'charts are painted');
      expect(await violations(page)).toEqual([]);
      expect(faults).toEqual([]);
      await page.context().close();
    },
    60_000,
  );

  it.each([
    ['whole', whole],
    ['redacted', redacted],
  ])(
    '%s: without JavaScript the summary is readable',
    async (_, path) => {
      const { page, faults } = await opened(path, { javaScriptEnabled: false });
      const text = await page.getByRole('main').innerText();
      for (const words of [/story\.pcapng|redacted/, /[\d,]+ packets/, 'Port scan', 'Largest hosts', 'tls'])
        expect(text).toMatch(words);
      expect(await page.locator('table tr').count()).toBeGreaterThan(30);
      expect(faults).toEqual([]);
      await page.context().close();
    },
    60_000,
  );
});

/** How many canvases have something on them. */
function paintedCharts(page: Page): Promise<number> {
  return page.evaluate(`[...document.querySelectorAll('canvas')].filter((canvas) => {
    if (canvas.width === 0 || canvas.height === 0) return false;
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return data.some((value) => value > 0);
  }).length`);
}
