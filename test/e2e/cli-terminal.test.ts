// Proves the program at a real terminal (a pty made by script(1)): the question, its keys, and that the terminal is
// given back as it was.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const main = process.env.TAPLIGHT_MAIN ?? fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const hasScript = spawnSync('script', ['--version']).stdout?.includes('util-linux') === true;

/** Runs a shell line at a terminal, types each answer once its prompt was seen, and gives all that was shown. */
function atTerminal(line: string, answers: [RegExp, string][]): Promise<{ shown: string; code: number | null }> {
  return new Promise((resolve) => {
    const child = spawn('script', ['-qec', line, '/dev/null'], {
      env: { PATH: process.env.PATH, HOME: '/nonexistent', TERM: 'xterm', LANG: 'C.UTF-8' },
    });
    let shown = '';
    const rest = [...answers];
    child.stdout.on('data', (data) => {
      shown += data;
      while (rest.length > 0 && rest[0][0].test(shown)) child.stdin.write(rest.shift()?.[1] ?? '');
    });
    const guard = setTimeout(() => child.kill('SIGKILL'), 12_000);
    child.on('close', (code) => {
      clearTimeout(guard);
      resolve({ shown, code });
    });
  });
}

const taplight = `"${process.execPath}" "${main}"`;

describe.skipIf(!hasScript || !existsSync(main))('at a terminal', () => {
  it('asks for an interface and gives the terminal back on q', async () => {
    const { shown } = await atTerminal(`${taplight}; echo "code $?"; stty -a`, [[/Interface: /, 'q']]);
    expect(shown).toContain('Which interface?');
    expect(shown).toContain('code 0');
    expect(shown).toMatch(/[^-]icanon/);
    expect(shown).toMatch(/[^-]echo\b/);
  });

  it('ends with 130 on Ctrl+C at the question', async () => {
    const { shown } = await atTerminal(`${taplight}; echo "code $?"; stty -a`, [[/Interface: /, '\x03']]);
    expect(shown).toContain('code 130');
    expect(shown).toMatch(/[^-]icanon/);
  });

  it('refuses an unknown name and goes on asking', async () => {
    const { shown } = await atTerminal(`${taplight}; echo "code $?"`, [
      [/Interface: /, 'wlan99\r'],
      [/there is no interface/, '\x1bq'],
    ]);
    expect(shown).toContain("there is no interface 'wlan99'");
    expect(shown).toContain('code 0');
  });
});
