// Proves the screen in a real terminal (tmux): from the first question to the end, at three sizes, with and without
// colours, and that the terminal is given back as it was however the program ends.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from 'vitest';

const main = process.env.TAPLIGHT_MAIN ?? fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const story = fileURLToPath(new URL('../../assets/story.pcapng', import.meta.url));
const hasTmux = spawnSync('tmux', ['-V']).status === 0;
const folder = mkdtempSync(join(tmpdir(), 'taplight-screen-'));
let socket = '';
let shells = 0;
const taplight = `'${process.execPath}' '${main}'`;
const patienceMs = 12_000;

const tmux = (...words: string[]): string => execFileSync('tmux', ['-S', socket, ...words], { encoding: 'utf8' });
const stop = (): void => {
  if (socket !== '') spawnSync('tmux', ['-S', socket, 'kill-server']);
};

afterEach(stop);
afterAll(() => rmSync(folder, { recursive: true }));

/** Opens a shell of that size, with these variables. */
function openShell(columns: number, rows: number, variables: Readonly<Record<string, string>> = {}): void {
  // A server that has just ended may still be in the way.
  socket = join(folder, `tmux-${++shells}`);
  const given = { HOME: folder, LC_ALL: 'C.UTF-8', PS1: '$ ', ...variables };
  const words = Object.entries(given).map(([name, value]) => `${name}='${value}'`);
  const size = ['-x', String(columns), '-y', String(rows)];
  const shell = `env -u NO_COLOR -u FORCE_COLOR ${words.join(' ')} sh`;
  tmux('-f', '/dev/null', 'new-session', '-d', '-s', 't', '-c', folder, ...size, shell);
}

const type = (...keys: string[]): string => tmux('send-keys', '-t', 't', ...keys);
const shown = (...flags: string[]): string => tmux('capture-pane', '-p', '-t', 't', ...flags);
const state = (): string => tmux('display', '-p', '-t', 't', '#{alternate_on} #{cursor_flag}').trim();

/** Waits until the terminal shows it, and gives what it shows. */
async function seen(what: RegExp, ...flags: string[]): Promise<string> {
  const endMs = Date.now() + patienceMs;
  for (;;) {
    const text = shown(...flags);
    if (what.test(text)) return text;
    if (Date.now() > endMs) throw new Error(`${what} was not shown, but:\n${text}`);
    await sleep(50);
  }
}

/** Runs a line in the shell; `stty -a` is kept before and after it. */
function run(line: string): void {
  type('-l', `stty -a > before; ${line}; echo "code $?"; stty -a > after; echo "the end"`);
  type('Enter');
}

const withoutSize = (stty: string): string => stty.replace(/rows \d+; columns \d+;/, '');

async function expectRestored(): Promise<void> {
  await seen(/^the end/m);
  expect(state()).toBe('0 1');
  const [before, after] = ['before', 'after'].map((name) => withoutSize(readFileSync(join(folder, name), 'utf8')));
  expect(after).toBe(before);
}

/** The program that runs in the shell. */
function programPid(): number {
  const shell = tmux('display', '-p', '-t', 't', '#{pane_pid}').trim();
  const pid = Number(spawnSync('pgrep', ['-P', shell], { encoding: 'utf8' }).stdout);
  expect(pid).toBeGreaterThan(1);
  return pid;
}

const reading = `${taplight} -r '${story}'`;

