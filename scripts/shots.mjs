// Pictures of every view for README and docs, from the bundled story: `node scripts/shots.mjs [folder]` after a build.
// The browser's are screenshots; the terminal's are what tmux shows, drawn by the same browser.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { ansiPage } from './shots/ansi-page.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = process.argv[2] ?? join(root, 'docs', 'screens');
const main = join(root, 'dist', 'main.js');
const story = join(root, 'assets', 'story.pcapng');

/** Views of the dashboard: file, address below its origin, and what has to be there before the picture is taken. */
const pages = [
  { file: 'overview', path: '/#/overview', width: 1440, height: 900 },
  { file: 'flows', path: '/#/flows', width: 1440, height: 900 },
  { file: 'flow', path: '/#/flows?filter=app+%3D%3D+http', width: 1440, height: 900, open: true },
  { file: 'hosts', path: '/#/hosts', width: 1440, height: 900 },
  { file: 'protocols', path: '/#/protocols', width: 1440, height: 900 },
  { file: 'alerts', path: '/#/alerts', width: 1440, height: 900 },
  { file: 'performance', path: '/#/performance', width: 1440, height: 900 },
  { file: 'map', path: '/#/map', width: 1440, height: 900 },
  { file: 'health', path: '/#/health', width: 1440, height: 900 },
  { file: 'history', path: '/#/history', width: 1440, height: 900 },
  { file: 'overview-light', path: '/#/overview', width: 1440, height: 900, theme: 'light' },
  { file: 'overview-phone', path: '/#/overview', width: 390, height: 844 },
];

/** Views of the terminal: file and the keys that lead there. */
const screens = [
  { file: 'terminal-overview', keys: [] },
  { file: 'terminal-flows', keys: ['2'] },
  { file: 'terminal-hosts', keys: ['3'] },
  { file: 'terminal-protocols', keys: ['4'] },
  { file: 'terminal-alerts', keys: ['5'] },
  { file: 'terminal-performance', keys: ['6'] },
  { file: 'terminal-health', keys: ['8'] },
];

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function startServe(store) {
  const child = spawn(process.execPath, [main, 'serve', '--port', '0', '-r', story, '--store', store], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  const link = await new Promise((resolve, reject) => {
    child.stderr.on('data', (data) => {
      said += data;
      const found = /http:\/\/\S+\?token=\S+/.exec(said);
      if (found !== null) resolve(found[0]);
    });
    child.once('exit', () => reject(new Error(`serve ended: ${said}`)));
  });
  return { link, child };
}

async function takePages(browser) {
  const store = mkdtempSync(join(tmpdir(), 'taplight-shots-'));
  const { link, child } = await startServe(store);
  try {
    const { origin } = new URL(link);
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'dark' });
    const page = await context.newPage();
    await page.goto(link);
    await pause(4000);
    for (const { file, path, width, height, theme = 'dark', open = false } of pages) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height });
      // Only what is behind the hash changes: a new page each time, as a visitor has it.
      await page.goto('about:blank');
      await page.goto(origin + path);
      await pause(2500);
      if (open) {
        await page.getByRole('grid').focus();
        await page.keyboard.press('Enter');
        await pause(1500);
      }
      await page.screenshot({ path: join(folder, `${file}.png`) });
      console.log(file);
    }
    await context.close();
  } finally {
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
    rmSync(store, { recursive: true, force: true });
  }
}

async function takeScreens(browser) {
  const socket = `taplight-shots-${process.pid}`;
  const tmux = (...words) => execFileSync('tmux', ['-L', socket, ...words], { encoding: 'utf8' });
  const command = `COLORTERM= exec ${process.execPath} ${main} --tui -r ${story}`;
  tmux('-f', '/dev/null', 'new-session', '-d', '-x', '120', '-y', '36', `sh -c '${command}'`);
  tmux('set', '-g', 'default-terminal', 'tmux-256color');
  const context = await browser.newContext({ deviceScaleFactor: 1 });
  const page = await context.newPage();
  try {
    await pause(4000);
    for (const { file, keys } of screens) {
      for (const key of keys) tmux('send-keys', key);
      await pause(1500);
      await page.setContent(ansiPage(tmux('capture-pane', '-e', '-p')));
      await page.locator('pre').screenshot({ path: join(folder, `${file}.png`) });
      console.log(file);
    }
  } finally {
    tmux('kill-server');
    await context.close();
  }
}

mkdirSync(folder, { recursive: true });
const executablePath = process.env.TAPLIGHT_CHROMIUM ?? '/usr/bin/chromium';
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const browser = await chromium.launch({ executablePath, args: quiet });
try {
  await takePages(browser);
  await takeScreens(browser);
} finally {
  await browser.close();
}
