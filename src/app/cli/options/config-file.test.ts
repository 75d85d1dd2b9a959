// Proves that the configuration is read from its owner's place only, and refused when a stranger could have written it.

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ConfigOwner, configPath, readConfigFile } from './config-file.ts';

let home = '';
let owner: ConfigOwner;
let path = '';

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'taplight-config-'));
  owner = { uid: process.getuid?.() ?? null, home, configHome: undefined };
  path = configPath(owner);
  mkdirSync(join(home, '.config', 'taplight'), { recursive: true });
});
afterEach(() => rmSync(home, { recursive: true }));

it('finds the file by the XDG rules', () => {
  expect(configPath({ ...owner, configHome: '/etc/xdg' })).toBe('/etc/xdg/taplight/config.toml');
  expect(configPath({ ...owner, configHome: 'relative' })).toBe(join(home, '.config/taplight/config.toml'));
});

it('reads TOML, and nothing when there is no file', async () => {
  expect(await readConfigFile(undefined, owner)).toBeNull();
  writeFileSync(path, 'threshold = 7\nread = ["a"]\n', { mode: 0o644 });
  expect(await readConfigFile(undefined, owner)).toEqual({ path, values: { threshold: 7, read: ['a'] } });
});

it('refuses a file that was asked for and is missing or is no TOML', async () => {
  await expect(readConfigFile(join(home, 'other.toml'), owner)).rejects.toThrow(/cannot be read \(ENOENT\)/);
  await expect(readConfigFile(home, owner)).rejects.toThrow(/cannot be read/);
  writeFileSync(path, 'a = 1\nb = \n', { mode: 0o644 });
  await expect(readConfigFile(undefined, owner)).rejects.toThrow(/line 2: [^\n]+$/);
});

it('refuses a file of another user or writable by all', async () => {
  writeFileSync(path, 'threshold = 7\n');
  chmodSync(path, 0o666);
  await expect(readConfigFile(undefined, owner)).rejects.toThrow(/written by everyone/);
  chmodSync(path, 0o644);
  if (process.getuid?.() !== 0) return;
  // Root's own file is trusted by everyone; a file of somebody else is not.
  expect(await readConfigFile(undefined, { ...owner, uid: 12345 })).not.toBeNull();
});