describe.skipIf(!hasTmux || !existsSync(main))('the screen in a terminal', () => {
  it('leads from the question through filter and flow back to the shell, with the summary', async () => {
    openShell(120, 36);
    run(taplight);
    const asked = await seen(/Where to listen/);
    expect(asked).toMatch(/▌ \S+/);
    expect(state()).toBe('1 0');
    type('o');
    await seen(/Path: /);
    type('-l', story.slice(0, -4));
    type('Tab');
    await seen(/story\.pcapng█/);
    type('Enter');
    await seen(/story\.pcapng ○ ended/);
    type('2');
    const all = await seen(/▎Flows [\s\S]*1 of \d{3}/);
    expect(all).toMatch(/ {3}HTTP {3}/);
    type('/');
    type('-l', 'app == "ssh');
    await seen(/▲/);
    type('-l', '"');
    await seen(/Enter applies/);
    type('Enter');
    await seen(/filter app == "ssh"/);
    const some = await seen(/1 of \d\d?, 421 in all/);
    expect(some).not.toMatch(/ {3}HTTP {3}/);
    type('Enter');
    await seen(/What was said/);
    type('Escape');
    await seen(/1 of \d\d?, 421 in all/);
    type('Escape');
    await seen(/1 of \d{3}/);
    type('q');
    const summary = await seen(/code 0/, '-S', '-');
    expect(summary).toMatch(/Hosts at risk/);
    await expectRestored();
  });

  it.each(['SIGTERM', 'SIGHUP'] as const)('gives the terminal back on %s', async (signal) => {
    openShell(80, 24);
    run(reading);
    await seen(/ ○ /);
    process.kill(programPid(), signal);
    await seen(/code 0/);
    await expectRestored();
  });

  it('gives the terminal back when the program breaks, and says so in one line', async () => {
    const fault = 'process.on("SIGUSR2",()=>{throw(new(Error)("boom"))})';
    openShell(80, 24, { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(fault)}` });
    run(reading);
    await seen(/ ○ /);
    process.kill(programPid(), 'SIGUSR2');
    expect(await seen(/code 1/)).toMatch(/^taplight: internal error: boom/m);
    await expectRestored();
  });

  it('says nothing in colours with NO_COLOR, and only ASCII where there is no more', async () => {
    openShell(80, 24, { NO_COLOR: '1' });
    run(reading);
    await seen(/ ○ /);
    expect(shown('-e')).not.toMatch(/\x1b\[[0-9;]*[1-9][0-9;]*m/);
    type('q');
    await expectRestored();
    stop();
    openShell(80, 24, { LC_ALL: 'C', TERM: 'xterm' });
    run(reading);
    await seen(/2 Flows/);
    await seen(/loss 0/);
    expect(shown()).toMatch(/^[\x20-\x7e\n]*$/);
    type('q');
    await expectRestored();
  });

  it('fills the terminal at every size, follows it when it changes, and says when it is too small', async () => {
    openShell(80, 24);
    run(reading);
    await seen(/ ○ /);
    for (const [columns, rows] of [
      [120, 36],
      [200, 60],
      [80, 24],
    ]) {
      tmux('resize-window', '-t', 't', '-x', String(columns), '-y', String(rows));
      await seen(/q quit/);
      await sleep(400);
      const lines = shown().split('\n').slice(0, rows);
      expect(lines[rows - 1]).toMatch(/q quit$/);
      expect(lines[0]).toMatch(/1 Over/);
      expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(columns);
    }
    tmux('resize-window', '-t', 't', '-x', '70', '-y', '20');
    await seen(/The screen needs 80 and 24/);
    type('q');
    await expectRestored();
  });

  it('stops for Ctrl+Z, and comes back', async () => {
    openShell(80, 24);
    type('-l', `set -m; ${reading}`);
    type('Enter');
    await seen(/ ○ /);
    type('C-z');
    await seen(/Stopped/);
    expect(state()).toBe('0 1');
    type('-l', 'fg');
    type('Enter');
    await seen(/ ○ /);
    expect(state()).toBe('1 0');
    type('q');
    await seen(/Hosts at risk|Anomaly/);
    expect(state()).toBe('0 1');
  });

  it('prints lines with --no-tui, and insists with --tui only where there is a terminal', async () => {
    openShell(100, 30);
    run(`${reading} --no-tui`);
    await seen(/code 0/);
    await expectRestored();
    const refused = spawnSync(process.execPath, [main, '--tui', '-r', story], { encoding: 'utf8' });
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('--tui needs a terminal')]);
  });
});
