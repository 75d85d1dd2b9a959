// Proves the program at a real terminal (a pty made by script(1)): the question, the screen, and that the terminal is
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
  it('asks for an interface in lines with --no-tui, and where the terminal can do no more', async () => {
    for (const line of [`${taplight} --no-tui`, `TERM=dumb ${taplight}`]) {
      const { shown } = await atTerminal(`${line}; echo "code $?"; stty -a`, [
        [/name\): /, 'wlan99\r'],
        [/There is no interface/, 'q\r'],
      ]);
      expect(shown).toContain('Which interface?');
      expect(shown).toContain("There is no interface 'wlan99'");
      expect(shown).toContain('code 0');
      expect(shown).not.toContain('\x1b[?1049h');
    }
  });

  it('ends with 130 on Ctrl+C at the question', async () => {
    const { shown } = await atTerminal(`trap : INT; ${taplight} --no-tui; echo "code $?"; stty -a`, [
      [/name\): /, '\x03'],
    ]);
    expect(shown).toContain('code 130');
    expect(shown).toMatch(/[^-]icanon/);
  });

  it('shows the screen otherwise, and gives the terminal back', async () => {
    for (const [key, code] of [
      ['q', 0],
      ['\x03', 130],
    ] as const) {
      const { shown } = await atTerminal(`${taplight}; echo "code $?"; stty -a`, [[/Where to listen/, key]]);
      expect(shown).toContain(`code ${code}`);
      expect(shown.lastIndexOf('\x1b[?1049l')).toBeGreaterThan(shown.lastIndexOf('\x1b[?1049h'));
      expect(shown).toMatch(/[^-]icanon/);
      expect(shown).toMatch(/[^-]echo\b/);
    }
  });
});
