// The dashboard as a person has it: the built program serving, a real Chromium looking at it, and what went wrong on the
// page collected for the test to refuse.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { makeScratch } from '../e2e/scratch-folder.ts';
import { main, type Started, start, until } from '../e2e/started-program.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Path of the system's browser; null when there is none. */
function findBrowser(): string | null {
  if (process.env.TAPLIGHT_CHROMIUM !== undefined) return process.env.TAPLIGHT_CHROMIUM;
  for (const name of names) {
    const found = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' });
    if (found.status === 0) return found.stdout.trim();
  }
  return null;
}

/** Why browser tests cannot run here; null when they can. In CI they must. */
export function reasonToSkip(): string | null {
  if (process.env.CI === 'true' || findBrowser() !== null) return null;
  return `browser tests need Chromium (${names.join(', ')}, or its path in TAPLIGHT_CHROMIUM)`;
}

/** @param namespace where it runs: what listens on loopback there is reached from nowhere else */
export function openBrowser(namespace: string | null = null): Promise<Browser> {
  const found = findBrowser();
  if (found === null) throw new Error(`no Chromium: looked for ${names.join(', ')}`);
  const executablePath = namespace === null ? found : wrapped(found, namespace);
  // Without these flags the browser looks for its maker's hosts, which are none of a test's business.
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  return chromium.launch({ executablePath, args, headless: true });
}

/** A program that starts the browser inside a network namespace; it is spoken to through a pipe, which knows no network. */
function wrapped(browser: string, namespace: string): string {
  const path = join(makeScratch('browser-namespace'), 'browser.sh');
  writeFileSync(path, `#!/bin/sh\nexec ip netns exec ${namespace} ${browser} "$@"\n`, { mode: 0o755 });
  return path;
}

export interface Served extends Started {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** The newest one-time link. */
  link(): string;
  /** Ends the program and waits for it. */
  stop(): Promise<void>;
}

/** Starts `taplight serve` on a free port and waits until it answers. */
export function serve(words: readonly string[]): Promise<Served> {
  return served(start([process.execPath, main, 'serve', '--port', '0', ...words]));
}

/** The same of a program that was started elsewhere. */
export async function served(program: Started): Promise<Served> {
  const links = (): string[] => program.err.match(/http:\/\/\S+\?token=\S+/g) ?? [];
  await until(() => links().length > 0 || program.child.exitCode !== null);
  if (links().length === 0) throw new Error(`serve did not answer: ${program.err}`);
  return Object.assign(program, {
    origin: new URL(links()[0]).origin,
    link: () => links().at(-1) ?? '',
    stop: async () => {
      program.child.kill('SIGTERM');
      await program.code;
    },
  });
}

export interface Look {
  readonly theme?: 'dark' | 'light';
  readonly width?: number;
  readonly height?: number;
}

export interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of scripts, lines on the console, requests that failed or went anywhere else; expected to be none. */
  readonly faults: string[];
}

/** A browser of its own (no cookies yet) at the one-time link. */
export async function openDashboard(browser: Browser, served: Served, look: Look = {}): Promise<Opened> {
  const { theme = 'dark', width = 1440, height = 900 } = look;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    acceptDownloads: true,
    baseURL: served.origin,
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (line) => {
    if (line.type() === 'error' || line.type() === 'warning') faults.push(`console: ${line.text()}`);
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(served.origin) && !/^(data|blob|about):/.test(url)) faults.push(`asked ${url}`);
  });
  await page.goto(served.link());
  return { page, context, faults };
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds against WCAG 2.2 AA on the page as it is, in one line each. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const found = await page.evaluate(async () => {
    const axe = (globalThis as unknown as { axe: { run(options: object): Promise<AxeResult> } }).axe;
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    return axe.run({ runOnly: tags });
  });
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary.replaceAll('\n', ' ').slice(0, 240)}`),
  );
}

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
  }[];
}

/** Waits for something on the page or elsewhere to hold. */
export async function eventually(isSo: () => Promise<boolean>, what: string, forMs = 10_000): Promise<void> {
  const untilMs = performance.now() + forMs;
  while (performance.now() < untilMs) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect.fail(`never: ${what}`);
}
